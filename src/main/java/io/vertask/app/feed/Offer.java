package io.vertask.app.feed;

import io.vertask.app.job.Item;
import java.util.Optional;

/**
 * An item that the feed gives to a run.
 *
 * @param flaw the reason for which the item fails without a call; empty: it can be run
 */
public record Offer(Item item, Optional<String> flaw) {}
