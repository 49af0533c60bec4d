/**
 * What a run leaves behind, {@code .vertask/RUN/}, and how a later run goes on from it.
 *
 * <p>Enter at {@link io.vertask.app.ledger.Runs}: it begins a new run or opens an earlier one, as
 * {@link io.vertask.app.ledger.StartMode} asks, and gives a {@link io.vertask.app.ledger.Ledger} to write to and an
 * {@link io.vertask.app.ledger.EarlierItems} to ask.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>The results are the checkpoint: {@code results.jsonl} has a line for each finished item and nothing else.
 *       {@code run.json} says of which job it is, and {@code lock} keeps a second process out.
 *   <li>A line is written after the item's result has been written to stdout. What a {@code kill -9} can cost is work,
 *       never a result: items that had ended but were not printed, at most a window full, are done again; an item that
 *       was printed in the very last moment may be printed twice. Each is recorded once.
 *   <li>The line keeps no value: the results are on stdout or in {@code --out}, where the user wants them.
 *   <li>Each batch is given to the system at once, so that only a crash of the machine can cost more, and to the disk
 *       about once a second and at the end.
 *   <li>Items are found again by key, never by number; a key that the input has twice is done twice. Cancelled items
 *       are not written: they are to be done again.
 * </ul>
 */
@NullMarked
package io.vertask.app.ledger;

import org.jspecify.annotations.NullMarked;
