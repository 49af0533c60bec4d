/**
 * The recording of a job's results as rows of a Postgres table. Enter at
 * {@link io.vertask.app.workload.into.IntoPostgres}.
 *
 * <p>It is no workload but stands behind one, and opens its database as the room {@code sql} does.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Rows are sent as one JSON text, and the server makes its own types of them: what fits into a column is what the
 *       server says fits, for every type there is.
 *   <li>A page and the position of the next one are committed together, and only if the last commit is the one we know
 *       of: a commit whose answer was lost is found by its checkpoint, never repeated.
 *   <li>Items of other calls share a transaction: those that wait while one is being committed go into the next. So a
 *       batch is as large as the load asks for, and no item waits for a timer.
 *   <li>Recorded once is what this gives, as long as rows have a {@code key} or come from {@code pages}; the server
 *       that was asked may have been asked twice.
 * </ul>
 */
@NullMarked
package io.vertask.app.workload.into;

import org.jspecify.annotations.NullMarked;
