package io.vertask.app.job;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code queue}: a queue between the producer of the items and their consumers; the producer waits while it
 * is full.
 *
 * @param capacity the most items that wait in it
 * @param consumers the number of items that are worked on at once: the job's concurrency
 */
public record QueueConfig(int capacity, int consumers) {

    private static final List<String> KEYS = List.of("capacity", "consumers");

    static Optional<QueueConfig> read(Fields job) {
        Fields queue = job.fields("queue", KEYS);
        if (queue == null) {
            return Optional.empty();
        }
        int consumers = queue.whole("consumers", Limits.DEFAULT.concurrency(), 1, 100_000);
        return Optional.of(new QueueConfig(queue.whole("capacity", consumers, 1, 100_000), consumers));
    }

    /**
     * The concurrency of a job with this queue. A file gives it once, as consumers; a flag for the concurrency replaces
     * it.
     */
    int concurrency(Fields limits) {
        Scalar also = limits.scalar("concurrency");
        if (also == null) {
            return consumers;
        }
        if (also.place().set() == null) {
            limits.mistakes()
                    .show(
                            limits.keyPlace("concurrency"),
                            "`limits.concurrency` and `queue.consumers` at once",
                            "with a queue, its consumers are the concurrency; remove this one");
        }
        return limits.whole("concurrency", consumers, 1, 100_000);
    }
}
