/**
 * Real servers for the tests of every room: one Postgres per test JVM, a TCP proxy that breaks connections, and an HTTP
 * server that records what reaches it and can be silent.
 *
 * <p>Enter at {@link io.vertask.testing.Postgres}, {@link io.vertask.testing.TcpFaultProxy} and
 * {@link io.vertask.testing.RecordingHttpServer}.
 *
 * <p>{@link io.vertask.testing.InstalledServer} runs servers of others, such as nginx, where they are installed;
 * {@link io.vertask.testing.Certificates} makes what TLS needs.
 *
 * <p>Proxy and HTTP server are plain threads and sockets: what a test asserts about Vert.x must not rest on Vert.x.
 * They listen on loopback, their threads are daemons, and every wait has an end.
 */
@org.jspecify.annotations.NullMarked
package io.vertask.testing;
