package io.vertask.bench;

import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the cancellation of one of a hundred thousand waiting tasks, up to its end: ten thousand of them, one by one.
 *
 * <p>{@code raw…} removes a promise from a set and fails it with an exception without a stack trace.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 15)
@Measurement(iterations = 15)
@SuppressWarnings("NullAway.Init") // JMH calls the setup first
public class CancelBench {
    private static final int WAITING = 100_000;
    private static final int CANCELLED = 10_000;

    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stop() {
            super(null, null, true, false);
        }
    }

    private final BenchLoop loop = new BenchLoop();
    private final List<Task<Void>> tasks = new ArrayList<>(WAITING);
    private final List<Promise<Void>> promises = new ArrayList<>(WAITING);
    private Set<Object> queue = new LinkedHashSet<>();
    private TaskGroup group;

    /** Starts all tasks. */
    @Setup(Level.Invocation)
    public void start() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> {
            queue = new LinkedHashSet<>();
            group = TaskGroup.open("waiting");
            for (int i = 0; i < WAITING; i++) {
                tasks.add(group.start(() -> Waiter.await("for ever", wait -> {
                    queue.add(wait);
                    wait.onCancel(cause -> queue.remove(wait));
                })));
                Promise<Void> promise = loop.context.duplicate().promise();
                promises.add(promise);
                queue.add(promise);
            }
            return Future.succeededFuture();
        });
        loop.run(Future::succeededFuture);
    }

    /** Ends the remaining tasks. */
    @TearDown(Level.Invocation)
    public void end() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> {
            group.cancel(io.vertask.task.CancelReason.USER);
            return group.close().recover(e -> Future.succeededFuture());
        });
        tasks.clear();
        promises.clear();
    }

    /** Ends the event loop. */
    @TearDown
    public void stop() throws ExecutionException, InterruptedException, TimeoutException {
        loop.close();
    }

    /** The handwritten baseline. */
    @Benchmark
    @OperationsPerInvocation(CANCELLED)
    public void rawCancel() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> {
            List<Future<Void>> ends = new ArrayList<>(CANCELLED);
            for (int i = 0; i < CANCELLED; i++) {
                Promise<Void> promise = promises.get(i * (WAITING / CANCELLED));
                ends.add(promise.future());
                if (queue.remove(promise)) {
                    promise.fail(new Stop());
                }
            }
            return Future.join(ends).recover(e -> Future.succeededFuture());
        });
    }

    /** {@code Task.cancelAndJoin}. */
    @Benchmark
    @OperationsPerInvocation(CANCELLED)
    public void cancel() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> {
            List<Future<Void>> ends = new ArrayList<>(CANCELLED);
            for (int i = 0; i < CANCELLED; i++) {
                Task<Void> task = tasks.get(i * (WAITING / CANCELLED));
                ends.add(task.future());
                task.cancel();
            }
            return Future.join(ends).recover(e -> Future.succeededFuture());
        });
    }
}
