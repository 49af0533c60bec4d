package io.vertask.testing;

import java.time.Duration;

/** What a {@link TcpFaultProxy} does to the bytes that pass. */
public sealed interface Fault {
    /** No byte passes, nor the end of a stream, as with a pulled cable. */
    record Stall() implements Fault {}

    /** Each piece, as it is read, passes after {@code delay}. */
    record Slow(Duration delay) implements Fault {}

    /** A connection is closed when {@code bytes} more of the server's have passed; 0 closes it at its next byte. */
    record CloseAfter(long bytes) implements Fault {}
}
