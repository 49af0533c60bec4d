/**
 * The servers that the built-in demo runs against: a GitHub-shaped HTTP server with a delay endpoint, and an embedded
 * Postgres. Both are real, both listen on loopback only, both work without a network.
 *
 * <p>Enter at {@link io.vertask.app.demo.DemoServer} and {@link io.vertask.app.demo.DemoPostgres}.
 *
 * <p>May use Vert.x core and the embedded Postgres; nothing of the library, because the demo must show the library from
 * the outside. The jobs that the demo runs are in another room.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>The jars of the embedded Postgres are not inside the fat jar (15 MB for a demo); they lie beside it and may be
 *       absent. Only {@code EmbeddedServer} links their classes, so that their absence is one clear
 *       {@link io.vertask.app.demo.DemoUnavailable} and not an error at some later call.
 *   <li>The server's life is tied to a pipe ({@code Watchdog}), not to a shutdown hook: {@code kill -9} runs no hooks.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package io.vertask.app.demo;
