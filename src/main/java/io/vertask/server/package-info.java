/**
 * Serves HTTP requests and event bus messages as tasks that end with their client.
 *
 * <p>Enter at {@link io.vertask.server.Requests} and {@link io.vertask.server.Messages}. When the client hangs up, or
 * its deadline has passed, the task is cancelled, together with the statements and calls it waits for. This room uses
 * the public types of {@code task} and vertx-core.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>A deadline is sent as the milliseconds left, not as a point in time, because clocks differ. The header is
 *       Envoy's, because proxies set it and act on it; grpc-timeout has units and belongs to gRPC.
 *   <li>A malformed deadline is refused with an error. Ignoring it would remove a limit.
 *   <li>A request arrives paused: its task begins a turn later, by when an unpaused request would have lost its body.
 *   <li>Every client gets a response: an error, if the task has sent none.
 * </ul>
 */
@NullMarked
package io.vertask.server;

import org.jspecify.annotations.NullMarked;
