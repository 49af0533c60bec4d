package io.vertask.app.run;

import java.time.Duration;
import java.util.Optional;

/**
 * How one item ended.
 *
 * @param n its place in the input, from 0
 * @param key the item as text
 * @param end ok, failed, or cancelled before it was either
 * @param line what goes to stdout; empty: nothing
 * @param brief the kind of failure, for the summary; empty unless it failed
 * @param attempts how often it was tried
 * @param took from its first slot to its end
 */
record ItemResult(long n, String key, End end, Optional<String> line, String brief, int attempts, Duration took) {
    enum End {
        OK,
        FAILED,
        CANCELLED
    }
}
