package io.vertask.task;

import static io.vertask.task.Scripts.ms;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A value that a wait has given to a body leaves every block around it, or its dispose hook runs: never neither. */
class HandOverTest {
    /** Hands out one resource after five milliseconds, which must be closed by the code that gets it. */
    private static final class Source {
        int opened;
        int closed;

        Future<String> take() {
            return Waiter.await("a resource", wait -> {
                Ready ready = Scope.current("take").ready;
                Timers.Alarm alarm =
                        ready.timers.set(ready.loop, Duration.ofMillis(5).toNanos(), () -> {
                            opened++;
                            wait.resume("resource");
                        });
                wait.onUndelivered(r -> closed++);
                wait.onCancel(cause -> {
                    alarm.cancel();
                    return opened == 0;
                });
            });
        }

        void holds(Outcome<String> end, String when) {
            if (end.isSuccess()) {
                assertThat(end.orElseThrow()).as(when).isEqualTo("resource");
                closed++;
            }
            closed += lost;
            lost = 0;
            assertThat(closed)
                    .as("closed of what was opened, %s: %s", when, end)
                    .isEqualTo(opened);
        }
    }

    /** A way to run a body in a block. */
    record Kind(String name, UnaryOperator<Coroutine<String>> around) {
        @Override
        public String toString() {
            return name;
        }

        Coroutine<String> over(Coroutine<String> body) {
            return around.apply(body);
        }
    }

    /** The values of a shield whose caller had gone. */
    private static int lost;

    private static final Duration LONG = Duration.ofHours(1);

    private static List<Kind> kinds() {
        return List.of(
                new Kind("timeout", body -> () -> Tasks.timeout(LONG, body)),
                new Kind("waitFor", body -> () -> Tasks.waitFor(body, LONG)),
                new Kind(
                        "timeout with a leftover",
                        body -> () -> Tasks.timeout(LONG, () -> {
                            Tasks.start(Scripts.agesThen(() -> ms(3)));
                            return body.call();
                        })),
                new Kind("gather", body -> () -> Tasks.gather(body).map(all -> all.get(0))),
                new Kind(
                        "gather with a quick sibling",
                        body -> () ->
                                Tasks.<String>gather(Scripts.after(1, ""), body).map(all -> all.get(1))),
                new Kind(
                        "settle",
                        body -> () -> Tasks.settle(body)
                                .compose(all -> all.get(0) instanceof Outcome.Success<String> s
                                        ? Future.succeededFuture(s.value())
                                        : Future.failedFuture(all.get(0).errorOrNull()))),
                new Kind("group", body -> () -> TaskGroup.with(group -> callOf(body))),
                new Kind(
                        "group that waits for its child",
                        body -> () -> TaskGroup.with(group -> group.start(body).future())),
                new Kind("finallyDo", body -> () -> Tasks.finallyDo(body, () -> Future.succeededFuture())),
                new Kind("finallyDo with a cleanup that waits", body -> () -> Tasks.finallyDo(body, () -> ms(3))),
                new Kind("shield", body -> () -> Tasks.shield(body, late -> lost++)),
                new Kind(
                        "mapConcurrent",
                        body -> () -> Tasks.mapConcurrent(2, List.of(1), i -> callOf(body))
                                .map(all -> all.get(0))),
                new Kind(
                        "race", body -> () -> Tasks.race(List.of(Scripts.agesThen(() -> ms(2)), body), late -> lost++)),
                new Kind("retry", body -> () -> Tasks.retry(Retry.times(3), body)),
                new Kind("moveOn", body -> () -> Timeout.moveOn(LONG, body).map(moved -> moved.orElse(null))),
                new Kind("a task of its own", body -> () -> Tasks.start(body).future()),
                new Kind(
                        "a task with a leftover",
                        body -> () -> Tasks.start(() -> {
                                    Tasks.start(Scripts.agesThen(() -> ms(3)));
                                    return body.call();
                                })
                                .future()));
    }

