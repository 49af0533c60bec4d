package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.doing;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ShieldTest {
    private final IllegalStateException bad = new IllegalStateException("bad");

    /** The current task runs {@code body} and is cancelled after a millisecond. */
    private static <T> Future<T> cancelled(Coroutine<T> body) throws Exception {
        Task<?> me = Task.current().orElseThrow();
        Tasks.start(() -> ms(1).onSuccess(v -> me.cancel()));
        return body.call();
    }

    @Test
    @Tag("semantics-85")
    @Tag("semantics-87")
    void theCallersWaitEndsAtOnceAndTheInnerGoesOnWithinItsScope() {
        List<String> log = new ArrayList<>();
        VirtualRun<Void> run =
                VirtualRun.of(() -> cancelled(() -> Tasks.shield(() -> Tasks.gather(() -> ms(20), () -> ms(30))
                                .<Void>mapEmpty()
                                .onSuccess(v -> log.add("done")))
                        .onFailure(e -> log.add("told"))));
        cancelOf(run);
        assertThat(log).containsExactly("told", "done");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    @Tag("semantics-85")
    void anInnerThatIsCancelledCancelsTheWait() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.shield(() -> {
                    Task.current().orElseThrow().cancel(CancelReason.user("from within"));
                    return Scripts.<String>ages();
                })
                .recover(e -> ms(1).map(((CancelledException) e).reason().toString())));
        assertThat(resultOf(run)).isEqualTo("user (from within)");
    }

    @Test
    @Tag("semantics-85")
    void anInnerThatIsOverAlreadyGivesItsValue() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            Task<String> task = Tasks.start(after(1, "value"));
            return task.settled().compose(v -> Tasks.shield(task::future));
        });
        assertThat(resultOf(run)).isEqualTo("value");
    }

    @Test
    @Tag("semantics-85")
    void aFailureGoesToTheCallerAndIsNotReported() {
        assertThat(failureOf(VirtualRun.of(() -> Tasks.shield(failsAfter(1, bad)))))
                .isSameAs(bad);
    }

    @Test
    @Tag("semantics-86")
    void theFailureOfAnAbandonedInnerIsReportedOnceAndItsSuccessIsNot() {
        VirtualRun<Void> fails = VirtualRun.of(() -> cancelled(() -> Tasks.shield(failsAfter(5, bad))));
        assertThat(fails.outcome()).isInstanceOf(Outcome.Cancelled.class);
        assertThat(fails.unhandled())
                .singleElement()
                .satisfies(e -> assertThat(e).hasCause(bad));
        cancelOf(VirtualRun.of(() -> cancelled(() -> Tasks.shield(after(5, "value")))));
    }

    @Test
    @Tag("semantics-86")
    void itIsReportedOnceHoweverManyShieldsThereAre() {
        VirtualRun<Void> nested =
                VirtualRun.of(() -> cancelled(() -> Tasks.shield(() -> Tasks.shield(failsAfter(5, bad)))));
        assertThat(nested.unhandled())
                .singleElement()
                .satisfies(e -> assertThat(e).hasCause(bad));
        VirtualRun<Object> twice = VirtualRun.of(() -> {
            Task<Object> inner = Tasks.start("inner", () -> Tasks.shield(failsAfter(5, bad)));
            return ms(0).compose(v -> {
                Future<Object> one = Tasks.shield(inner::future);
                Future<Object> other = Tasks.shield(inner::future);
                return Future.all(one, other).mapEmpty();
            });
        });
        assertThat(failureOf(twice)).isSameAs(bad);
        VirtualRun<Object> abandoned = VirtualRun.of(() -> {
            Task<Object> inner = Tasks.start("inner", failsAfter(5, bad));
            return Tasks.timeout(
                            Duration.ofMillis(1),
                            () -> Future.all(Tasks.shield(inner::future), Tasks.shield(inner::future))
                                    .mapEmpty())
                    .recover(e -> ms(50).mapEmpty());
        });
        assertThat(abandoned.unhandled())
                .singleElement()
                .satisfies(e -> assertThat(e).hasCause(bad));
    }

    @Test
    @Tag("semantics-88")
    void aShieldStopsNeitherItsOwnCancelNorItsOwnTimeout() {
        AtomicInteger cleaned = new AtomicInteger();
        VirtualRun<Object> run = VirtualRun.of(() ->
                Tasks.shield(() -> Tasks.timeout(Duration.ofMillis(5), agesThen(doing(cleaned::incrementAndGet)))));
        assertThat(failureOf(run)).isInstanceOf(TaskTimeoutException.class);
        assertThat(cleaned).hasValue(1);
    }

    @Test
    @Tag("semantics-88")
    void afterTheShieldThePendingCancelIsDelivered() {
        List<String> log = new ArrayList<>();
        cancelOf(VirtualRun.of(() -> cancelled(() -> Tasks.finallyDo(
                        () -> Future.succeededFuture(), () -> ms(10).onSuccess(v -> log.add("cleaned")))
                .compose(v -> ms(1).onComplete(end -> log.add(end.succeeded() ? "went on" : "told"))))));
        assertThat(log).containsExactly("cleaned", "told");
    }

    @Test
    void aShieldInACancelledScopeRunsItsBodyAndTheCallerIsCancelled() {
        AtomicInteger ran = new AtomicInteger();
        cancelOf(VirtualRun.of(() -> {
            Task.current().orElseThrow().cancel();
            return Tasks.shield(() -> ms(10).onSuccess(v -> ran.incrementAndGet()));
        }));
        assertThat(ran).hasValue(1);
    }

    @Test
    void noShieldIsStartedInAScopeThatIsOver() {
        AtomicInteger ran = new AtomicInteger();
        resultOf(VirtualRun.of(() -> {
            Promise<Void> foreign = Promise.promise();
            Task<Void> over = Tasks.start(() -> {
                ContextInternal here = ContextInternal.current();
                here.<Void>future(p -> foreign.future().onComplete(p))
                        .onComplete(end -> Tasks.shield(doing(ran::incrementAndGet)));
                return Future.succeededFuture();
            });
            return over.future().compose(v -> {
                foreign.complete();
                return ms(10);
            });
        }));
        assertThat(ran).hasValue(0);
    }
}
