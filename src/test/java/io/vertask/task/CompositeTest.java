package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.always;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs that nest every construct in every other, over a thousand interleavings and with a cancel at every turn; the
 * tests assert that nothing is lost and nothing is left open.
 */
class CompositeTest {
    /** The resources that a program opened and closed. */
    private static final class House {
        int bodies;
        int cleanups;
        int opened;
        int closed;
        int delivered;
        /** Waits for a resource that another task hands out. */
        final Deque<Waiter<String>> waiting = new ArrayDeque<>();

        /** A {@code finallyDo} whose cleanup waits. */
        <T> Coroutine<T> guarded(Coroutine<T> body) {
            return () -> Tasks.finallyDo(
                    () -> {
                        bodies++;
                        return body.call();
                    },
                    () -> ms(3).compose(v -> Tasks.gather(() -> ms(1), () -> ms(0)))
                            .onSuccess(v -> cleanups++));
        }

        /** A resource that is opened by another task, and must be closed by the task that gets it. */
        <T> Coroutine<T> using(Coroutine<T> body) {
            return () -> Waiter.<String>await("a resource", wait -> {
                        wait.onUndelivered(r -> closed++);
                        wait.onCancel(cause -> waiting.remove(wait));
                        waiting.add(wait);
                    })
                    .compose(r -> Tasks.finallyDo(
                            () -> {
                                delivered++;
                                return body.call();
                            },
                            () -> ms(1).onSuccess(v -> closed++)));
        }

        /** Hands resources out as long as it is not cancelled. */
        Coroutine<Void> source() {
            return () -> Tasks.forever(() -> ms(2).onSuccess(v -> {
                Waiter<String> next = waiting.poll();
                if (next != null) {
                    opened++;
                    next.resume("resource " + opened);
                }
            }));
        }

        <T> Coroutine<T> withSource(Coroutine<T> body) {
            return () -> TaskGroup.with("source", group -> {
                group.start("source", source());
                return always(Future.succeededFuture(), body)
                        .onComplete(end -> group.cancel(CancelReason.user("enough")));
            });
        }
    }

    /** A program with resources of its own. */
    record Program(String name, Making making) {
        interface Making {
            Supplier<Future<?>> in(House house);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Future<Object> swallowing(Future<?> future) {
        return future.transform(end -> Future.succeededFuture(String.valueOf(end.cause())));
    }

    private static Future<?> gatherInTimeoutInGroup(House h) {
        return TaskGroup.with(group -> {
            for (int i = 0; i < 3; i++) {
                int n = i;
                Coroutine<Object> child = h.guarded(() -> Tasks.timeout(
                                Duration.ofMillis(5 + n),
                                () -> Tasks.gather(h.using(h.guarded(() -> ms(n))), h.guarded(() -> ms(2L * n))))
                        .mapEmpty());
                group.start(() -> swallowing(child.call()));
            }
            return ms(4);
        });
    }

    private static Future<?> aFailingSibling(House h) {
        return swallowing(Tasks.gather(
                h.using(h.guarded(Scripts::ages)),
                h.guarded(() -> Tasks.shield(h.guarded(() -> ms(8)))),
                h.guarded(failsAfter(5, new IllegalStateException("bad")))));
    }

    private static Future<?> aShieldLeftBehind(House h) {
        Coroutine<Void> group = () -> TaskGroup.with(g -> {
            // no resource: its source may be gone while this still runs
            g.start(h.guarded(() -> Tasks.gather(h.guarded(() -> ms(9)), () -> ms(1))));
            return ms(3);
        });
        return swallowing(Tasks.timeout(Duration.ofMillis(6), h.guarded(() -> Tasks.shield(h.guarded(group)))));
    }

    private static Future<?> nestedTimeoutsAndAStrayRecover(House h) {
        Coroutine<Object> step =
                () -> swallowing(Tasks.timeout(Duration.ofMillis(3), h.using(h.guarded(Scripts::ages))));
        Coroutine<Void> inner = () -> Tasks.timeout(Duration.ofMillis(7), h.guarded(() -> Tasks.forever(step)));
        return swallowing(Tasks.timeout(
                Duration.ofMillis(9), h.guarded(() -> inner.call().transform(end -> ms(1)))));
    }

