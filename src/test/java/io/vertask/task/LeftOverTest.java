package io.vertask.task;

import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.doing;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tasks and waits that a body has left over at its end, and starts that come after it. */
class LeftOverTest {
    private final List<String> log = new ArrayList<>();
    private final IllegalStateException bad = new IllegalStateException("bad");

    @Test
    @Tag("semantics-63")
    void aWaitLeftBehindThatRecoversBeginsNoOther() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            ages().recover(stopped -> ms(1).<Object>mapEmpty()
                    .onComplete(next -> log.add(
                            next.succeeded()
                                    ? "went on"
                                    : ((CancelledException) next.cause())
                                            .reason()
                                            .toString())));
            return Future.succeededFuture("value");
        });
        assertThat(resultOf(run)).isEqualTo("value");
        assertThat(log).containsExactly("parent ended");
    }

    @Test
    void aCompanionStartedByACleanupLeftBehindNeverRuns() {
        List<Outcome<?>> ends = new ArrayList<>();
        resultOf(VirtualRun.of(() -> Tasks.start(() -> {
                    Tasks.finallyDo(Scripts::ages, () -> {
                        Companion.start("late", doing(() -> log.add("ran")), ends::add);
                        return ms(5).onSuccess(v -> log.add("cleaned"));
                    });
                    return Future.succeededFuture();
                })
                .future()));
        assertThat(log).containsExactly("cleaned");
        assertThat(ends).singleElement().isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    @Tag("semantics-63")
    void theCleanupOfWhatABodyLeavesBehindIsAwaited() {
        Coroutine<Void> any = () -> Future.any(
                        Tasks.finallyDo(Scripts::ages, () -> ms(5).onSuccess(v -> log.add("released"))),
                        ms(1).onSuccess(v -> log.add("first")))
                .mapEmpty();
        List<Coroutine<Void>> bodies = List.of(
                any,
                () -> Tasks.timeout(Duration.ofSeconds(1), any),
                () -> Tasks.retry(Retry.times(1), any),
                // a group waits for what is left in it
                () -> TaskGroup.with(group -> {
                    Tasks.finallyDo(() -> ms(1), () -> ms(5).onSuccess(v -> log.add("released")));
                    return Future.succeededFuture();
                }),
                () -> {
                    // the wait for a block, and for a task
                    Tasks.gather(Scripts::ages)
                            .transform(end -> Tasks.finallyDo(
                                    () -> Future.failedFuture(bad), () -> ms(5).onSuccess(v -> log.add("released"))));
                    Task<Object> left = Tasks.start(Scripts::ages);
                    left.future()
                            .transform(end -> Tasks.finallyDo(
                                    () -> Future.failedFuture(bad), () -> ms(5).onSuccess(v -> log.add("released"))));
                    return Future.succeededFuture();
                });
        for (Coroutine<Void> body : bodies) {
            log.clear();
            resultOf(VirtualRun.of(() -> Tasks.start(body).future().onSuccess(v -> log.add("over"))));
            assertThat(log).contains("released").endsWith("over");
        }
    }

    /** A gather of one that only stops, and one that fails doing so. */
    private Future<?> gather() {
        return Tasks.gather(Scripts::ages, agesThen(failsAfter(5, bad)));
    }

    private void assertOnlyBadIsReported(VirtualRun<?> run) {
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled())
                .singleElement()
                .satisfies(e ->
                        assertThat(e).isInstanceOf(CancelledException.class).hasSuppressedException(bad));
    }

    @Test
    @Tag("semantics-6")
    void whatFailsInTheCleanupOfAGatherLeftBehindIsReported() {
        VirtualRun<Void> run = VirtualRun.of(() -> Tasks.start(() -> {
                    gather();
                    return ms(1);
                })
                .future());
        assertOnlyBadIsReported(run);
    }

    @Test
    @Tag("semantics-6")
    void alsoWhenItsTaskIsCancelledMeanwhile() {
        VirtualRun<Outcome<Void>> run = VirtualRun.of(() -> {
            Task<Void> task = Tasks.start(() -> {
                gather();
                return ms(1);
            });
            return ms(3).compose(v -> task.cancelAndJoin());
        });
        assertOnlyBadIsReported(run);
    }

    @Test
    void whatASourceThrowsThatHasCancelledItsTaskIsNotLost() {
        Iterator<String> source = new Iterator<>() {
            @Override
            public boolean hasNext() {
                Task.current().orElseThrow().cancel();
                throw bad;
            }

            @Override
            public String next() {
                throw new AssertionError("there is none");
            }
        };
        VirtualRun<Void> run = VirtualRun.of(() -> Tasks.forEachConcurrent(2, () -> source, item -> ms(1)));
        assertThat(run.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class, end -> assertThat(end.cause()).hasSuppressedException(bad));
    }

    @Test
    void aTaskThatASourceStartsIsNoItemOfTheGather() {
        Iterable<Integer> source = () -> List.of(1, 2, 3).stream()
                .peek(i -> Tasks.start(agesThen(doing(() -> log.add("stopped")))))
                .peek(i -> Tasks.start(() -> ms(i)))
                .iterator();
        assertThat(resultOf(VirtualRun.of(() -> Tasks.mapConcurrent(2, source, i -> ms(5).map(i * 10)))))
                .containsExactly(10, 20, 30);
        assertThat(log).containsExactly("stopped", "stopped", "stopped");
    }

    /** Each hides the failure of a cleanup in its cancellation when it is stopped from outside. */
    private List<Coroutine<Object>> blocks() {
        Coroutine<Object> gather = () -> gather().mapEmpty();
        return List.of(
                gather,
                () -> Tasks.gather(gather, Scripts::ages).mapEmpty(),
                () -> Tasks.race(gather, Scripts::ages),
                () -> Tasks.race(Scripts::ages, agesThen(failsAfter(5, bad))),
                () -> Tasks.mapConcurrent(2, List.of(1, 2), i -> gather()).mapEmpty());
    }

    private void assertBadIsReported(String what, VirtualRun<?> run) {
        assertThat(run.outcome().isSuccess()).as(what).isTrue();
        assertThat(run.unhandled())
                .as(what)
                .isNotEmpty()
                .allSatisfy(e -> assertThat(all(e)).contains(bad));
    }

    private static List<Throwable> all(Throwable error) {
        List<Throwable> all = new ArrayList<>();
        for (Throwable at = error; at != null; at = at.getCause()) {
            all.add(at);
            for (Throwable second : at.getSuppressed()) {
                all.addAll(all(second));
            }
        }
        return all;
    }

    @Test
    @Tag("semantics-6")
    void whatFailsInTheCleanupOfABlockInATaskLeftBehindIsReported() {
        for (int i = 0; i < blocks().size(); i++) {
            Coroutine<Object> block = blocks().get(i);
            assertBadIsReported(
                    "left behind " + i,
                    VirtualRun.of(() -> Tasks.start(() -> {
                                Tasks.start(block);
                                return ms(1);
                            })
                            .future()));
        }
    }

    @Test
    @Tag("semantics-48")
    void whatFailsInTheCleanupOfABlockInACancelledGroupIsReported() {
        for (int i = 0; i < blocks().size(); i++) {
            Coroutine<Object> block = blocks().get(i);
            assertBadIsReported(
                    "group " + i,
                    VirtualRun.of(() -> TaskGroup.with(group -> {
                        group.start(block);
                        return ms(1).onSuccess(v -> group.cancel(CancelReason.USER));
                    })));
        }
    }

    @Test
    @Tag("semantics-84")
    void whatFailsInTheCleanupOfABlockThatIsMovedOnFromIsReported() {
        for (int i = 0; i < blocks().size(); i++) {
            Coroutine<Object> block = blocks().get(i);
            assertBadIsReported("moved on " + i, VirtualRun.of(() -> Timeout.moveOn(Duration.ofMillis(1), block)));
        }
    }

    @Test
    void whatFailsInTheCleanupOfALoserThatIsABlockIsReported() {
        for (int i = 0; i < blocks().size(); i++) {
            Coroutine<Object> block = blocks().get(i);
            assertBadIsReported("loser " + i, VirtualRun.of(() -> Tasks.race(block, () -> ms(1).mapEmpty())));
        }
    }
}
