package io.vertask.app.job;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code limits}.
 *
 * @param concurrency the number of items that run at once
 * @param rate the highest rate of attempts, retries and further pages too; empty: no limit
 * @param timeout for one attempt; empty: none
 * @param deadline for the whole job; empty: none
 * @param retries further attempts after the first
 * @param backoff the base of the full jitter between attempts
 * @param allowFailures the number of failed items with which the job still succeeds
 * @param stopAfter the number of failed items that ends the job; empty: none does
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

    static final List<String> KEYS =
            List.of("concurrency", "rate", "timeout", "deadline", "retries", "backoff", "allow_failures", "stop_after");

    static Limits read(Fields job, Optional<QueueConfig> queue) {
        Fields limits = job.section("limits", KEYS);
        return new Limits(
                queue.isPresent()
                        ? queue.get().concurrency(limits)
                        : limits.whole("concurrency", DEFAULT.concurrency, 1, 100_000),
                Rate.read(limits),
                timeout(limits),
                limits.duration("deadline"),
                limits.whole("retries", DEFAULT.retries, 0, 1_000),
                limits.duration("backoff", DEFAULT.backoff),
                AllowFailures.read(limits),
                StopAfter.read(limits));
    }

    /** The limit of an attempt; {@code none} says that there is none. */
    private static Optional<Duration> timeout(Fields limits) {
        Scalar scalar = limits.scalar("timeout");
        return scalar != null && scalar.text().equals("none") ? Optional.empty() : limits.duration("timeout");
    }
}
