package io.vertask.client;

import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time since the last answer of an HTTP/1.1 connection. It is too long after {@link #MOST}, or {@link #MARGIN}
 * before the end that the server names in {@code Keep-Alive}.
 *
 * <p><b>Threads.</b> Told on the connection's event loop, asked on any.
 */
final class HttpIdleTime {
    /** Shorter than the keep-alive time of the usual servers. */
    static final Duration MOST = Duration.ofSeconds(1);

    static final Duration MARGIN = Duration.ofSeconds(1);

    private static final Pattern TIMEOUT = Pattern.compile("(?i)(?:^|[\\s,;])timeout\\s*=\\s*\"?([0-9]{1,9})");

    private final LongSupplier clock;
    private volatile boolean used;
    private volatile long since;
    private volatile Duration most = MOST;
    private volatile boolean waiting;
    private volatile boolean reused;

    HttpIdleTime() {
        this(System::nanoTime);
    }

    /** {@code clock} tells the nanoseconds. */
    HttpIdleTime(LongSupplier clock) {
        this.clock = clock;
    }

    void requestSent() {
        reused = used;
        waiting = true;
    }

    void bytesCame() {
        waiting = false;
    }

    void answered(HttpHeaders headers) {
        String keepAlive = headers.get("keep-alive");
        Matcher timeout = keepAlive == null ? null : TIMEOUT.matcher(keepAlive);
        if (timeout != null && timeout.find()) {
            Duration left = Duration.ofSeconds(Long.parseLong(timeout.group(1))).minus(MARGIN);
            most = left.isNegative() ? Duration.ZERO : left.compareTo(MOST) < 0 ? left : MOST;
        }
    }

    void answerEnded() {
        since = clock.getAsLong();
        used = true;
    }

    boolean isUsed() {
        return used;
    }

    /** Whether a request that can't be repeated should have another connection. */
    boolean isTooLong() {
        return used && clock.getAsLong() - since >= most.toNanos();
    }

    /** Whether nothing has come since the last request, which was not the first one. */
    boolean isUnanswered() {
        return waiting && reused;
    }
}
