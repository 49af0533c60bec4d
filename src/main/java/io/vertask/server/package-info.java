/**
 * Work that comes from outside, as tasks: an HTTP request, a message of the event bus.
 *
 * <p>Enter at {@link io.vertask.server.Requests} and {@link io.vertask.server.Messages}. Whoever asked for the work
 * owns its end: when the client hangs up, or the time that it named has passed, the task is cancelled, and with it the
 * statements and calls it waits for. This room uses the public types of {@code task} and vertx-core.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>A deadline travels as the milliseconds that are left, not as a point in time: clocks differ. The header is
 *       Envoy's, because proxies that know it set it and act on it; grpc-timeout has units and belongs to gRPC.
 *   <li>A deadline that can't be read is refused with an error that says so. To ignore it would turn a limit into none.
 *   <li>A request arrives paused: its task begins a turn later, when an unpaused one would have lost its body.
 *   <li>Each task gets an answer to its client, whatever it does: an error, when it has sent none of its own.
 * </ul>
 */
@NullMarked
package io.vertask.server;

import org.jspecify.annotations.NullMarked;
