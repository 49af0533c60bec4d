/**
 * The journal of a run: one stream of events, and the totals made of it.
 *
 * <p>Enter at {@link io.vertask.app.journal.Journal}: the run publishes each {@link io.vertask.app.journal.RunEvent} on
 * its event loop. {@link io.vertask.app.journal.Totals} is the account of all events so far. Summary, progress bar,
 * {@code -v} lines, reports and metrics are listeners; nothing else counts.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Listeners look. A listener that throws is removed and reported, and the run goes on. A listener that may be
 *       slow reads on the journal's one writer thread, through a bounded queue that drops events and counts them.
 *   <li>Texts in events are masked when the event is made, so a listener may show what it gets.
 *   <li>A listener that could hold up a run does not belong here: that is the port {@code run.Sink}.
 *   <li>The room knows no job and no workload, so that the ledger, the output and the run can all use it.
 * </ul>
 */
@NullMarked
package io.vertask.app.journal;

import org.jspecify.annotations.NullMarked;
