/**
 * Real servers for the tests of every room: one Postgres per test JVM, a TCP proxy that injects faults, and a scripted
 * HTTP server that records its requests.
 *
 * <p>Enter at {@link io.vertask.testing.Postgres}, {@link io.vertask.testing.TcpFaultProxy} and
 * {@link io.vertask.testing.RecordingHttpServer}.
 *
 * <p>{@link io.vertask.testing.InstalledServer} runs third-party servers, such as nginx, where they are installed;
 * {@link io.vertask.testing.Certificates} makes certificates for TLS.
 *
 * <p>The proxy and the HTTP server use plain threads and sockets: a test of Vert.x must not rest on Vert.x. They listen
 * on loopback, their threads are daemons, and every wait has an end.
 */
@org.jspecify.annotations.NullMarked
package io.vertask.testing;
