package io.vertask.bench;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the cost of starting and joining a child task, next to plain Vert.x futures, which have none of its guarantees.
 *
 * <p>All figures are per child. {@code raw…} is the baseline: a promise, a turn of the loop in which it is completed, and its share of {@code Future.all}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SpawnBench {
    private static final int CHILDREN = 1000;

    private final BenchLoop loop = new BenchLoop();
    private final Coroutine<Integer> child = () -> Future.succeededFuture(1);
    private final List<Coroutine<Integer>> children = java.util.Collections.nCopies(CHILDREN, child);

    /** Ends the event loop. */
    @TearDown
    public void stop() throws ExecutionException, InterruptedException, TimeoutException {
        loop.close();
    }

    /** Plain Vert.x with all children on one context. */
    @Benchmark
    @OperationsPerInvocation(CHILDREN)
    public void rawSpawnAndJoin() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> {
            List<Future<Integer>> futures = new ArrayList<>(CHILDREN);
            for (int i = 0; i < CHILDREN; i++) {
                futures.add(raw(loop.context, i));
            }
            return Future.all(futures);
        });
    }

    /** Plain Vert.x with a context for each child, which it needs to have values of its own. */
    @Benchmark
    @OperationsPerInvocation(CHILDREN)
    public void rawSpawnOnDuplicatesAndJoin() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> {
            List<Future<Integer>> futures = new ArrayList<>(CHILDREN);
            for (int i = 0; i < CHILDREN; i++) {
                futures.add(raw(loop.context.duplicate(), i));
            }
            return Future.all(futures);
        });
    }

    /** {@code Tasks.start} for all children, then a wait for all their futures. */
    @Benchmark
    @OperationsPerInvocation(CHILDREN)
    public void spawnAndJoin() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> Tasks.start(() -> {
                    List<Future<Integer>> futures = new ArrayList<>(CHILDREN);
                    for (int i = 0; i < CHILDREN; i++) {
                        futures.add(Tasks.start(child).future());
                    }
                    return Future.all(futures);
                })
                .future());
    }

    /** {@code Tasks.gather}. */
    @Benchmark
    @OperationsPerInvocation(CHILDREN)
    public void gather() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> Tasks.start(() -> Tasks.gather(children)).future());
    }

    /** {@code TaskGroup.start}; the group's end is the join. */
    @Benchmark
    @OperationsPerInvocation(CHILDREN)
    public void taskGroup() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> Tasks.start(() -> TaskGroup.with(group -> {
                    Task<Integer> last = null;
                    for (int i = 0; i < CHILDREN; i++) {
                        last = group.start(child);
                    }
                    return Future.succeededFuture(last);
                }))
                .future());
    }

    private static Future<Integer> raw(ContextInternal context, int value) {
        Promise<Integer> promise = context.promise();
        context.runOnContext(turn -> promise.complete(value));
        return promise.future();
    }
}
