package io.vertask.app.run;

import io.vertask.app.journal.ItemFailure;
import io.vertask.app.workload.Answer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The rows of one page of an item that goes on. They are printed before the item has ended.
 *
 * @param n the item's place in the input
 * @param rows one for each output record
 * @param page the page, when it will not be fetched again because its rows are recorded; empty otherwise
 * @param written called from any thread when the rows are written; the item fetches its next page after that
 * @param refused called from any thread in its place when the output can't take the rows; the item has failed
 */
public record PageRows(
        long n, List<Result> rows, Optional<Answer> page, Runnable written, Consumer<ItemFailure> refused) {}
