/**
 * The journal of a run: one stream of events, and the totals computed from it.
 *
 * <p>Enter at {@link io.vertask.app.journal.Journal}: the run publishes each {@link io.vertask.app.journal.RunEvent} on
 * its event loop. {@link io.vertask.app.journal.Totals} sums up all events so far. Summary, progress bar, {@code -v}
 * lines, reports and metrics use these totals or listen; nothing else counts.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Listeners only observe. A listener that throws is removed and reported, and the run goes on. A listener that
 *       may be slow reads on the journal's one writer thread, through a bounded queue that drops events and counts
 *       them.
 *   <li>Texts in events are masked when the event is made, so a listener may show them.
 *   <li>A listener never holds up a run. The port {@code run.Sink} is for that.
 *   <li>The room does not depend on jobs or workloads, so that the ledger, the output and the run can all use it.
 * </ul>
 */
@NullMarked
package io.vertask.app.journal;

import org.jspecify.annotations.NullMarked;
