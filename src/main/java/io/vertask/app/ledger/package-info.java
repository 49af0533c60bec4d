/**
 * The ledgers of runs in {@code .vertask/RUN/}, from which a later process resumes a run.
 *
 * <p>Enter at {@link io.vertask.app.ledger.Runs}: it begins a new run or opens an earlier one, as
 * {@link io.vertask.app.ledger.StartMode} says, and returns the {@link io.vertask.app.ledger.Ledger} to write to. Its
 * {@link io.vertask.app.ledger.EarlierItems} are the items to skip.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>The results are the checkpoint: {@code results.jsonl} has a line for each finished item and nothing else.
 *       {@code run.json} names the job of the run, and {@code lock} keeps a second process out.
 *   <li>A line is written after the item's result has been written to stdout. A {@code kill -9} can cost work, but
 *       never a result. Items that had ended and were not printed, at most a window of them, are done again. An item
 *       that was printed in the very last moment may be printed twice. Each item is recorded once.
 *   <li>A line contains no value, because the results are on stdout or in the file of {@code --out}.
 *   <li>The answer of an item that failed only after its call is a file in {@code pending}, written and forced to the
 *       disk before the line that names it, and removed after the line of the item that is done. A file that no line
 *       names is of a process that was killed in between, and its item goes on from it.
 *   <li>Each batch is handed to the system at once, so only a crash of the machine can lose lines. The file is forced
 *       to the disk about once a second and at the end.
 *   <li>Items are identified by key, never by number; a key that occurs twice in the input is done twice. Cancelled
 *       items are not written, so a later process does them again.
 * </ul>
 */
@NullMarked
package io.vertask.app.ledger;

import org.jspecify.annotations.NullMarked;
