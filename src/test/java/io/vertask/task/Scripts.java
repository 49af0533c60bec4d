package io.vertask.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The building blocks of the programs in these tests. */
public final class Scripts {
    /** A coroutine that can also be called by hand. */
    public interface Part<T> extends Coroutine<T> {
        @Override
        Future<T> call();
    }

    private Scripts() {}

    public static Future<Void> ms(long ms) {
        return Tasks.sleep(Duration.ofMillis(ms));
    }

    /** Waits far longer than any test. */
    public static <T> Future<T> ages() {
        return Tasks.sleep(Duration.ofDays(1)).mapEmpty();
    }

    public static <T> Part<T> after(long ms, T value) {
        return () -> ms(ms).map(value);
    }

    public static <T> Part<T> failsAfter(long ms, Throwable error) {
        return () -> ms(ms).compose(v -> Future.failedFuture(error));
    }

    public static <T> Part<T> doing(Runnable action) {
        return () -> {
            action.run();
            return Future.succeededFuture();
        };
    }

    /** Waits until cancelled, and then for as long as the cleanup takes. */
    public static <T, C> Part<T> agesThen(Coroutine<C> cleanup) {
        return () -> Tasks.finallyDo(Scripts::ages, cleanup);
    }

    /** The way on, whatever came before. */
    public static <T> Future<T> always(Future<?> before, Coroutine<T> next) {
        return before.transform(end -> {
            try {
                return next.call();
            } catch (Exception e) {
                return Future.failedFuture(e);
            }
        });
    }

    public static <T> @Nullable T resultOf(VirtualRun<T> run) {
        assertThat(run.outcome()).isInstanceOf(Outcome.Success.class);
        leavesNothing(run);
        return run.outcome().orElseThrow();
    }

    /** The failure of a task that failed; one that was cancelled has none. */
    public static Throwable failureOf(VirtualRun<?> run) {
        assertThat(run.outcome()).isInstanceOf(Outcome.Failure.class);
        leavesNothing(run);
        return ((Outcome.Failure<?>) run.outcome()).error();
    }

    public static CancelledException cancelOf(VirtualRun<?> run) {
        assertThat(run.outcome()).isInstanceOf(Outcome.Cancelled.class);
        leavesNothing(run);
        return ((Outcome.Cancelled<?>) run.outcome()).cause();
    }

    public static void leavesNothing(VirtualRun<?> run) {
        assertThat(run.unhandled()).as("unhandled").isEmpty();
        assertThat(run.pendingTimers()).as("timers left").isZero();
    }
}
