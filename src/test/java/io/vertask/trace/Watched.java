package io.vertask.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.CancelReason;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How the tests of this room run something with its tracing set up, and afterwards as it was. */
final class Watched {
    private Watched() {}

    /** Notes what it is told. */
    static final class Log implements TaskListener {
        final List<String> lines = new CopyOnWriteArrayList<>();
        final List<SlowStep> slow = new CopyOnWriteArrayList<>();

        @Override
        public void started(Task<?> task, long at) {
            lines.add("started " + task.path());
        }

        @Override
        public void ended(Task<?> task, Outcome<?> outcome, long startedAt, long at) {
            lines.add("ended " + task.path() + " " + task.state() + " after "
                    + Duration.ofNanos(at - startedAt).toMillis());
        }

        @Override
        public void cancelRequested(Task<?> task, CancelReason reason, String by, long at) {
            lines.add("cancel " + task.path() + " " + reason + " by " + by);
        }

        @Override
        public void slowStep(SlowStep step) {
            slow.add(step);
        }

        @Override
        public void forgotten(String where, List<String> what) {
            lines.add("forgotten in " + where + " " + what);
        }
    }

    static Vertx vertx() {
        return Vertx.currentContext().owner();
    }

    /** On a virtual clock, with what {@code set} and {@code reset} make of the tracing, a seed or −1. */
    static <T> VirtualRun<T> run(long seed, Consumer<Tracing> set, Consumer<Tracing> reset, Coroutine<T> body) {
        Coroutine<T> main = () -> {
            Tracing tracing = Tracing.of(vertx());
            set.accept(tracing);
            // in a task of its own, which is started when the tracing has been set up
            return Tasks.start("program", body).future().onComplete(end -> reset.accept(tracing));
        };
        return seed < 0 ? VirtualRun.of(main) : VirtualRun.seeded(seed, main);
    }

    static <T> VirtualRun<T> heardBy(TaskListener listener, Coroutine<T> body) {
        return run(-1, tracing -> tracing.listen(listener), tracing -> tracing.unlisten(listener), body);
    }

    static <T> VirtualRun<T> debugged(long seed, Coroutine<T> body) {
        return run(seed, tracing -> tracing.debug(true), tracing -> tracing.debug(false), body);
    }

    static Future<Void> ms(long ms) {
        return Tasks.sleep(Duration.ofMillis(ms));
    }

    static <T> Future<T> ages() {
        return Tasks.sleep(Duration.ofDays(1)).mapEmpty();
    }

    static <T> @Nullable T await(Future<T> future) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        future.onComplete(end -> done.countDown());
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(future.cause()).isNull();
        return future.result();
    }
}
