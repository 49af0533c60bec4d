/**
 * The sources of items. They give a run one item at a time, when it asks for one.
 *
 * <p>Enter by {@link io.vertask.app.feed.Feed}. Files, standard input and folders are read by a thread of their own,
 * which is one batch of at most 64 KiB ahead; the rows of a query come through a cursor. So an input of any length
 * takes the same memory, and the event loop never waits for a disk.
 *
 * <p>Decisions, for lines:
 *
 * <ul>
 *   <li>UTF-8 and nothing else; a byte order mark at the start is dropped; LF or CR LF ends a line. A blank line is no
 *       item. There are no comments, since a real item may begin with {@code #}.
 *   <li>The line is the item as it stands, spaces too. A line that JSON would write as a number is that number, so that
 *       it can be bound to a number column, unless its text would change: {@code 007} and {@code 1e5} are text.
 *   <li>With JSON lines ({@code .jsonl}, {@code .ndjson}, or {@code format: jsonl}) a line that is not JSON is an item
 *       that fails, and the others go on.
 *   <li>A plain file of up to 256 MiB is read through once before the first call: text that is not UTF-8 stops the run
 *       before anything is sent, and the number of items is known.
 *   <li>A later error ends the feed; items in flight go on, and the run reports that it was stopped early.
 *   <li>Two items with the same key are both run: a list of URLs may have one twice. One note says so, because a resume
 *       treats them as one item.
 * </ul>
 */
@NullMarked
package io.vertask.app.feed;

import org.jspecify.annotations.NullMarked;
