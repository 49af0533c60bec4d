package io.vertask.stream;

import static io.vertask.stream.Samples.counting;
import static io.vertask.stream.Samples.logged;
import static io.vertask.stream.Samples.upTo;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.Outcome;
import io.vertask.task.Scripts;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StreamsTest {
    private final List<String> log = new ArrayList<>();
    private final IllegalStateException bad = new IllegalStateException("bad");

    private static <T> List<T> listOf(io.vertask.task.Coroutine<AsyncIterator<T>> stream) {
        return requireNonNull(resultOf(VirtualRun.of(() -> stream.call().compose(it -> Streams.toList(it, 1000)))));
    }

    private static <T> Future<AsyncIterator<T>> now(AsyncIterator<T> stream) {
        return Future.succeededFuture(stream);
    }

    @Test
    void theStagesDoWhatTheirNamesSay() {
        assertThat(listOf(() -> now(Streams.map(Streams.of(upTo(3)), i -> i * 10))))
                .containsExactly(10, 20, 30);
        assertThat(listOf(() -> now(Streams.compose(Streams.of(upTo(3)), i -> ms(1).map(i + 1)))))
                .containsExactly(2, 3, 4);
        assertThat(listOf(() -> now(Streams.filter(Streams.of(upTo(6)), i -> i % 2 == 0))))
                .containsExactly(2, 4, 6);
        assertThat(listOf(() -> now(Streams.<Integer, Integer>flatMap(Streams.of(upTo(3)), Samples::upTo))))
                .containsExactly(1, 1, 2, 1, 2, 3);
        assertThat(listOf(() -> now(Streams.take(2, Streams.of(upTo(3)))))).containsExactly(1, 2);
        assertThat(listOf(() -> now(Streams.take(0, Streams.of(upTo(3)))))).isEmpty();
        assertThat(listOf(() -> now(Streams.take(9, Streams.of(upTo(3)))))).containsExactly(1, 2, 3);
        assertThat(listOf(() -> now(Streams.of(List.<Integer>of())))).isEmpty();
        assertThat(resultOf(VirtualRun.of(() -> Streams.collect(Streams.of(upTo(3)), Collectors.summingInt(i -> i)))))
                .isEqualTo(6);
        assertThatThrownBy(() -> Streams.take(-1, Streams.of(upTo(3)))).hasMessage("take -1: it takes 0 or more");
        assertThatThrownBy(() -> Streams.buffer(0, Streams.of(upTo(3))))
                .hasMessage("buffer with 0: it takes 1 or more");
    }

    @Test
    void takeDoesNotPullOneMoreAndClosesItsSourceAtTheEnd() {
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> two = Streams.take(2, counting(10, log));
            return two.next()
                    .compose(v -> two.next())
                    .compose(v -> ms(100))
                    .compose(v -> logged(log, "pull"))
                    .compose(v -> two.next())
                    .onSuccess(end -> assertThat(end).isEmpty());
        }));
        assertThat(log).containsExactly("begin", "make 1", "make 2", "pull", "cleanup");
    }

    @Test
    void aFunctionThatFailsOrGivesNullEndsTheStageAndClosesItsSource() {
        List<Function<AsyncIterator<Integer>, AsyncIterator<?>>> stages = List.of(
                source -> Streams.map(source, i -> {
                    throw bad;
                }),
                source -> Streams.filter(source, i -> {
                    throw bad;
                }),
                source -> Streams.compose(source, i -> Future.failedFuture(bad)),
                source -> Streams.compose(source, i -> {
                    throw bad;
                }),
                source -> Streams.flatMap(source, i -> {
                    throw bad;
                }),
                source -> Streams.map(source, i -> nothing()),
                source -> Streams.compose(source, i -> Future.succeededFuture(nothing())),
                source -> Streams.compose(source, i -> nothing()),
                source -> Streams.flatMap(source, i -> Arrays.asList(nothing(), "x")),
                source -> Streams.mapConcurrent(2, source, i -> {
                    throw bad;
                }),
                source -> Streams.mapConcurrent(2, source, i -> Future.succeededFuture(nothing())),
                source -> Streams.mapConcurrentUnordered(2, source, i -> Future.failedFuture(bad)));
        for (Function<AsyncIterator<Integer>, AsyncIterator<?>> stage : stages) {
            log.clear();
            resultOf(VirtualRun.of(() -> {
                AsyncIterator<?> broken = stage.apply(counting(10, log));
                return broken.next()
                        .transform(end -> {
                            assertThat(end.cause() == bad || end.cause() instanceof NullPointerException)
                                    .as("%s", end.cause())
                                    .isTrue();
                            assertThat(log).contains("cleanup");
                            return broken.next();
                        })
                        .onSuccess(end -> assertThat(end).isEmpty());
            }));
        }
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    @Test
    void aListOfTooManyIsAnErrorAndClosesTheSource() {
        assertThat(failureOf(VirtualRun.of(() -> Streams.toList(counting(5, log), 3))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("toList took 3 elements of generator 'counting' and there are more");
        assertThat(log).endsWith("make 4", "cleanup");
    }

    @Test
    @Tag("semantics-114")
    void closingAnyStageClosesItsSourceBegunOrNot() {
        List<Function<AsyncIterator<Integer>, AsyncIterator<?>>> stages = List.of(
                source -> Streams.map(source, i -> i),
                source -> Streams.filter(source, i -> true),
                source -> Streams.take(5, source),
                source -> Streams.flatMap(source, List::of),
                source -> Streams.buffer(2, source),
                source -> Streams.merge(source, Streams.of(upTo(2))),
                source -> Streams.mapConcurrent(2, source, Future::succeededFuture),
                source -> Streams.mapConcurrentUnordered(2, source, Future::succeededFuture));
        for (Function<AsyncIterator<Integer>, AsyncIterator<?>> stage : stages) {
            log.clear();
            resultOf(VirtualRun.of(() -> {
                AsyncGenerator<Integer> begun = counting(10, log);
                return begun.next()
                        .compose(v -> stage.apply(begun).close())
                        .onSuccess(v -> assertThat(log).containsExactly("begin", "make 1", "cleanup"))
                        .compose(v -> {
                            log.clear();
                            return Streams.forEachWhile(
                                    stage.apply(counting(10, log)), i -> Future.succeededFuture(false));
                        });
            }));
            assertThat(log).contains("begin").endsWith("cleanup").containsOnlyOnce("cleanup");
        }
    }

    // ---- ahead

    @Test
    void aBufferPullsAsManyAheadAsItSaysAndNotOneMore() {
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> buffer = Streams.buffer(3, counting(10, log));
            return ms(100).onSuccess(v -> assertThat(log).isEmpty())
                    .compose(v -> buffer.next())
                    .compose(first -> ms(1000))
                    .onSuccess(v -> assertThat(log).endsWith("make 4"))
                    .compose(v -> buffer.next())
                    .compose(second -> ms(1000))
                    .onSuccess(v -> assertThat(log).endsWith("make 5"))
                    .compose(v -> buffer.close());
        }));
        assertThat(log).containsExactly("begin", "make 1", "make 2", "make 3", "make 4", "make 5", "cleanup");
    }

    @Test
    void anErrorAheadComesAfterTheElementsBeforeIt() {
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> buffer = Streams.buffer(
                    10, AsyncGenerator.of(emitter -> emitter.emit(1).compose(v -> Future.failedFuture(bad))));
            return buffer.next()
                    .compose(first -> ms(100))
                    .compose(v -> buffer.next())
                    .transform(end -> {
                        assertThat(end.cause()).isSameAs(bad);
                        return buffer.next();
                    })
                    .onSuccess(end -> assertThat(end).isEmpty())
                    .compose(v -> buffer.close());
        }));
        assertThat(failureOf(VirtualRun.of(() -> {
                    AsyncIterator<Integer> buffer = Streams.buffer(
                            10, AsyncGenerator.of(emitter -> emitter.emit(1).compose(v -> Future.failedFuture(bad))));
                    return Streams.forEachWhile(buffer, i -> ms(100).map(false));
                })))
                .as("that no pull has met")
                .isSameAs(bad);
    }

    @Test
    void aMergeGivesWhatComesFirstAndFailsWithTheFirstToFail() {
        List<Integer> all = listOf(() -> now(Streams.merge(
                Streams.compose(Streams.of(upTo(3)), i -> ms(10).map(i)),
                Streams.compose(Streams.of(upTo(3)), i -> ms(14).map(i + 100)),
                Streams.of(List.of()))));
        assertThat(all).containsExactly(1, 101, 2, 102, 3, 103);
        assertThat(listOf(() -> now(Streams.merge(List.of())))).isEmpty();
        assertThat(failureOf(VirtualRun.of(() -> Streams.toList(
                        Streams.merge(
                                counting(10, log),
                                Streams.compose(
                                        Streams.of(upTo(3)),
                                        i -> ms(25).compose(v -> Future.<Integer>failedFuture(bad)))),
                        100))))
                .isSameAs(bad);
        assertThat(log).endsWith("make 2", "cleanup");
    }

    // ---- mapConcurrent

    @Test
    @Tag("semantics-120")
    void mapConcurrentKeepsTheOrderOrTakesWhatComes() {
        Function<Integer, Future<Integer>> slowFirst = i -> ms(100 - 10 * i).map(i);
        assertThat(listOf(() -> now(Streams.mapConcurrent(3, Streams.of(upTo(6)), slowFirst))))
                .containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(listOf(() -> now(Streams.mapConcurrentUnordered(3, Streams.of(upTo(6)), slowFirst))))
                .containsExactly(3, 2, 1, 4, 5, 6);
    }

    @Test
    @Tag("semantics-120")
    void whatRunsOrHasFinishedAndWaitsIsNeverMoreThanTheLimit() {
        for (boolean ordered : new boolean[] {true, false}) {
            for (long seed = 0; seed < 100; seed++) {
                int[] out = new int[2];
                Function<Integer, Future<Integer>> function = i -> {
                    out[1] = Math.max(out[1], ++out[0]);
                    return ms(i * 7 % 5).map(i);
                };
                AsyncIteratorOfInts source = new AsyncIteratorOfInts(20, out);
                resultOf(VirtualRun.seeded(
                        seed,
                        () -> Streams.forEach(
                                ordered
                                        ? Streams.mapConcurrent(3, source, function)
                                        : Streams.mapConcurrentUnordered(3, source, function),
                                i -> {
                                    out[0]--;
                                    return ms(i % 4);
                                })));
                assertThat(out[1]).as("seed %s, ordered %s", seed, ordered).isEqualTo(3);
                assertThat(out[0]).isZero();
            }
        }
    }

    /** Fails when it is pulled while three are out. */
    private static final class AsyncIteratorOfInts implements AsyncIterator<Integer> {
        private final AsyncIterator<Integer> ints;
        private final int[] out;

        AsyncIteratorOfInts(int last, int[] out) {
            this.ints = Streams.of(upTo(last));
            this.out = out;
        }

        @Override
        public Future<java.util.Optional<Integer>> next() {
            assertThat(out[0]).isLessThan(3);
            return ints.next();
        }

        @Override
        public Future<Void> close() {
            return ints.close();
        }
    }

    @Test
    @Tag("semantics-120")
    void theFirstErrorCancelsTheOtherCallsAndWaitsForThem() {
        assertThat(failureOf(VirtualRun.of(() -> Streams.toList(
                        Streams.<Integer, Integer>mapConcurrent(
                                3,
                                counting(10, log),
                                i -> i == 2
                                        ? ms(5).compose(v -> Future.failedFuture(bad))
                                        : Tasks.finallyDo(
                                                Scripts::<Integer>ages,
                                                () -> ms(10).onSuccess(v -> log.add("call " + i)))),
                        100))))
                .isSameAs(bad);
        assertThat(log).contains("call 1", "cleanup").doesNotContain("make 4");
    }

    @Test
    @Tag("semantics-120")
    void aCancelOfTheConsumerPullsNoMoreAndCancelsTheCalls() {
        resultOf(VirtualRun.of(() -> {
            Task<Void> consumer = Tasks.start(() -> Streams.forEach(
                    Streams.<Integer, Integer>mapConcurrentUnordered(
                            2,
                            counting(10, log),
                            i -> Tasks.finallyDo(
                                    Scripts::<Integer>ages, () -> ms(10).onSuccess(v -> log.add("call " + i)))),
                    i -> Future.succeededFuture()));
            return ms(500).compose(v -> consumer.cancelAndJoin()).compose(end -> {
                assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                return logged(log, "joined");
            });
        }));
        assertThat(log)
                .startsWith("begin", "make 1", "make 2")
                .doesNotContain("make 3")
                .contains("call 1", "call 2", "cleanup")
                .endsWith("joined");
    }

    @Test
    void aPullThatTimesOutTakesNothing() {
        List<Integer> got = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> slow = Streams.mapConcurrent(2, Streams.of(upTo(4)), i -> ms(25).map(i));
            return Tasks.loopWhile(() -> Tasks.timeout(Duration.ofMillis(10), slow::next)
                            .map(element -> {
                                element.ifPresent(got::add);
                                return element.isPresent();
                            })
                            .recover(late -> late instanceof TaskTimeoutException
                                    ? Future.succeededFuture(true)
                                    : Future.failedFuture(late)))
                    .compose(v -> slow.close());
        }));
        assertThat(got).containsExactly(1, 2, 3, 4);
    }

    @Test
    void outsideAnyTaskAPullIsRefused() {
        assertThatThrownBy(() -> counting(3, log).next()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Streams.of(upTo(3)).next()).isInstanceOf(IllegalStateException.class);
        assertThat(counting(3, log).close().succeeded()).isTrue();
    }

    @Test
    void whatFailsDuringTheCleanupIsSuppressedInTheFirstError() {
        IllegalStateException worse = new IllegalStateException("worse");
        assertThat(failureOf(VirtualRun.of(() -> Streams.toList(
                        Streams.<Integer, Integer>mapConcurrent(
                                2,
                                Streams.of(upTo(2)),
                                i -> i == 2
                                        ? ms(5).compose(v -> Future.failedFuture(bad))
                                        : Scripts.<Integer>ages().recover(e -> Future.failedFuture(worse))),
                        100))))
                .isSameAs(bad)
                .hasSuppressedException(worse);
    }

    @Test
    void anElementThatIsNullOrCannotBeMadeEndsTheStream() {
        assertThat(failureOf(VirtualRun.of(() -> Streams.toList(Streams.of(Arrays.asList(1, null, 3)), 100))))
                .hasMessage("the function of a stream of items returned null");
        AsyncIterator<Integer> broken = Streams.flatMap(
                counting(3, log),
                i -> () -> upTo(i).stream()
                        .map(j -> {
                            if (j == 2) {
                                throw bad;
                            }
                            return j;
                        })
                        .iterator());
        assertThat(failureOf(VirtualRun.of(() -> Streams.toList(broken, 100)))).isSameAs(bad);
        assertThat(log).containsExactly("begin", "make 1", "make 2", "cleanup");
    }

    @Test
    void aMergeOfNothingEndsAtOnceAndClosesAtOnce() {
        assertThat(listOf(() -> now(Streams.merge(List.<AsyncIterator<Integer>>of()))))
                .isEmpty();
        resultOf(VirtualRun.of(
                () -> Streams.merge(List.<AsyncIterator<Integer>>of()).close()));
    }

    @Test
    void streamsSayWhatTheyAreMadeOf() {
        resultOf(VirtualRun.of(() -> {
            assertThat(Streams.take(2, Streams.buffer(3, counting(1, log))))
                    .hasToString("the first 2 of a buffer of 3 of generator 'counting'");
            return ms(0);
        }));
    }
}
