package io.vertask.app.run;

import java.util.List;

/**
 * The rows of one page of an item that goes on. They are printed before the item has ended.
 *
 * @param n the item's place in the input
 * @param rows one for each output record
 * @param written called from any thread when the rows are written; the item fetches its next page after that
 */
public record PageRows(long n, List<Result> rows, Runnable written) {}
