/**
 * The Vert.x clients with cancellation that reaches the wire: HTTP calls and Postgres statements.
 *
 * <p>Enter at {@code HttpCalls} (requests) and {@code SqlCalls} (statements on a pool of connections). This room uses
 * the public types of {@code task} and {@code sync}, vertx-web-client and vertx-pg-client.
 *
 * <p>Bodies and rows may come as a {@code ReadStream} inside a scope: {@code HttpCalls.stream} and
 * {@code SqlCalls.stream} lend one to a body, and close what is behind it when the body has ended.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>Our own limit stands before each Vert.x pool, and the pool is never asked for more than it has: no public API
 *       takes a waiter out of a Vert.x pool again, so nobody may ever wait there.
 *   <li>A cancelled call ends when the other side cannot be disturbed by it any more, not when the abort was sent.
 *       {@link io.vertask.client.Reached} counts what was really reached.
 *   <li>Every such ending has a limit of its own; past it the connection is closed hard.
 *   <li>A stream that is lent has one wait, or one task, of its own beside its reader: a cancel must reach the wire
 *       also when the reader waits for nothing of ours.
 *   <li>A caller's deadline goes out as the milliseconds left, and only when the client was told to: in a header that
 *       Envoy made known, never along with a redirect to another origin; as a {@code statement_timeout}, a little later
 *       than our own limit, so that the error stays ours.
 *   <li>Ordinary errors of the clients pass unwrapped. {@link io.vertask.client.Phase} tells where a call was when its
 *       time was up.
 * </ul>
 */
@NullMarked
package io.vertask.client;

import org.jspecify.annotations.NullMarked;
