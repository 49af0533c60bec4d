package io.vertask.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.CancelledException;
import io.vertask.task.Outcome;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The small parts of these tests. */
final class Runs {
    static final String WHY = "straight-line code needs virtual threads";

    private Runs() {}

    static void sleep(long ms) {
        Direct.sleep(Duration.ofMillis(ms));
    }

    /** Waits far longer than any test. */
    static void ages() {
        Direct.sleep(Duration.ofDays(1));
    }

    /** Lets the others have a turn. */
    static void turn() {
        Direct.await(() -> Tasks.sleep(Duration.ZERO));
    }

    static <T> @Nullable T resultOf(VirtualRun<T> run) {
        leavesNothing(run);
        return run.outcome().orElseThrow();
    }

    static Throwable failureOf(VirtualRun<?> run) {
        leavesNothing(run);
        assertThat(run.outcome()).isInstanceOf(Outcome.Failure.class);
        return ((Outcome.Failure<?>) run.outcome()).error();
    }

    static CancelledException cancelOf(VirtualRun<?> run) {
        leavesNothing(run);
        assertThat(run.outcome()).isInstanceOf(Outcome.Cancelled.class);
        return ((Outcome.Cancelled<?>) run.outcome()).cause();
    }

    static void leavesNothing(VirtualRun<?> run) {
        assertThat(run.unhandled()).as("unhandled").isEmpty();
        assertThat(run.pendingTimers()).as("timers left").isZero();
    }
}
