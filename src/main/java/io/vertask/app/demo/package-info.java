/**
 * The servers of the built-in demo: an HTTP server in GitHub's format with a delay endpoint, and an embedded Postgres.
 * Both listen on loopback only and work without a network.
 *
 * <p>Enter at {@link io.vertask.app.demo.DemoServer} and {@link io.vertask.app.demo.DemoPostgres}.
 *
 * <p>May use Vert.x core and the embedded Postgres, but not the library: the demo shows the library from the outside.
 * The demo's jobs are in the folder {@code conf}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>The jars of the embedded Postgres (15 MB) lie beside the fat jar and may be absent. Only {@code EmbeddedServer}
 *       links their classes, so that their absence is one clear {@link io.vertask.app.demo.DemoUnavailable} and not an
 *       error at some later call.
 *   <li>The server's life is tied to a pipe ({@code Watchdog}) and not to a shutdown hook, because {@code kill -9} runs
 *       no hooks.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package io.vertask.app.demo;
