package io.vertask.app.workload;

import io.vertask.app.job.Item;

/**
 * A call that the event loop itself makes, and which therefore holds up all others while it does.
 *
 * @param others how many calls were in flight besides
 */
public record LoopCall(Item item, int others) {}
