/**
 * What goes into a run: the items, from wherever they come, one at a time and when they are wanted.
 *
 * <p>Enter at {@link io.vertask.app.feed.Feed}. Files, standard input and folders are read by a thread of their own,
 * which is one batch of at most 64 KiB ahead; the rows of a query come through a cursor. So an input of any length
 * takes the same memory, and the event loop never waits for a disk.
 *
 * <p>Decisions, for lines:
 *
 * <ul>
 *   <li>UTF-8 and nothing else; a byte order mark at the start is dropped; LF or CR LF ends a line. A blank line is no
 *       item. There are no comments, since {@code #} begins many a real item.
 *   <li>The line is the item as it stands, spaces too. One that is written as JSON writes a number is that number, so
 *       that it can be bound to a number column, if it looks the same as text; {@code 007} and {@code 1e5} are text.
 *   <li>With JSON lines ({@code .jsonl}, {@code .ndjson}, or {@code format: jsonl}) a line that is not JSON is an item
 *       that fails, and the others go on.
 *   <li>A plain file of up to 256 MiB is read through once before the first call: what is not UTF-8 stops the run while
 *       nothing has been sent, and how many items there are is known.
 *   <li>What goes wrong later ends the feeding; what is in flight goes on, and the run says that it was stopped early.
 *   <li>Two items with the same key are both run: a list of URLs may have one twice. It is said once, as a resume takes
 *       them for the same.
 * </ul>
 */
@NullMarked
package io.vertask.app.feed;

import org.jspecify.annotations.NullMarked;
