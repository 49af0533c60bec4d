/**
 * The output of a run: results on stdout or in a file, and messages, the moving bar and the summary on stderr.
 *
 * <p>Enter at {@link io.vertask.app.output.ResultSink}, which writes results and the ledger, at
 * {@link io.vertask.app.output.Console}, and at {@link io.vertask.app.output.Summary}. The form of the results never
 * depends on the terminal; colour and the bar do.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>{@code --out FILE} is written while the run goes on, as with {@code > FILE}, so a kill leaves the results so
 *       far. A resumed run cuts off a torn last line and appends.
 *   <li>{@code lines} shows failures among the results, as the asyncio page does; {@code table} and {@code jsonl} have
 *       a row for each failure; {@code csv} has results only, and failures go to stderr.
 *   <li>{@code table} takes its column widths from the first hundred rows, so its memory is bounded.
 *   <li>Everything on stderr passes through {@link io.vertask.app.job.Mask}; results do so with its milder rules.
 * </ul>
 */
@NullMarked
package io.vertask.app.output;

import org.jspecify.annotations.NullMarked;
