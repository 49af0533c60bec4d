/**
 * The connection settings that psql would use: a URI, the {@code PG…} variables, service and password files.
 *
 * <p>Enter at {@link io.vertask.client.libpq.PgConnect}, the only public type. It gives the driver's connect options to
 * whoever opens a pool; this room uses no other room, and {@code client} does not use this one.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>A setting that psql honours and we cannot is refused, never skipped: nobody is to reach another server, or the
 *       same one less safely, than with psql. Only settings that change nothing are ignored, with a warning.
 *   <li>No message repeats a password, nor a text in which one may stand.
 * </ul>
 */
@NullMarked
package io.vertask.client.libpq;

import org.jspecify.annotations.NullMarked;
