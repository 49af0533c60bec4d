package io.vertask.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Outcome;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The small parts that the programs of these tests are put together from. */
final class Scripts {
    private Scripts() {}

    static Future<Void> ms(long ms) {
        return Tasks.sleep(Duration.ofMillis(ms));
    }

    static <T> Future<T> ages() {
        return Tasks.sleep(Duration.ofDays(1)).mapEmpty();
    }

    /** As many turns as that. */
    static Future<Void> turns(int turns) {
        return turns == 0 ? Future.succeededFuture() : ms(0).compose(v -> turns(turns - 1));
    }

    static List<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }

    static Future<Void> logged(List<String> log, String line) {
        log.add(line);
        return Future.succeededFuture();
    }

    /** Emits 1 to {@code last}, each after a wait, and logs its steps and its cleanup, which waits as well. */
    static AsyncGenerator<Integer> counting(int last, List<String> log) {
        return AsyncGenerator.named("counting", emitter -> {
            log.add("begin");
            return Tasks.finallyDo(
                    () -> Tasks.forEach(
                            upTo(last),
                            i -> ms(10).onSuccess(v -> log.add("make " + i)).compose(v -> emitter.emit(i))),
                    () -> ms(10).onSuccess(v -> log.add("cleanup")));
        });
    }

    static <T> @Nullable T resultOf(VirtualRun<T> run) {
        assertThat(run.outcome()).isInstanceOf(Outcome.Success.class);
        leavesNothing(run);
        return run.outcome().orElseThrow();
    }

    static Throwable failureOf(VirtualRun<?> run) {
        assertThat(run.outcome()).isInstanceOf(Outcome.Failure.class);
        leavesNothing(run);
        return ((Outcome.Failure<?>) run.outcome()).error();
    }

    static void leavesNothing(VirtualRun<?> run) {
        assertThat(run.unhandled()).as("unhandled").isEmpty();
        assertThat(run.pendingTimers()).as("timers left").isZero();
    }
}
