/**
 * The output of a run for people and files: results on stdout or in a file, lines and the moving bar on stderr, the
 * summary.
 *
 * <p>Enter at {@link io.vertask.app.output.ResultSink}, which writes results and the ledger, at
 * {@link io.vertask.app.output.Console}, and at {@link io.vertask.app.output.Summary}. The form of the results never
 * depends on a terminal; colour and the bar do.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>{@code --out FILE} grows while the run goes on, as {@code > FILE} would: what is there after a kill is there. A
 *       run that goes on appends to it, after cutting off a torn last line.
 *   <li>{@code lines} has failures among the results, as the page has; {@code table} and {@code jsonl} have a row for
 *       each; {@code csv} has results only, and its failures go to stderr.
 *   <li>{@code table} measures its first hundred rows and then goes on with these widths, so its memory is bounded.
 *   <li>All of stderr passes through {@link io.vertask.app.job.Mask}, and so do results, by the milder of its rules.
 * </ul>
 */
@NullMarked
package io.vertask.app.output;

import org.jspecify.annotations.NullMarked;
