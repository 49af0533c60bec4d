package io.vertask.testing;

import java.time.Duration;

/** A fault that a {@link TcpFaultProxy} injects. */
public sealed interface Fault {
    /** Holds back all bytes and ends of streams, like a pulled cable. */
    record Stall() implements Fault {}

    /** Passes each piece that was read after {@code delay}. */
    record Slow(Duration delay) implements Fault {}

    /** Closes a connection after {@code bytes} more bytes from the server; 0 closes it at the next byte. */
    record CloseAfter(long bytes) implements Fault {}
}
