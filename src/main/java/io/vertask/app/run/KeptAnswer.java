package io.vertask.app.run;

import io.vertask.app.workload.Answer;
import io.vertx.core.Future;

/** The answer that an earlier process has kept of an item whose work failed only after its call. */
@FunctionalInterface
public interface KeptAnswer {
    /** The part after the call that records the answer. */
    String INTO = "into";

    /** The part after the call that makes the line of {@code print}. */
    String PRINT = "print";

    /** The part after the call that writes the result. */
    String OUTPUT = "output";

    /**
     * The rest of an item's work.
     *
     * @param part the part that failed and has to be done again
     */
    record Rest(String part, Answer answer) {}

    /** Reads it; fails when that is not possible. */
    Future<Rest> read();
}
