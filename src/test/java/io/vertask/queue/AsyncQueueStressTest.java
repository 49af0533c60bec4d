package io.vertask.queue;

import static io.vertask.queue.Turns.turns;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.ClosedException;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Producers and workers on several event loops and a plain thread, cut at any moment: every item ends up once. */
class AsyncQueueStressTest {
    private static final int LOOPS = 4;
    private static final int PARTIES = 8;
    private static final int SMALL = 24_000;
    private static final int LARGE = 1_000_000;
    private static final long SEED = 20_260_301;

    private final AtomicInteger cut = new AtomicInteger();
    private final AtomicInteger tooMany = new AtomicInteger();
    private final ExecutorService elsewhere = Executors.newSingleThreadExecutor();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 64})
    @Tag("semantics-104")
    @Tag("semantics-105")
    void itemsAreConservedUnderEverythingAtOnce(int maxsize) throws Exception {
        run(SMALL, maxsize, false);
    }

    @Test
    @Tag("semantics-109")
    @Tag("semantics-110")
    void itemsAreConservedWhenAllIsDroppedInTheMiddle() throws Exception {
        for (int i = 0; i < 10; i++) {
            new AsyncQueueStressTest().run(SMALL / 4, i % 4, true);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64})
    @Tag("stress")
    void aMillionItemsAreConserved(int maxsize) throws Exception {
        run(LARGE, maxsize, false);
    }

    @Test
    @Tag("stress")
    void itemsAreConservedInAThousandShutdowns() throws Exception {
        for (int i = 0; i < 1000; i++) {
            new AsyncQueueStressTest().run(1000, i % 4, true);
        }
    }

    private void run(int items, int maxsize, boolean drop) throws Exception {
        int each = items / PARTIES;
        AtomicIntegerArray taken = new AtomicIntegerArray(items);
        AtomicIntegerArray undelivered = new AtomicIntegerArray(items);
        AtomicInteger in = new AtomicInteger();
        AsyncQueue<Integer> queue =
                AsyncQueue.<Integer>named("stress", maxsize).onUndelivered(undelivered::incrementAndGet);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
        try {
            List<Future<Void>> producers = new ArrayList<>();
            List<Future<Void>> workers = new ArrayList<>();
            for (int i = 0; i < PARTIES; i++) {
                Random random = new Random(SEED + i);
                int first = i * each;
                int[] next = {first};
                producers.add(Tasks.start(
                                vertx,
                                "producer-" + i,
                                () -> Tasks.loopWhile(() -> put(queue, next[0], random, in, undelivered)
                                        .map(v -> ++next[0] < first + each)))
                        .future());
                workers.add(Tasks.start(vertx, "worker-" + i, () -> Tasks.loopWhile(() -> take(queue, random, taken)))
                        .future());
            }
            if (drop) {
                elsewhere.execute(() -> {
                    while (in.get() < items / 3) {
                        Thread.onSpinWait();
                    }
                    queue.shutdownNow();
                });
            }
            done(Future.all(producers));
            if (!drop) {
                done(Tasks.start(vertx, "joiner", queue::join).future());
                queue.shutdown();
            }
            done(Future.all(workers));
            done(Tasks.start(vertx, "joiner", queue::join).future());
        } finally {
            elsewhere.shutdown();
            assertThat(elsewhere.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            done(vertx.close());
        }
        int lost = 0;
        for (int i = 0; i < each * PARTIES; i++) {
            lost += taken.get(i) + undelivered.get(i) == 1 ? 0 : 1;
        }
        assertThat(lost).as("items that ended up never, or twice").isZero();
        assertThat(queue.unfinished()).isZero();
        assertThat(queue.size()).isZero();
        assertThat(queue.waitingToPut() + queue.waitingToTake()).isZero();
        assertThat(tooMany).hasValue(0);
        if (!drop) {
            // the interesting paths were taken, and often
            assertThat(cut.get()).isGreaterThan(items / 100);
        }
    }

    private Future<Void> put(
            AsyncQueue<Integer> queue, int item, Random random, AtomicInteger in, AtomicIntegerArray undelivered) {
        if (queue.maxsize() > 0 && queue.size() > queue.maxsize()) {
            tooMany.incrementAndGet();
        }
        // a put that was cut has gone to the hook, and is not tried again
        Future<Void> put = switch (random.nextInt(6)) {
            case 0 -> Tasks.timeout(Duration.ofNanos(random.nextInt(50_000)), () -> queue.put(item));
            case 1 -> {
                int turns = random.nextInt(3);
                boolean[] begun = {false};
                Task<Void> task = Tasks.start(() -> {
                    begun[0] = true;
                    return queue.put(item);
                });
                yield turns(turns).compose(v -> task.cancelAndJoin()).compose(end -> {
                    if (!begun[0]) {
                        undelivered.incrementAndGet(item);
                    }
                    return end.isSuccess() ? Future.succeededFuture() : Future.failedFuture(end.errorOrNull());
                });
            }
            default -> queue.put(item);
        };
        in.incrementAndGet();
        return put.recover(e -> {
            cut.incrementAndGet();
            return Future.succeededFuture();
        });
    }

    private Future<Boolean> take(AsyncQueue<Integer> queue, Random random, AtomicIntegerArray taken) {
        int turns = random.nextInt(3);
        Future<Void> took = switch (random.nextInt(5)) {
            case 0 ->
                Tasks.timeout(
                                Duration.ofNanos(random.nextInt(50_000)),
                                () -> queue.take().onSuccess(taken::incrementAndGet))
                        .onSuccess(v -> queue.taskDone())
                        .mapEmpty();
            case 1 -> {
                Task<Void> task = Tasks.start(() -> queue.withItem(item -> {
                    taken.incrementAndGet(item);
                    return turns(1);
                }));
                yield turns(turns)
                        .compose(v -> task.cancelAndJoin())
                        .compose(end ->
                                end.isSuccess() ? Future.succeededFuture() : Future.failedFuture(end.errorOrNull()));
            }
            case 2 ->
                Tasks.timeout(
                        Duration.ofNanos(random.nextInt(50_000)),
                        () -> queue.forEach(item -> {
                            taken.incrementAndGet(item);
                            return turns(turns);
                        }));
            case 3 ->
                queue.take()
                        .onSuccess(item -> {
                            taken.incrementAndGet(item);
                            elsewhere.execute(queue::taskDone);
                        })
                        .mapEmpty();
            default ->
                queue.withItem(item -> {
                    taken.incrementAndGet(item);
                    return turns(turns);
                });
        };
        return took.map(true).recover(e -> {
            cut.incrementAndGet();
            return Future.succeededFuture(!(e instanceof ClosedException));
        });
    }

    private static void done(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(200, TimeUnit.SECONDS);
    }
}
