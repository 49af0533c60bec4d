package io.vertask.app.job;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code limits}.
 *
 * @param concurrency how many items run at once
 * @param timeout for one attempt; empty: none
 * @param deadline for the whole job; empty: none
 * @param retries further attempts after the first
 * @param backoff the base of the full jitter between attempts
 * @param allowFailures how many failed items still make a successful job
 */
public record Limits(
        int concurrency,
        Optional<Duration> timeout,
        Optional<Duration> deadline,
        int retries,
        Duration backoff,
        AllowFailures allowFailures) {

    public static final Limits DEFAULT =
            new Limits(10, Optional.empty(), Optional.empty(), 0, Duration.ofMillis(100), AllowFailures.NONE);

    private static final List<String> KEYS =
            List.of("concurrency", "timeout", "deadline", "retries", "backoff", "allow_failures");

    static Limits read(Fields job) {
        Fields limits = job.section("limits", KEYS);
        return new Limits(
                limits.whole("concurrency", DEFAULT.concurrency, 1, 100_000),
                limits.duration("timeout"),
                limits.duration("deadline"),
                limits.whole("retries", DEFAULT.retries, 0, 1_000),
                limits.duration("backoff", DEFAULT.backoff),
                AllowFailures.read(limits));
    }
}
