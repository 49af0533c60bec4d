package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.leavesNothing;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A limit as an object: read, moved, strict, or no failure. */
class TimeoutScopeTest {
    private static final Duration TEN = Duration.ofMillis(10);
    private final IllegalStateException bad = new IllegalStateException("bad");
    private final AtomicReference<Timeout> kept = new AtomicReference<>();

    private Timeout kept() {
        return Objects.requireNonNull(kept.get());
    }

    private Future<Void> keep(Timeout timeout, Future<Void> rest) {
        kept.set(timeout);
        return rest;
    }

    @Test
    @Tag("semantics-65")
    void itSaysAfterwardsWhetherItExpired() {
        failureOf(VirtualRun.of(() -> Timeout.with(TEN, t -> keep(t, ages()))));
        assertThat(kept().expired()).isTrue();
        resultOf(VirtualRun.of(() -> Timeout.with(TEN, t -> keep(t, ms(9)))));
        assertThat(kept().expired()).isFalse();
    }

    @Test
    @Tag("semantics-65")
    void nullIsNoLimit() {
        VirtualRun<Void> run = VirtualRun.of(() -> Timeout.with(null, t -> {
            assertThat(t.remaining()).isEmpty();
            assertThat(t.deadline()).isEmpty();
            assertThat(Tasks.remaining()).isEmpty();
            return keep(t, ms(3_600_000));
        }));
        resultOf(run);
        assertThat(kept().expired()).isFalse();
        assertThat(resultOf(VirtualRun.of(() -> Tasks.timeout(null, after(5, "a")))))
                .isEqualTo("a");
        assertThat(resultOf(VirtualRun.of(() -> Tasks.waitFor(after(5, "a"), null))))
                .isEqualTo("a");
    }

    @Test
    @Tag("semantics-66")
    void aBodyThatNeverWaitsIsNotExpired() {
        resultOf(VirtualRun.of(() -> Timeout.with(Duration.ZERO, t -> keep(t, Future.succeededFuture()))));
        assertThat(kept().expired()).isFalse();
    }

    @Test
    @Tag("semantics-71")
    void ofNestedLimitsWithOneDeadlineBothHaveExpired() {
        for (long seed = 0; seed < 100; seed++) {
            List<Timeout> both = new ArrayList<>();
            VirtualRun<Void> run = VirtualRun.seeded(
                    seed,
                    () -> Timeout.with(
                            TEN,
                            outer -> Timeout.<Void>with(TEN, inner -> {
                                        both.addAll(List.of(outer, inner));
                                        return ages();
                                    })
                                    .onFailure(e -> assertThat(e).isInstanceOf(CancelledException.class))));
            assertThat(both.get(0).raised(failureOf(run))).as("seed %s", seed).isTrue();
            assertThat(both).as("seed %s", seed).allMatch(Timeout::expired);
        }
    }

    @Test
    @Tag("semantics-73")
    void anotherLimitCounts() {
        record Case(Duration first, long at, Duration then, long ends) {}
        for (Case c : List.of(
                new Case(TEN, 5, Duration.ofMillis(20), 25),
                new Case(TEN, 5, Duration.ofMillis(1), 6),
                new Case(TEN, 0, Duration.ofMillis(3), 3),
                new Case(TEN, 5, Duration.ofMillis(-1), 5),
                new Case(TEN, 5, Duration.ZERO, 5))) {
            VirtualRun<Void> run = VirtualRun.of(() -> Timeout.with(
                    c.first(),
                    t -> ms(c.at()).compose(v -> {
                        t.reschedule(c.then());
                        assertThat(t.remaining()).contains(c.then());
                        assertThat(t.deadline())
                                .isEqualTo(OptionalLong.of(
                                        Tasks.nanoTime() + c.then().toNanos()));
                        return ages();
                    })));
            assertThat(failureOf(run))
                    .as("%s", c)
                    .isInstanceOfSatisfying(
                            TaskTimeoutException.class,
                            e -> assertThat(e.limit())
                                    .isEqualTo(Duration.ofMillis(c.at()).plus(c.then())));
            assertThat(run.elapsed()).as("%s", c).isEqualTo(Duration.ofMillis(c.ends()));
        }
    }

    @Test
    @Tag("semantics-73")
    void itCanBeTakenAwayAndPutBackAndSetBeforeTheFirstWait() {
        VirtualRun<Void> away = VirtualRun.of(() -> Timeout.with(
                TEN,
                t -> ms(5).compose(v -> {
                    t.reschedule(null);
                    return ms(1_000);
                })));
        resultOf(away);
        VirtualRun<Void> back = VirtualRun.of(() -> Timeout.with(
                null,
                t -> ms(5).compose(v -> {
                    t.reschedule(TEN);
                    return ages();
                })));
        failureOf(back);
        assertThat(back.elapsed()).isEqualTo(Duration.ofMillis(15));
        VirtualRun<Void> first = VirtualRun.of(() -> Timeout.with(null, t -> {
            t.reschedule(TEN);
            return ages();
        }));
        failureOf(first);
        assertThat(first.elapsed()).isEqualTo(TEN);
    }

