/**
 * The Vert.x clients with cancellation that reaches the wire: HTTP calls and Postgres statements.
 *
 * <p>Enter at {@code HttpCalls} (requests) and {@code SqlCalls} (statements on a pool of connections).
 * {@code HttpRedirect} and {@code HttpOrigin} are the rules of redirects and origins, for callers that follow them by
 * themselves. This room uses the public types of {@code task} and {@code sync}, vertx-web-client and vertx-pg-client;
 * the connect options of {@code SqlCalls} may come from {@code client.libpq}.
 *
 * <p>Bodies and rows may come as a {@code ReadStream} inside a scope: {@code HttpCalls.stream} and
 * {@code SqlCalls.stream} lend one to a body, and close its source when the body has ended.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>Our own limit stands before each Vert.x pool, and the pool is never asked for more connections than it has: no
 *       public API takes a waiter out of a Vert.x pool again, so no call may ever wait there. For SQL it is a semaphore
 *       of {@code sync}; HTTP slots are not, because requests outside any task need them too.
 *   <li>A cancelled call ends when it can't disturb the other side any more, not when the abort was sent.
 *       {@link io.vertask.client.Reached} counts each effect once it has happened.
 *   <li>Every such ending has a limit of its own; past it the connection is closed hard.
 *   <li>A COMMIT that has begun is waited for: a transaction that is cancelled too late is known to have taken effect.
 *   <li>A stream that is lent has one wait, or one task, of its own beside its reader: a cancel must reach the wire
 *       also when the reader waits for nothing of ours.
 *   <li>A caller's deadline is sent as the milliseconds left, and only when the client was told to: in Envoy's header,
 *       never along with a redirect to another origin; as a {@code statement_timeout}, a little later than our own
 *       limit, so that the error stays ours.
 *   <li>Ordinary errors of the clients pass unwrapped. {@link io.vertask.client.Phase} is the phase in which a call can
 *       time out.
 * </ul>
 */
@NullMarked
package io.vertask.client;

import org.jspecify.annotations.NullMarked;