    private static Future<String> callOf(Coroutine<String> body) {
        try {
            return body.call();
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }

    /** Every kind of block, and every kind in every kind. */
    static Stream<Kind> nested() {
        List<Kind> all = new ArrayList<>(kinds());
        for (Kind outer : kinds()) {
            for (Kind inner : kinds()) {
                all.add(new Kind(inner + " in " + outer, body -> outer.over(inner.over(body))));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("nested")
    @Tag("semantics-32")
    @Tag("semantics-81")
    void aCancelAtAnyTurnLosesNothingOfABodyThatIsABlock(Kind kind) {
        Source[] source = new Source[1];
        VirtualRun.cancelledAtEveryTurn(
                () -> {
                    source[0] = new Source();
                    return kind.over(source[0]::take);
                },
                (turn, run) -> {
                    Scripts.leavesNothing(run);
                    source[0].holds(run.outcome(), "turn " + turn + " of " + run.turns());
                });
    }

    @ParameterizedTest
    @MethodSource("nested")
    @Tag("semantics-32")
    @Tag("semantics-81")
    void norDoesACancelInAnyInterleaving(Kind kind) {
        int delivered = 0;
        boolean nested = kind.name().contains(" in ");
        int seeds = nested ? 42 : 1_000;
        for (long seed = 0; seed < seeds; seed++) {
            // from the instant of the value on, when cleanups run too, to the end
            long wait = 5 + 4 * (seed % 3);
            int turns = (int) (seed % 7);
            Source source = new Source();
            VirtualRun<Outcome<String>> run = VirtualRun.seeded(seed, () -> {
                Task<String> task = Tasks.start(kind.over(source::take));
                return ms(wait).compose(
                                v -> Tasks.forEach(Collections.nCopies(turns, 0), i -> Tasks.sleep(Duration.ZERO)))
                        .compose(v -> task.cancelAndJoin());
            });
            Scripts.leavesNothing(run);
            Outcome<String> end = requireNonNull(run.outcome().orElseThrow());
            source.holds(end, "seed " + seed);
            delivered += end.isSuccess() ? 1 : 0;
        }
        assertThat(delivered).as("delivered").isBetween(1, nested ? seeds : seeds - 1);
    }

    /** The hand-out of ten thousand blocks needs no more stack than that of one, and the cancel is late for all. */
    @Test
    @Tag("semantics-32")
    void theValueGetsOutOfTenThousandBlocks() {
        Source source = new Source();
        Coroutine<String> nest = source::take;
        for (int i = 0; i < 5_000; i++) {
            Coroutine<String> inner = nest;
            // begun in turns of their own, or the way in would overflow
            nest = () -> Tasks.timeout(LONG, () -> Tasks.start(inner).future());
        }
        Coroutine<String> body = nest;
        VirtualRun<Outcome<String>> run = VirtualRun.of(() -> {
            Task<String> task = Tasks.start(body);
            return ms(5).compose(v -> Tasks.forEach(Collections.nCopies(100, 0), i -> Tasks.sleep(Duration.ZERO)))
                    .compose(v -> task.cancelAndJoin());
        });
        Scripts.leavesNothing(run);
        assertThat(run.outcome().orElseThrow()).isEqualTo(new Outcome.Success<>("resource"));
    }

    @Test
    void afterALateCancelTheNextWaitFails() {
        List<String> log = new ArrayList<>();
        VirtualRun<Outcome<Void>> run = VirtualRun.of(() -> {
            List<Waiter<String>> waits = new ArrayList<>();
            Task<Void> task = Tasks.start(() -> Tasks.timeout(LONG, () -> Waiter.<String>await("a value", waits::add))
                    .compose(v -> {
                        log.add(v);
                        return ms(1).onFailure(e -> log.add(e.getClass().getSimpleName()));
                    }));
            return ms(1).compose(v -> {
                waits.get(0).resume("value");
                return Tasks.sleep(Duration.ZERO).compose(w -> task.cancelAndJoin());
            });
        });
        Scripts.leavesNothing(run);
        assertThat(log).containsExactly("value", "CancelledException");
        assertThat(run.outcome().orElseThrow()).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    void aJoinOfATaskThatHasEndedGivesItsEndAndNotTheLateCancel() {
        VirtualRun<Outcome<String>> run = VirtualRun.of(() -> {
            List<Waiter<String>> waits = new ArrayList<>();
            Task<String> joined = Tasks.start(() -> Waiter.<String>await("a value", waits::add));
            Task<String> joining = Tasks.start(joined::future);
            return ms(1).compose(v -> {
                waits.get(0).resume("value");
                return Tasks.sleep(Duration.ZERO).compose(w -> joining.cancelAndJoin());
            });
        });
        Scripts.leavesNothing(run);
        assertThat(run.outcome().orElseThrow()).isEqualTo(new Outcome.Success<>("value"));
    }

    /** A block does not save the value of a body that was cancelled before it returned. */
    @ParameterizedTest
    @MethodSource("selfCancelling")
    @Tag("semantics-20")
    void aBodyThatWasCancelledFirstIsCancelledHoweverManyBlocksItReturnsThrough(Kind kind) {
        VirtualRun<String> run = VirtualRun.of(kind.over(() -> {
            Task.current().orElseThrow().cancel();
            return Future.succeededFuture("value");
        }));
        Scripts.leavesNothing(run);
        assertThat(run.outcome()).isInstanceOf(Outcome.Cancelled.class);
    }

    static Stream<Kind> selfCancelling() {
        return kinds().stream()
                .filter(kind ->
                        kind.name().startsWith("finallyDo") || kind.name().startsWith("timeout"));
    }
}