    @Test
    @Tag("semantics-73")
    void itCanBeMovedAsFarAsADurationGoes() {
        resultOf(VirtualRun.of(() -> Timeout.with(
                TEN,
                t -> ms(5).compose(v -> {
                    t.reschedule(ChronoUnit.FOREVER.getDuration());
                    assertThat(t.remaining().orElseThrow()).isGreaterThan(Duration.ofDays(36_500));
                    return ms(3_600_000);
                }))));
    }

    @Test
    @Tag("semantics-73")
    void anAlarmThatHasGoneOffAndIsWaitingForItsTurnDoesNotCountAnyMore() {
        for (long seed = 0; seed < 100; seed++) {
            VirtualRun<String> run = VirtualRun.seeded(
                    seed,
                    () -> Timeout.with(
                            TEN,
                            t -> ms(10).compose(v -> {
                                // both timers went off at the same instant: the limit may be on its way
                                t.reschedule(TEN);
                                return after(5, "value").call();
                            })));
            assertThat(run.outcome() instanceof Outcome.Success
                            || run.outcome().errorOrNull() instanceof TaskTimeoutException)
                    .as("seed %s: %s", seed, run.outcome())
                    .isTrue();
            leavesNothing(run);
            assertThat(run.elapsed()).as("seed %s", seed).isIn(TEN, Duration.ofMillis(15));
            assertThat(run.outcome().isSuccess())
                    .as("seed %s", seed)
                    .isEqualTo(!run.elapsed().equals(TEN));
        }
    }

    @Test
    @Tag("semantics-73")
    void itIsRefusedWhileExpiringAndAfterTheEnd() {
        List<String> log = new ArrayList<>();
        failureOf(VirtualRun.of(() -> Timeout.with(
                TEN,
                t -> keep(
                        t,
                        agesThen(() -> {
                                    assertThatThrownBy(() -> t.reschedule(TEN))
                                            .isInstanceOf(IllegalStateException.class)
                                            .hasMessageContaining("it has expired");
                                    log.add("expiring");
                                    return ms(1);
                                })
                                .call()
                                .mapEmpty()))));
        assertThat(log).containsExactly("expiring");
        resultOf(VirtualRun.of(() -> Timeout.with(TEN, t -> keep(t, ms(1))).onSuccess(v -> {
            assertThatThrownBy(() -> kept().reschedule(TEN))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("its body has ended");
            log.add("over");
        })));
        assertThat(log).hasSize(2);
    }

