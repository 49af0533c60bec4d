package io.vertask.resource;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.CancelReason;
import io.vertask.task.ClosedException;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ResourceStackTest {
    private final List<String> log = new ArrayList<>();
    private final IllegalStateException bad = new IllegalStateException("bad");
    private final IllegalStateException worse = new IllegalStateException("worse");

    private static Future<Void> ms(long ms) {
        return Tasks.sleep(Duration.ofMillis(ms));
    }

    private Future<Void> logged(String line) {
        log.add(line);
        return Future.succeededFuture();
    }

    private AsyncResource<String> door(String name) {
        return AsyncResource.of(
                () -> ms(10).compose(v -> logged("open " + name)).map(name),
                door -> ms(10).compose(v -> logged("close " + door)));
    }

    private AsyncResource<String> jammed(String name, Throwable error) {
        return AsyncResource.of(
                () -> Future.succeededFuture(name),
                door -> logged("jammed " + door).compose(v -> Future.failedFuture(error)));
    }

    private <T> Outcome<T> outcome(Coroutine<T> program) {
        VirtualRun<T> run = VirtualRun.of(program);
        assertThat(run.unhandled()).isEmpty();
        assertThat(run.pendingTimers()).isZero();
        return run.outcome();
    }

    @Test
    @Tag("semantics-125")
    void closesTheLastOneFirstBeforeItsOwnEnd() {
        Outcome<Integer> end = outcome(() -> ResourceStack.with(stack -> stack.open(door("a"))
                        .compose(a -> stack.open(door("b")))
                        .compose(b -> {
                            stack.defer(() -> logged("deferred"));
                            return logged("use").map(7);
                        }))
                .onSuccess(v -> log.add("after")));
        assertThat(end).isEqualTo(new Outcome.Success<>(7));
        assertThat(log).containsExactly("open a", "open b", "use", "deferred", "close b", "close a", "after");
    }

    @Test
    @Tag("semantics-125")
    void everyReleaseRunsAndNoErrorIsLost() {
        Outcome<Void> end = outcome(() -> ResourceStack.with(stack -> stack.open(door("a"))
                .compose(v -> stack.open(jammed("b", worse)))
                .compose(v -> stack.open(door("c")))
                .compose(v -> stack.open(jammed("d", bad)))
                .mapEmpty()));
        assertThat(end.errorOrNull()).isSameAs(bad);
        assertThat(bad.getSuppressed()).containsExactly(worse);
        assertThat(log).containsExactly("open a", "open c", "jammed d", "close c", "jammed b", "close a");
    }

    @Test
    @Tag("semantics-124")
    @Tag("semantics-125")
    void theBodysErrorStaysTheFirst() {
        IllegalStateException primary = new IllegalStateException("primary");
        Outcome<Void> end = outcome(() -> ResourceStack.with(stack -> stack.open(jammed("a", worse))
                .compose(v -> stack.open(jammed("b", bad)))
                .compose(v -> Future.failedFuture(primary))));
        assertThat(end.errorOrNull()).isSameAs(primary);
        assertThat(primary.getSuppressed()).containsExactly(bad);
        assertThat(bad.getSuppressed()).containsExactly(worse);
    }

    @Test
    @Tag("semantics-125")
    void anAcquireThatFailsReleasesTheEarlierOnes() {
        AsyncResource<String> broken = AsyncResource.of(() -> Future.failedFuture(bad), door -> logged("never"));
        Outcome<Void> end = outcome(() -> ResourceStack.with(stack -> stack.open(door("a"))
                .compose(v -> stack.open(door("b")))
                .compose(v -> stack.open(broken))
                .compose(v -> logged("never"))));
        assertThat(end.errorOrNull()).isSameAs(bad);
        assertThat(log).containsExactly("open a", "open b", "close b", "close a");
    }

    @Test
    @Tag("semantics-125")
    void whatWasMovedOutIsItsNewOwnersToClose() {
        outcome(() -> ResourceStack.<ResourceStack>with(stack -> stack.open(door("a"))
                        .compose(v -> stack.open(door("b")))
                        .map(v -> stack.moveOut())
                        .compose(moved -> stack.open(door("c")).map(moved)))
                .compose(moved ->
                        logged("body is over").compose(v -> moved.close()).compose(v -> moved.close())));
        assertThat(log).containsExactly("open a", "open b", "open c", "close c", "body is over", "close b", "close a");
    }

    @Test
    @Tag("semantics-125")
    void oneThatIsClosedTwiceAtOnceKeepsTheOrderAndBothWaitForTheEnd() {
        outcome(() -> ResourceStack.with(stack -> stack.open(door("a"))
                .compose(v -> stack.open(door("b")))
                .compose(v -> stack.open(door("c")))
                .compose(v -> Tasks.gather(
                        () -> stack.close().onSuccess(end -> log.add("first")),
                        () -> stack.close().onSuccess(end -> log.add("second"))))));
        assertThat(log)
                .containsExactly("open a", "open b", "open c", "close c", "close b", "close a", "first", "second");
    }

    @Test
    @Tag("semantics-125")
    void ofTwoClosesAtOnceOneFails() {
        Outcome<List<Outcome<Void>>> end = outcome(() -> {
            ResourceStack stack = ResourceStack.open();
            stack.defer(() -> ms(5).compose(v -> Future.failedFuture(bad)));
            stack.defer(() -> ms(5));
            return Tasks.settle(stack::close, stack::close);
        });
        assertThat(end.orElseThrow()).containsExactly(new Outcome.Failure<>(bad), new Outcome.Success<>(null));
    }

    @Test
    @Tag("semantics-125")
    void aClosedStackRefuses() {
        outcome(() -> {
            ResourceStack stack = ResourceStack.open();
            return stack.close().compose(v -> {
                assertThatThrownBy(() -> stack.defer(() -> logged("never"))).isInstanceOf(ClosedException.class);
                return stack.open(door("late")).transform(end -> {
                    assertThat(end.cause())
                            .isInstanceOf(ClosedException.class)
                            .hasMessage("the resource stack is closed");
                    return Future.succeededFuture();
                });
            });
        });
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("semantics-122")
    void theCloseWaitsForWhatIsStillBeingOpened() {
        Promise<String> foreign = Promise.promise();
        AsyncResource<String> late = AsyncResource.of(foreign::future, door -> logged("close " + door));
        outcome(() -> {
            Task<Void> user = Tasks.start(() -> ResourceStack.with(stack -> {
                stack.open(late);
                return ms(1);
            }));
            return ms(100).compose(v -> {
                assertThat(user.state().isDone()).isFalse();
                foreign.complete("late");
                return user.future();
            });
        });
        assertThat(log).containsExactly("close late");
    }

    @Test
    @Tag("semantics-122")
    void whatOpensAfterTheCloseHasGivenUpIsReleasedAllTheSame() {
        Promise<String> foreign = Promise.promise();
        AsyncResource<String> late = AsyncResource.of(foreign::future, door -> logged("close " + door));
        VirtualRun<Void> run = VirtualRun.of(() -> ResourceStack.<Void>with(stack -> {
                    stack.open(late);
                    return ms(1);
                })
                .transform(end -> {
                    assertThat(end.cause()).isInstanceOf(TaskTimeoutException.class);
                    foreign.complete("late");
                    return ms(100);
                }));
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(log).containsExactly("close late");
    }

    @Test
    @Tag("semantics-122")
    void whatFailsToBeReleasedAfterTheCloseHasGivenUpIsReported() {
        Promise<String> foreign = Promise.promise();
        AsyncResource<String> late = AsyncResource.of(foreign::future, door -> Future.failedFuture(bad));
        VirtualRun<Void> run = VirtualRun.of(() -> ResourceStack.<Void>with(stack -> {
                    stack.open(late);
                    return ms(1);
                })
                .transform(end -> {
                    foreign.complete("late");
                    return ms(100);
                }));
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled()).contains(bad);
    }

    @Test
    @Tag("semantics-123")
    void aReleaseThatHangsIsCutAndTheOthersStillRun() {
        AsyncResource<String> stuck =
                AsyncResource.of(() -> Future.succeededFuture("stuck"), door -> Tasks.sleep(Duration.ofDays(1)));
        VirtualRun<Void> run = VirtualRun.of(() -> ResourceStack.with(stack -> stack.open(door("a"))
                .compose(v -> stack.open(stuck, Duration.ofSeconds(3)))
                .compose(v -> Future.failedFuture(bad))));
        assertThat(run.outcome().errorOrNull()).isSameAs(bad);
        assertThat(run.unhandled()).singleElement().isInstanceOf(TaskTimeoutException.class);
        assertThat(log).containsExactly("open a", "close a");
    }

    @Test
    @Tag("semantics-63")
    void aGroupOnTheStackIsOverBeforeWhatItsChildrenUseIsClosed() {
        outcome(() -> {
            Task<Void> user = Tasks.start(() -> ResourceStack.with(stack -> stack.open(door("a"))
                    .compose(a -> stack.open(
                            AsyncResource.of(() -> Future.succeededFuture(TaskGroup.open("users of a")), group -> {
                                group.cancel(CancelReason.USER);
                                return group.close();
                            })))
                    .compose(group -> {
                        group.start(() -> Tasks.<Void, Void>finallyDo(
                                () -> ms(1_000_000), () -> ms(5).compose(v -> logged("child"))));
                        return ms(1_000);
                    })));
            return ms(100).compose(v -> user.cancelAndJoin()).compose(v -> logged("joined"));
        });
        assertThat(log).containsExactly("open a", "child", "close a", "joined");
    }

    @Test
    @Tag("semantics-121")
    void twoAtOnceAreClosedInTheOppositeOrder() {
        outcome(() -> Resources.using(door("a"), door("b"), (a, b) -> logged("use " + a + b)));
        assertThat(log).containsExactly("open a", "open b", "use ab", "close b", "close a");
    }

    @Test
    @Tag("semantics-122")
    @Tag("semantics-125")
    void openedEqualsClosedAtWhicheverTurnACancelStrikes() {
        AtomicReference<Map<String, Integer>> current = new AtomicReference<>(Map.of());
        int runs = VirtualRun.cancelledAtEveryTurn(
                () -> {
                    Map<String, Integer> open = new HashMap<>();
                    current.set(open);
                    return () -> ResourceStack.with(stack -> stack.open(counted(open, "a", false))
                            .compose(v -> Tasks.gather(
                                    () -> stack.open(counted(open, "b", true)),
                                    () -> stack.open(counted(open, "c", false)),
                                    () -> Tasks.timeout(
                                                    Duration.ofMillis(5), () -> stack.open(counted(open, "d", true)))
                                            .recover(late -> Future.succeededFuture("")),
                                    () -> ResourceStack.with(inner -> inner.open(counted(open, "e", false))
                                                    .map(e -> inner.moveOut()))
                                            .map(moved -> {
                                                stack.defer(moved::close);
                                                return "";
                                            })))
                            .compose(v -> ms(10))
                            .map(v -> 1));
                },
                (turn, run) -> {
                    assertThat(requireNonNull(current.get()).values())
                            .as("open, cancelled at turn %s, %s", turn, run.outcome())
                            .allMatch(count -> count == 0);
                    assertThat(run.outcome()).isNotInstanceOf(Outcome.Failure.class);
                    assertThat(run.unhandled()).isEmpty();
                    assertThat(run.pendingTimers()).isZero();
                });
        assertThat(runs).isGreaterThan(20);
        assertThat(requireNonNull(current.get())).hasSize(5);
    }

    /** Opens after a wait; a deaf one also when it was cancelled meanwhile. */
    private static AsyncResource<String> counted(Map<String, Integer> open, String name, boolean deaf) {
        return AsyncResource.of(
                () -> ms(10).recover(cancelled -> deaf ? Future.succeededFuture() : Future.failedFuture(cancelled))
                        .map(v -> {
                            open.merge(name, 1, Integer::sum);
                            return name;
                        }),
                n -> ms(3).map(v -> {
                    open.merge(name, -1, Integer::sum);
                    return null;
                }));
    }
}
