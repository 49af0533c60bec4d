package io.vertask.stream;

import static io.vertask.stream.Samples.turns;
import static io.vertask.testing.Asserting.asserting;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.CancelledException;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testing.Joined;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real event loops: several of them, many elements, real files. */
@Timeout(120)
class StreamsLoopsTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(4));

    private final IllegalStateException enough = new IllegalStateException("enough");
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    @AfterEach
    void close() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        vertx.close().onComplete(end -> over.countDown());
        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(closed).as("opened = closed").hasValue(opened.get());
    }

    private AsyncGenerator<Long> numbers(long last) {
        return AsyncGenerator.of(emitter -> {
            opened.incrementAndGet();
            AtomicLong next = new AtomicLong();
            return Tasks.finallyDo(
                    () -> Tasks.loopWhile(() -> next.get() == last
                            ? Future.succeededFuture(false)
                            : emitter.emit(next.incrementAndGet()).map(true)),
                    () -> {
                        closed.incrementAndGet();
                        return Future.succeededFuture();
                    });
        });
    }

    private static long sumOf(long last) {
        return last * (last + 1) / 2;
    }

    private static Future<Long> sum(AsyncIterator<Long> stream) {
        AtomicLong sum = new AtomicLong();
        return Streams.forEach(stream, i -> {
                    sum.addAndGet(i);
                    return Future.succeededFuture();
                })
                .map(v -> sum.get());
    }

    private void allStagesOf(long elements) {
        Long evens = Tasks.run(
                vertx,
                () -> sum(Streams.filter(
                        Streams.map(Streams.buffer(16, numbers(elements)), i -> 2 * i), i -> i % 4 == 0)));
        assertThat(evens).isEqualTo(4 * sumOf(elements / 2));
        assertThat(Tasks.<Long>run(
                        vertx, () -> sum(Streams.mapConcurrent(8, numbers(elements), Future::succeededFuture))))
                .isEqualTo(sumOf(elements));
        assertThat(Tasks.<Long>run(vertx, () -> sum(Streams.merge(numbers(elements), numbers(elements)))))
                .isEqualTo(2 * sumOf(elements));
        assertThat(Tasks.<Long>run(vertx, () -> sum(Streams.filter(numbers(elements), i -> i == elements))))
                .isEqualTo(elements);
    }

    @Test
    @Tag("semantics-10")
    void aHundredThousandElementsOnAFlatStack() {
        allStagesOf(100_000);
    }

    @Test
    @Tag("semantics-10")
    @Tag("stress")
    void aMillionElementsOnAFlatStack() {
        allStagesOf(1_000_000);
    }

    @Test
    @Tag("semantics-5")
    void elementsCrossLoopsThroughAPublisher() {
        long elements = 20_000;
        List<Future<Long>> sums = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var there = ((VertxInternal) vertx).createEventLoopContext();
            sums.add(Tasks.start(
                            vertx,
                            "consumer",
                            () -> sum(Bridges.from(Bridges.toPublisher(there, () -> numbers(elements)), 1 + 15)))
                    .future());
        }
        assertThat(Joined.within(60, Future.all(sums)).<Long>list()).containsOnly(sumOf(elements));
    }

    @Test
    @Tag("semantics-5")
    void tasksOnSeveralLoopsPullOneStreamInTurns() {
        assertThat(Tasks.<Long>run(vertx, () -> {
                    AsyncIterator<Long> mine = numbers(2_000);
                    AtomicLong all = new AtomicLong();
                    return mine.next().compose(first -> {
                        all.addAndGet(first.orElseThrow());
                        return Tasks.loopWhile(() -> Tasks.start(vertx, "elsewhere", mine::next)
                                        .future()
                                        .map(element -> {
                                            element.ifPresent(all::addAndGet);
                                            return element.isPresent();
                                        }))
                                .map(v -> all.get());
                    });
                }))
                .isEqualTo(sumOf(2_000));
    }

    @Test
    void aStreamWhoseTaskHasEndedSaysSoToWhoeverStillPullsIt() {
        AsyncIterator<Long> orphan = numbers(5_000);
        Tasks.run(
                vertx,
                () -> Tasks.start(vertx, "first", orphan::next)
                        .future()
                        .compose(first -> orphan.next())
                        .transform(end -> {
                            assertThat(end.cause()).isInstanceOf(CancelledException.class);
                            return orphan.next();
                        })
                        .compose(asserting(end -> assertThat(end).isEmpty())));
    }

    @Test
    void aSubscriberThatCancelsClosesTheSource() throws Exception {
        for (int i = 0; i < 200; i++) {
            var there = ((VertxInternal) vertx).createEventLoopContext();
            Tasks.run(
                    vertx,
                    () -> Streams.forEachWhile(
                            Bridges.from(Bridges.toPublisher(there, () -> numbers(1_000)), 4),
                            element -> Future.succeededFuture(element < 10)));
        }
        assertThat(opened).hasValue(200);
    }

    @Test
    @Tag("semantics-119")
    void aFileIsCopiedThroughAStreamAndAReadStream(@TempDir Path folder) {
        Path original = folder.resolve("original");
        byte[] bytes = new byte[1 << 20];
        new Random(7).nextBytes(bytes);
        Boolean same = Tasks.run(
                vertx,
                () -> vertx.fileSystem()
                        .writeFile(original.toString(), Buffer.buffer(bytes))
                        .compose(v -> vertx.fileSystem().open(original.toString(), new OpenOptions().setCreate(false)))
                        .compose(in -> vertx.fileSystem()
                                .open(folder.resolve("copy").toString(), new OpenOptions())
                                .compose(out -> Bridges.pipeTo(Bridges.from(in, 2, in::close), out)))
                        .compose(v -> vertx.fileSystem().open(original.toString(), new OpenOptions().setCreate(false)))
                        .compose((AsyncFile in) -> vertx.fileSystem()
                                .open(folder.resolve("second").toString(), new OpenOptions())
                                .compose(out -> Bridges.toReadStream(Bridges.from(in, 2, in::close))
                                        .pipeTo(out)))
                        .compose(v -> Tasks.gather(
                                () -> vertx.fileSystem()
                                        .readFile(folder.resolve("copy").toString()),
                                () -> vertx.fileSystem()
                                        .readFile(folder.resolve("second").toString())))
                        .map(both -> both.stream().allMatch(copy -> copy.equals(Buffer.buffer(bytes)))));
        assertThat(same).isTrue();
    }

    // ---- everything at once

    private void stress(int consumers, int rounds) throws Exception {
        AtomicInteger cancelled = new AtomicInteger();
        List<Future<Void>> ends = new ArrayList<>();
        for (int i = 0; i < consumers; i++) {
            Random random = new Random(20_260_101 + i);
            AtomicInteger left = new AtomicInteger(rounds);
            ends.add(Tasks.start(
                            vertx,
                            "consumer-" + i,
                            () -> Tasks.loopWhile(() -> round(random, cancelled).map(v -> left.decrementAndGet() > 0)))
                    .future());
        }
        Future.all(ends).toCompletionStage().toCompletableFuture().get(100, TimeUnit.SECONDS);
        assertThat(opened.get()).isGreaterThan(consumers * rounds / 2);
        assertThat(cancelled.get()).isGreaterThan(consumers * rounds / 100);
    }

    /** One stream, ended in one of the ways in which streams end; its elements come in order, and none twice. */
    private Future<Void> round(Random random, AtomicInteger cancelled) {
        int last = random.nextInt(40);
        int kind = random.nextInt(4);
        AsyncIterator<Long> stream = switch (kind) {
            case 0 -> numbers(last);
            case 1 -> Streams.buffer(1 + random.nextInt(4), numbers(last));
            case 2 ->
                Streams.mapConcurrent(
                        1 + random.nextInt(4),
                        numbers(last),
                        i -> Tasks.sleep(Duration.ZERO).map(i));
            default ->
                Bridges.from(
                        Bridges.toPublisher(((VertxInternal) vertx).getOrCreateContext(), () -> numbers(last)),
                        1 + random.nextInt(4));
        };
        AtomicLong seen = new AtomicLong();
        int breakAt = random.nextInt(60);
        int patience = random.nextInt(100);
        Supplier<Future<Void>> walk = () -> Streams.forEachWhile(stream, i -> {
            assertThat(i).isEqualTo(seen.incrementAndGet());
            return Future.succeededFuture(i != breakAt);
        });
        Future<Void> end = switch (random.nextInt(3)) {
            // a sibling fails
            case 0 ->
                Tasks.<Object>gather(
                                () -> walk.get().mapEmpty(),
                                () -> turns(patience).compose(v -> Future.failedFuture(enough)))
                        .mapEmpty();
            case 1 -> {
                Task<Void> task = Tasks.start(walk::get);
                yield turns(patience).compose(v -> task.cancelAndJoin()).compose(outcome -> {
                    cancelled.addAndGet(outcome instanceof Outcome.Cancelled ? 1 : 0);
                    return outcome instanceof Outcome.Failure<Void> failure
                            ? Future.failedFuture(failure.error())
                            : Future.succeededFuture();
                });
            }
            default -> walk.get();
        };
        return end.recover(error -> {
            cancelled.incrementAndGet();
            return error == enough ? Future.succeededFuture() : Future.failedFuture(error);
        });
    }

    @Test
    void openedEqualsClosedUnderEverythingAtOnce() throws Exception {
        stress(8, 300);
    }

    @Test
    @Tag("stress")
    void openedEqualsClosedUnderEverythingAtOnceForLong() throws Exception {
        stress(16, 6_000);
    }

    private AsyncGenerator<String> whereItRuns() {
        return AsyncGenerator.of(
                emitter -> emitter.emit(Task.current().orElseThrow().path() + " on "
                        + Thread.currentThread().getName()));
    }

    @Test
    void madeOutsideAnyTaskItLivesInTheOneThatPullsFirst() throws Exception {
        CompletableFuture<Optional<String>> first = new CompletableFuture<>();
        vertx.getOrCreateContext().runOnContext(v -> {
            AsyncGenerator<String> made = whereItRuns();
            Tasks.start("puller", made::next).future().onComplete(first::complete, first::completeExceptionally);
        });
        assertThat(first.get(20, TimeUnit.SECONDS).orElseThrow())
                .startsWith("puller/")
                .contains(" on ");
    }

    @Test
    void madeByATaskOfAnotherLoopItLivesInTheOneThatPullsFirst() throws Exception {
        CompletableFuture<AsyncGenerator<String>> made = new CompletableFuture<>();
        Task<Object> maker = Tasks.start(vertx, "maker", () -> {
            made.complete(whereItRuns());
            return Tasks.sleep(Duration.ofDays(1)).mapEmpty();
        });
        AsyncGenerator<String> generator = made.get(20, TimeUnit.SECONDS);
        String where = Tasks.run(
                vertx,
                () -> generator
                        .next()
                        .map(at -> at.orElseThrow()
                                        .equals("main/generator on "
                                                + Thread.currentThread().getName())
                                ? "here"
                                : at.orElseThrow()));
        assertThat(where).isEqualTo("here");
        assertThat(maker.cancel()).isTrue();
    }
}