    @Test
    @Tag("semantics-73")
    void itNeedsATask() {
        assertThatThrownBy(() -> Timeout.with(TEN, t -> ages()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("outside any task");
    }

    @Test
    @Tag("semantics-75")
    void aBodyThatSwallowsTheLimitEndsWellUnlessItIsStrict() {
        Future<String> never = Future.succeededFuture("mine");
        VirtualRun<String> lax = VirtualRun.of(() -> Timeout.with(TEN, t -> {
            kept.set(t);
            return Scripts.<String>ages().recover(e -> never);
        }));
        assertThat(resultOf(lax)).isEqualTo("mine");
        assertThat(kept().expired()).isTrue();
        VirtualRun<String> strict = VirtualRun.of(() -> Timeout.with(TEN, t -> {
            kept.set(t);
            t.strict();
            return Scripts.<String>ages().recover(e -> never);
        }));
        assertThat(kept().raised(failureOf(strict))).isTrue();
        VirtualRun<String> inTime = VirtualRun.of(() -> Timeout.with(TEN, t -> {
            t.strict();
            return after(5, "in time").call();
        }));
        assertThat(resultOf(inTime)).isEqualTo("in time");
    }

    @Test
    @Tag("semantics-76")
    void theLimitOfSomebodyInsideIsNotMine() {
        VirtualRun<Void> inner =
                VirtualRun.of(() -> Timeout.with(Duration.ofHours(1), t -> keep(t, Tasks.timeout(TEN, Scripts::ages))));
        assertThat(failureOf(inner)).isInstanceOf(TaskTimeoutException.class);
        assertThat(kept().raised(failureOf(inner))).isFalse();
        assertThat(kept().raised(null)).isFalse();
        assertThat(kept().raised(bad)).isFalse();
        VirtualRun<Void> mine =
                VirtualRun.of(() -> Timeout.with(TEN, t -> keep(t, Tasks.timeout(Duration.ofHours(1), Scripts::ages))));
        assertThat(kept().raised(failureOf(mine))).isTrue();
    }

    @Test
    @Tag("semantics-83")
    void whatRemainsFollowsTheMovedLimit() {
        resultOf(VirtualRun.of(() -> Timeout.with(
                TEN,
                t -> Timeout.with(null, none -> {
                    assertThat(Tasks.remaining()).contains(TEN);
                    t.reschedule(Duration.ofMillis(70));
                    assertThat(Tasks.remaining()).contains(Duration.ofMillis(70));
                    return ms(1);
                }))));
    }

    @Test
    @Tag("semantics-84")
    void moveOnSaysWhetherItCut() {
        VirtualRun<MovedOn<String>> cut = VirtualRun.of(() -> Timeout.moveOn(TEN, Scripts::<String>ages));
        assertThat(resultOf(cut)).isEqualTo(new MovedOn<>(true, null));
        assertThat(cut.elapsed()).isEqualTo(TEN);
        assertThat(resultOf(VirtualRun.of(() -> Timeout.moveOn(TEN, after(5, "value")))))
                .isEqualTo(new MovedOn<>(false, "value"));
        assertThat(requireNonNull(resultOf(VirtualRun.of(() -> Timeout.moveOn(null, after(50, "value")))))
                        .orElse("other"))
                .isEqualTo("value");
        assertThat(new MovedOn<String>(true, null).orElse("other")).isEqualTo("other");
        // a body that swallows it was not cut
        assertThat(resultOf(VirtualRun.of(() -> Timeout.moveOn(
                        TEN, () -> Scripts.<String>ages().recover(e -> Future.succeededFuture("mine"))))))
                .isEqualTo(new MovedOn<>(false, "mine"));
    }

    @Test
    @Tag("semantics-84")
    void moveOnWaitsForTheCleanupAndPassesOtherFailures() {
        VirtualRun<MovedOn<Object>> slow = VirtualRun.of(() -> Timeout.moveOn(TEN, agesThen(() -> ms(20))));
        assertThat(resultOf(slow)).isEqualTo(new MovedOn<>(true, null));
        assertThat(slow.elapsed()).isEqualTo(Duration.ofMillis(30));
        assertThat(failureOf(VirtualRun.of(() -> Timeout.moveOn(TEN, failsAfter(1, bad)))))
                .isSameAs(bad);
        assertThat(failureOf(VirtualRun.of(() -> Timeout.moveOn(TEN, agesThen(failsAfter(1, bad))))))
                .isSameAs(bad);
        // the limit of another block inside is a failure
        assertThat(failureOf(VirtualRun.of(
                        () -> Timeout.moveOn(Duration.ofHours(1), () -> Tasks.timeout(TEN, Scripts::ages)))))
                .isInstanceOf(TaskTimeoutException.class);
    }

    @Test
    @Tag("semantics-84")
    void aCancelFromOutsideIsNeverMovedOnFrom() {
        VirtualRun.cancelledAtEveryTurn(
                () -> () -> Timeout.moveOn(TEN, agesThen(() -> ms(5))).compose(moved -> ms(1)), (turn, run) -> {
                    leavesNothing(run);
                    assertThat(run.outcome() instanceof Outcome.Cancelled || turn >= run.turns() - 1)
                            .as("turn %s of %s: %s", turn, run.turns(), run.outcome())
                            .isTrue();
                });
        cancelOf(VirtualRun.of(() -> {
            Task.current().orElseThrow().cancel();
            return Timeout.moveOn(Duration.ZERO, Scripts::ages);
        }));
    }

    @Test
    void theLimitOfSomebodyElseIsNotMineAlsoWhenMineHasPassedToo() {
        VirtualRun<Object> run = VirtualRun.of(() -> Timeout.with(
                Duration.ofMillis(10),
                outer -> Tasks.timeout(Duration.ofMillis(5), Scripts::<Object>ages)
                        .recover(inner -> ms(50).transform(cut -> {
                            assertThat(outer.expired()).isTrue();
                            assertThat(outer.raised(inner)).isFalse();
                            return Future.failedFuture(inner);
                        }))));
        assertThat(failureOf(run))
                .isInstanceOfSatisfying(
                        TaskTimeoutException.class, e -> assertThat(e.limit()).isEqualTo(Duration.ofMillis(5)));
        VirtualRun<MovedOn<Object>> moved = VirtualRun.of(() -> Timeout.moveOn(
                Duration.ofMillis(10),
                () -> Tasks.timeout(Duration.ofMillis(5), Scripts::<Object>ages)
                        .recover(inner -> ms(50).transform(cut -> Future.failedFuture(inner)))));
        assertThat(failureOf(moved)).isInstanceOf(TaskTimeoutException.class);
    }
}
