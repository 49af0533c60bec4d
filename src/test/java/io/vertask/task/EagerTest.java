package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EagerTest {
    private final IllegalStateException bad = new IllegalStateException("bad");

    private static String me() {
        return Task.current().orElseThrow().name();
    }

    private static void set(String value) {
        Vertx.currentContext().putLocal(TestLocals.WHO, value);
    }

    private static String who() {
        return String.valueOf(Vertx.currentContext().<String>getLocal(TestLocals.WHO));
    }

    @Test
    @Tag("semantics-147")
    void aBodyThatNeverWaitsIsOverWhenTheStartReturns() {
        resultOf(VirtualRun.of(() -> {
            Task<String> done = Tasks.startEager(() -> Future.succeededFuture("value"));
            assertThat(done.state()).isEqualTo(Task.State.SUCCEEDED);
            assertThat(done.resultNow()).isEqualTo("value");
            assertThat(done.cancel()).isFalse();
            Task<String> failed = Tasks.startEager(() -> {
                throw bad;
            });
            assertThat(failed.tryOutcome()).contains(new Outcome.Failure<>(bad));
            return done.future().onSuccess(v -> assertThat(v).isEqualTo("value"));
        }));
    }

    @Test
    @Tag("semantics-147")
    void oneThatWaitsGoesOnInTurnsOfItsOwn() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            Task<String> task = Tasks.startEager(() -> {
                log.add("first step");
                return after(5, "value").call().onSuccess(v -> log.add("second step"));
            });
            log.add("after the start: " + task.state());
            return task.future();
        }));
        assertThat(log).containsExactly("first step", "after the start: RUNNING", "second step");
    }

    @Test
    @Tag("semantics-147")
    void theCurrentTaskAndTheValuesAreSwappedAndRestored() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            set("parent");
            Task<Void> quick = Tasks.startEager("quick", () -> {
                log.add(me() + " " + who());
                set("quick");
                throw bad;
            });
            log.add(me() + " " + who());
            Task<Void> slow = Tasks.startEager("slow", () -> {
                set("slow");
                return ms(1).onSuccess(v -> log.add(me() + " " + who()));
            });
            log.add(me() + " " + who());
            return slow.future()
                    .onSuccess(v -> log.add(me() + " " + who()))
                    .compose(v -> quick.settled())
                    .mapEmpty();
        }));
        assertThat(log).containsExactly("quick parent", "main parent", "main parent", "slow slow", "main parent");
    }

    @Test
    @Tag("semantics-148")
    void aCancelRightAfterTheFirstStepComesWithItsReason() {
        Outcome<Void> end = requireNonNull(resultOf(VirtualRun.of(() -> {
            Task<Void> task = Tasks.startEager(Scripts::ages);
            return task.cancelAndJoin(CancelReason.user("why"));
        })));
        assertThat(((Outcome.Cancelled<?>) end).cause().reason().detail()).isEqualTo("why");
    }

    @Test
    @Tag("semantics-148")
    void aHundredThousandWithinEachOtherNeedNoStack() {
        AtomicInteger left = new AtomicInteger(100_000);
        class Nest {
            Future<Integer> one() {
                return left.decrementAndGet() == 0
                        ? Future.succeededFuture(0)
                        : Tasks.startEager(this::one).future();
            }
        }
        assertThat(resultOf(
                        VirtualRun.of(() -> Tasks.startEager(new Nest()::one).future())))
                .isZero();
        assertThat(left).hasValue(0);
    }

    @Test
    void inACancelledScopeTheBodyNeverRuns() {
        AtomicInteger ran = new AtomicInteger();
        VirtualRun<Object> run = VirtualRun.of(() -> {
            Task.current().orElseThrow().cancel();
            Task<Void> task = Tasks.startEager(Scripts.doing(ran::incrementAndGet));
            assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
            return ages();
        });
        Scripts.cancelOf(run);
        assertThat(ran).hasValue(0);
    }

    @Test
    @Tag("semantics-59")
    void aChildThatCancelsItsGroupInItsFirstStepIsCancelledTooAndNothingLeaksOut() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> TaskGroup.with(group -> {
                    group.startEager(() -> {
                        group.cancel(CancelReason.USER);
                        return ages().onFailure(
                                        e -> log.add("child " + e.getClass().getSimpleName()));
                    });
                    return Future.succeededFuture();
                })
                .compose(v -> ms(1).onSuccess(w -> log.add("after the group")))));
        assertThat(log).containsExactly("child CancelledException", "after the group");
    }

    @Test
    @Tag("semantics-59")
    void aChildThatFailsInItsFirstStepFailsItsGroup() {
        List<String> log = new ArrayList<>();
        VirtualRun<Object> run = VirtualRun.of(() -> TaskGroup.with(group -> {
            group.start(() -> ages().onFailure(e -> log.add("sibling")));
            return ms(1).compose(v -> {
                group.startEager(() -> {
                    throw bad;
                });
                return ages();
            });
        }));
        assertThat(Scripts.failureOf(run))
                .isInstanceOf(TaskGroupException.class)
                .hasCause(bad);
        assertThat(log).containsExactly("sibling");
    }

    @Test
    void outsideAnyTaskItBeginsAtOnceToo() throws Exception {
        List<String> log = java.util.Collections.synchronizedList(new ArrayList<>());
        Vertx vertx = Vertx.vertx();
        try {
            vertx.deployVerticle(new io.vertx.core.AbstractVerticle() {
                        @Override
                        public void start() {
                            Tasks.startEager(() -> {
                                log.add("step");
                                return Future.succeededFuture();
                            });
                            log.add("after");
                        }
                    })
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, java.util.concurrent.TimeUnit.SECONDS);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, java.util.concurrent.TimeUnit.SECONDS);
        }
        assertThat(log).containsExactly("step", "after");
    }
}
