package io.vertask.app.job;

import io.vertask.app.job.yaml.Fields;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code limits}.
 *
 * @param concurrency how many items run at once
 * @param rate how often attempts are sent, retries and further pages too; empty: as often as they can
 * @param timeout for one attempt; empty: none
 * @param deadline for the whole job; empty: none
 * @param retries further attempts after the first
 * @param backoff the base of the full jitter between attempts
 * @param allowFailures how many failed items still make a successful job
 * @param stopAfter how many failed items end the job; empty: it goes on to its end
 */
public record Limits(
        int concurrency,
        Optional<Rate> rate,
        Optional<Duration> timeout,
        Optional<Duration> deadline,
        int retries,
        Duration backoff,
        AllowFailures allowFailures,
        Optional<StopAfter> stopAfter) {

    public static final Limits DEFAULT = new Limits(
            10,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            Duration.ofMillis(100),
            AllowFailures.NONE,
            Optional.empty());

    private static final List<String> KEYS =
            List.of("concurrency", "rate", "timeout", "deadline", "retries", "backoff", "allow_failures", "stop_after");

    static Limits read(Fields job, Optional<QueueConfig> queue) {
        Fields limits = job.section("limits", KEYS);
        return new Limits(
                queue.isPresent()
                        ? queue.get().concurrency(limits)
                        : limits.whole("concurrency", DEFAULT.concurrency, 1, 100_000),
                Rate.read(limits),
                limits.duration("timeout"),
                limits.duration("deadline"),
                limits.whole("retries", DEFAULT.retries, 0, 1_000),
                limits.duration("backoff", DEFAULT.backoff),
                AllowFailures.read(limits),
                StopAfter.read(limits));
    }
}
