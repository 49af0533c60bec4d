package io.vertask.app.workload;

import io.vertask.app.job.Item;

/**
 * A call that runs on the event loop itself and therefore holds up all other calls.
 *
 * @param others the number of other calls in flight
 */
public record LoopCall(Item item, int others) {}
