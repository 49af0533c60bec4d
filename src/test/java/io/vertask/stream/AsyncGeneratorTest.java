package io.vertask.stream;

import static io.vertask.stream.Samples.counting;
import static io.vertask.stream.Samples.logged;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.CancelledException;
import io.vertask.task.Outcome;
import io.vertask.task.Scripts;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.task.UnobservedFailureException;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AsyncGeneratorTest {
    private final List<String> log = new ArrayList<>();
    private final IllegalStateException bad = new IllegalStateException("bad");
    private final IllegalStateException worse = new IllegalStateException("worse");

    @Test
    @Tag("semantics-112")
    void nothingRunsBeforeThePullAndEachPullMakesOneStep() {
        resultOf(VirtualRun.of(() -> {
            AsyncGenerator<Integer> numbers = counting(2, log);
            return ms(100).compose(v -> {
                        assertThat(log).isEmpty();
                        return numbers.next();
                    })
                    .compose(first -> {
                        assertThat(first).hasValue(1);
                        return ms(100);
                    })
                    .compose(v -> {
                        assertThat(log).containsExactly("begin", "make 1");
                        return numbers.next();
                    })
                    .compose(second -> numbers.next())
                    .compose(end -> {
                        assertThat(end).isEmpty();
                        return numbers.next();
                    })
                    .onSuccess(stillTheEnd -> assertThat(stillTheEnd).isEmpty());
        }));
        assertThat(log).containsExactly("begin", "make 1", "make 2", "cleanup");
    }

    @Test
    @Tag("semantics-112")
    void anErrorComesOutOfThePullThatMetItAndThenTheEnd() {
        resultOf(VirtualRun.of(() -> {
            AsyncGenerator<Integer> broken =
                    AsyncGenerator.of(emitter -> emitter.emit(1).compose(v -> Future.failedFuture(bad)));
            AsyncGenerator<Integer> throwing = AsyncGenerator.of(emitter -> {
                throw bad;
            });
            return broken.next()
                    .compose(first -> broken.next())
                    .transform(second -> {
                        assertThat(second.cause()).isSameAs(bad);
                        return broken.next();
                    })
                    .compose(end -> throwing.next())
                    .transform(end -> {
                        assertThat(end.cause()).isSameAs(bad);
                        return throwing.next();
                    })
                    .onSuccess(end -> assertThat(end).isEmpty())
                    .compose(v -> throwing.close());
        }));
    }

    @Test
    @Tag("semantics-113")
    void aBreakClosesTheGeneratorBeforeTheLoopIsOver() {
        resultOf(VirtualRun.of(() -> Streams.forEachWhile(
                        counting(10, log), i -> logged(log, "use " + i).map(i < 2))
                .onSuccess(v -> log.add("after the loop"))));
        assertThat(log).containsExactly("begin", "make 1", "use 1", "make 2", "use 2", "cleanup", "after the loop");
    }

    @Test
    @Tag("semantics-114")
    void anErrorInTheLoopClosesTheGeneratorBeforeItIsSeen() {
        resultOf(VirtualRun.of(() -> Streams.forEach(
                        counting(10, log), i -> ms(1).compose(v -> Future.failedFuture(bad)))
                .transform(end -> {
                    assertThat(end.cause()).isSameAs(bad);
                    return logged(log, "seen");
                })));
        assertThat(log).containsExactly("begin", "make 1", "cleanup", "seen");
    }

    @Test
    @Tag("semantics-114")
    void aCancelInTheLoopCleansUpTheLoopThenTheGeneratorThenIsSeen() {
        resultOf(VirtualRun.of(() -> {
            Task<Void> consumer = Tasks.start(() -> Streams.forEach(
                    counting(10, log),
                    i -> Tasks.finallyDo(Scripts::<Void>ages, () -> ms(5).onSuccess(v -> log.add("loop")))));
            return ms(50).compose(v -> consumer.cancelAndJoin()).onSuccess(end -> {
                assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                log.add("seen");
            });
        }));
        assertThat(log).containsExactly("begin", "make 1", "loop", "cleanup", "seen");
    }

    @Test
    @Tag("semantics-115")
    void aCancelWhileTheGeneratorWaitsRunsItsCleanupBeforeItIsSeen() {
        resultOf(VirtualRun.of(() -> {
            AsyncGenerator<Integer> stuck = AsyncGenerator.of(
                    emitter -> Tasks.finallyDo(Scripts::<Void>ages, () -> ms(5).onSuccess(v -> log.add("cleanup"))));
            Task<Void> consumer = Tasks.start(() -> Streams.forEach(stuck, i -> Future.succeededFuture()));
            return ms(50).compose(v -> consumer.cancelAndJoin()).onSuccess(end -> {
                assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                log.add("seen");
            });
        }));
        assertThat(log).containsExactly("cleanup", "seen");
    }

    @Test
    @Tag("semantics-116")
    void closingTwiceAfterTheEndAndBeforeTheFirstPullDoesNothing() {
        resultOf(VirtualRun.of(() -> {
            AsyncGenerator<Integer> unused = counting(2, log);
            AsyncGenerator<Integer> used = counting(1, log);
            AsyncGenerator<Integer> left = counting(2, log);
            return unused.close()
                    .compose(v -> unused.next())
                    .compose(end -> {
                        assertThat(end).isEmpty();
                        assertThat(log).isEmpty();
                        return Streams.forEach(used, i -> Future.succeededFuture());
                    })
                    .compose(v -> used.close())
                    .compose(v -> left.next())
                    .compose(v -> {
                        log.clear();
                        return Tasks.gather(left::close, left::close);
                    })
                    .compose(v -> left.close())
                    .compose(v -> left.next())
                    .onSuccess(end -> assertThat(end).isEmpty());
        }));
        assertThat(log).containsExactly("cleanup");
    }

    @Test
    @Tag("semantics-116")
    void emittingWhileItIsClosedIsAnError() {
        resultOf(VirtualRun.of(() -> {
            AsyncGenerator<Integer> stubborn =
                    AsyncGenerator.named("stubborn", emitter -> emitter.emit(1).recover(closed -> emitter.emit(2)));
            AsyncGenerator<Integer> inCleanup =
                    AsyncGenerator.of(emitter -> Tasks.finallyDo(() -> emitter.emit(1), () -> emitter.emit(2)));
            return stubborn.next()
                    .compose(v -> stubborn.close())
                    .transform(end -> {
                        assertThat(end.cause())
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessage("generator 'stubborn' emitted an element while it was being closed");
                        return inCleanup.next();
                    })
                    .compose(v -> inCleanup.close())
                    .transform(end -> {
                        assertThat(end.cause()).isInstanceOf(IllegalStateException.class);
                        return Future.succeededFuture();
                    });
        }));
    }

    @Test
    @Tag("semantics-116")
    void anEmitAfterTheEndIsAnErrorAndNullIsRefused() {
        AtomicReference<AsyncGenerator.Emitter<Integer>> kept = new AtomicReference<>();
        resultOf(VirtualRun.of(() -> {
            AsyncGenerator<Integer> empty = AsyncGenerator.of(emitter -> {
                kept.set(emitter);
                return Future.succeededFuture();
            });
            AsyncGenerator<Integer> nothing = AsyncGenerator.of(emitter -> emitter.emit(nothingAtAll()));
            return empty.next()
                    .compose(end -> requireNonNull(kept.get()).emit(1))
                    .transform(late -> {
                        assertThat(late.cause()).isInstanceOf(IllegalStateException.class);
                        return nothing.next();
                    })
                    .transform(end -> {
                        assertThat(end.cause())
                                .isInstanceOf(NullPointerException.class)
                                .hasMessage("generator 'generator' emitted null; an element is never null");
                        return Future.succeededFuture();
                    });
        }));
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothingAtAll() {
        return null;
    }

    @Test
    void theErrorOfTheCleanupComesOutOfTheLoopAndIsSuppressedBehindTheLoopsOwn() {
        assertThat(failureOf(VirtualRun.of(() -> Streams.forEachWhile(unclean(), i -> Future.succeededFuture(false)))))
                .isSameAs(worse);
        assertThat(failureOf(VirtualRun.of(() -> Streams.forEach(unclean(), i -> Future.failedFuture(bad)))))
                .isSameAs(bad)
                .hasSuppressedException(worse);
    }

    private AsyncGenerator<Integer> unclean() {
        return AsyncGenerator.of(emitter ->
                Tasks.finallyDo(() -> emitter.emit(1), () -> ms(5).compose(v -> Future.failedFuture(worse))));
    }

    @Test
    @Tag("semantics-117")
    void theEndOfItsTaskClosesAGeneratorLeftOpen() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            AsyncGenerator<Integer> left = counting(10, log);
            AsyncGenerator<Integer> unclean = unclean();
            return left.next().compose(v -> unclean.next()).map("main");
        });
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("main"));
        assertThat(log).containsExactly("begin", "make 1", "cleanup");
        assertThat(run.unhandled())
                .singleElement()
                .isInstanceOf(UnobservedFailureException.class)
                .satisfies(e -> assertThat(e).hasCause(worse));
        assertThat(run.pendingTimers()).isZero();
    }

    @Test
    @Tag("semantics-117")
    void aChainOfGeneratorsClosesFromTheOutside() {
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> chain = counting(10, log);
            for (int i = 1; i <= 3; i++) {
                AsyncIterator<Integer> inner = chain;
                String name = "cleanup " + i;
                chain = AsyncGenerator.of(emitter -> Tasks.finallyDo(
                        () -> Streams.forEach(inner, emitter::emit), () -> ms(1).onSuccess(v -> log.add(name))));
            }
            AsyncIterator<Integer> left = chain;
            return left.next().onSuccess(first -> {
                assertThat(first).hasValue(1);
                log.add("main is over");
            });
        }));
        assertThat(log)
                .containsSubsequence("main is over", "cleanup")
                .contains("cleanup 1", "cleanup 2", "cleanup 3")
                .hasSize(7);
    }

    @Test
    void twoPullsAtOnceAreRefused() {
        resultOf(VirtualRun.of(() -> {
            AsyncGenerator<Integer> numbers = counting(3, log);
            Task<Optional<Integer>> first = Tasks.start(numbers::next);
            return ms(1).compose(v -> numbers.next())
                    .transform(second -> {
                        assertThat(second.cause())
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("two pulls of generator 'counting' at once");
                        return first.future();
                    })
                    .onSuccess(element -> assertThat(element).hasValue(1))
                    .compose(v -> numbers.close());
        }));
    }

    @Test
    void tasksOfTheBodyThatEmitAtOnceTakeTurns() {
        List<Integer> all = resultOf(VirtualRun.of(() -> Streams.toList(
                AsyncGenerator.<Integer>of(emitter -> Tasks.gather(
                        () -> Tasks.forEach(List.of(1, 2, 3), emitter::emit),
                        () -> Tasks.forEach(List.of(11, 12, 13), emitter::emit))),
                10)));
        assertThat(all)
                .containsExactlyInAnyOrder(1, 2, 3, 11, 12, 13)
                .containsSubsequence(1, 2, 3)
                .containsSubsequence(11, 12, 13);
    }

    @Test
    void anElementWhoseEmitWasCutIsNotDelivered() {
        List<Integer> all = resultOf(VirtualRun.of(() -> Streams.toList(
                AsyncGenerator.<Integer>of(emitter -> Tasks.gather(
                        () -> emitter.emit(1).compose(v -> ms(1)),
                        () -> Tasks.timeout(Duration.ofMillis(5), () -> emitter.emit(2))
                                .recover(late -> ms(100)))),
                10)));
        assertThat(all).isNotEmpty();
    }

    @Test
    @Tag("semantics-112")
    void inACancelledScopeNothingIsPulled() {
        resultOf(VirtualRun.of(() -> {
            AsyncGenerator<Integer> numbers = counting(3, log);
            Task<Optional<Integer>> task = Tasks.start(() -> ages().transform(cancelled -> numbers.next()));
            return ms(1).compose(v -> task.cancelAndJoin()).compose(end -> {
                assertThat(end.errorOrNull()).isInstanceOf(CancelledException.class);
                assertThat(log).isEmpty();
                return ms(100);
            });
        }));
        assertThat(log).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // what no type check stops a user from
    void aBodyWithoutAFutureIsAnError() {
        assertThat(failureOf(VirtualRun.of(() ->
                        AsyncGenerator.<Integer>named("lazy", emitter -> null).next())))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("the body of generator 'lazy' returned no future");
    }
}