    private static Future<?> leftoversAndTasksCancelledTwice(House h) {
        TaskGroup left = TaskGroup.open("left");
        left.start(h.guarded(h.using(Scripts::ages)));
        Task<Object> stopped = Tasks.start(h.guarded(h.using(h.guarded(Scripts::ages))));
        Tasks.start(h.guarded(Scripts::ages));
        Task<Object> joining = left.start(h.guarded(() -> swallowing(stopped.future())));
        return ms(5).onSuccess(v -> stopped.cancel())
                .compose(v -> ms(1))
                .compose(v -> stopped.cancelAndJoin())
                .compose(v -> joining.settled());
    }

    private static Future<?> aGroupThatGrowsAndIsCancelledFromWithin(House h) {
        return TaskGroup.with("tree", group -> {
            Coroutine<String> late = h.using(h.guarded(after(2, "x")));
            group.start(h.guarded(() -> ms(1).compose(v -> group.start(late).future())));
            group.start(h.guarded(() -> ms(6).onSuccess(v -> group.cancel(CancelReason.USER))));
            return Tasks.finallyDo(Scripts::<Void>ages, () -> ms(2));
        });
    }

    static Stream<Program> programs() {
        return Stream.of(
                new Program("gather in timeout in group", h -> () -> gatherInTimeoutInGroup(h)),
                new Program("a failing sibling", h -> () -> aFailingSibling(h)),
                new Program("a shield left behind", h -> () -> aShieldLeftBehind(h)),
                new Program("nested timeouts and a stray recover", h -> () -> nestedTimeoutsAndAStrayRecover(h)),
                new Program("leftovers and tasks cancelled twice", h -> () -> leftoversAndTasksCancelledTwice(h)),
                new Program("a group that grows", h -> () -> aGroupThatGrowsAndIsCancelledFromWithin(h)));
    }

    private static <T> void holds(House house, VirtualRun<T> run, String when) {
        assertThat(run.unhandled()).as("unhandled, %s", when).isEmpty();
        assertThat(run.pendingTimers()).as("timers, %s", when).isZero();
        assertThat(run.outcome()).as(when).isInstanceOfAny(Outcome.Success.class, Outcome.Cancelled.class);
        assertThat(house.cleanups).as("cleanups, %s", when).isEqualTo(house.bodies);
        assertThat(house.closed).as("closed of what was opened, %s", when).isEqualTo(house.opened);
        assertThat(house.waiting).as("waits left, %s", when).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void everyInterleavingConservesEverything(Program program) {
        int delivered = 0;
        for (long seed = 0; seed < 1_000; seed++) {
            House house = new House();
            holds(house, VirtualRun.seeded(seed, objects(program, house)), "seed " + seed);
            delivered += house.delivered;
        }
        assertThat(delivered > 0).isEqualTo(!program.name().equals("a shield left behind"));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void aCancelAtEveryTurnConservesEverything(Program program) {
        House[] house = new House[1];
        int runs = VirtualRun.cancelledAtEveryTurn(
                () -> {
                    house[0] = new House();
                    return objects(program, house[0]);
                },
                (turn, run) -> holds(house[0], run, "turn " + turn));
        assertThat(runs).isGreaterThan(20);
    }

    /** The same with another task's cancel, which may come at any turn of a random interleaving. */
    @ParameterizedTest
    @MethodSource("programs")
    void aCancelInTheMiddleOfEveryInterleavingConservesEverything(Program program) {
        for (long seed = 0; seed < 300; seed++) {
            long at = seed % 13;
            House house = new House();
            VirtualRun<Object> run = VirtualRun.seeded(seed, () -> {
                Task<Object> task = Tasks.start(objects(program, house));
                return ms(at).onSuccess(v -> task.cancel())
                        .compose(v -> swallowing(task.settled().compose(end -> task.cancelAndJoin())));
            });
            holds(house, run, "seed " + seed);
        }
    }

    private static Coroutine<Object> objects(Program program, House house) {
        Supplier<Future<?>> body = program.making().in(house);
        return house.withSource(() -> body.get().map(v -> (Object) String.valueOf(v)));
    }
}
