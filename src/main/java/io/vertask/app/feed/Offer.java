package io.vertask.app.feed;

import io.vertask.app.job.Item;
import java.util.Optional;

/**
 * An item that a run may begin.
 *
 * @param flaw why nothing can be made of it but a failure; empty: it is all right
 */
public record Offer(Item item, Optional<String> flaw) {}
