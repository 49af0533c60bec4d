package io.vertask.bench;

import io.vertask.sync.AsyncSemaphore;
import io.vertask.task.TaskGroup;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
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
 * Measures a hundred thousand tasks that share ten permits, each held for a turn of the loop.
 *
 * <p>All figures are per task, its start and end included. {@code raw…} is a handwritten counter with a queue of promises.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SemaphoreBench {
    private static final int TASKS = 100_000;
    private static final int PERMITS = 10;

    private final BenchLoop loop = new BenchLoop();

    /** Ends the event loop. */
    @TearDown
    public void stop() throws ExecutionException, InterruptedException, TimeoutException {
        loop.close();
    }

    /** The handwritten baseline: acquire, a turn, release, each on a duplicated context. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public void rawSemaphore() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> {
            RawSemaphore limit = new RawSemaphore();
            List<Future<Void>> ends = new ArrayList<>(TASKS);
            for (int i = 0; i < TASKS; i++) {
                ContextInternal context = loop.context.duplicate();
                Promise<Void> end = context.promise();
                context.runOnContext(begin -> limit.acquire(context).onComplete(permit -> context.runOnContext(turn -> {
                    limit.release();
                    end.complete();
                })));
                ends.add(end.future());
            }
            return Future.all(ends);
        });
    }

    /** The same with tasks and {@code AsyncSemaphore.acquire} and {@code release}. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public void semaphore() throws ExecutionException, InterruptedException, TimeoutException {
        AsyncSemaphore limit = AsyncSemaphore.of(PERMITS);
        loop.run(() -> Tasks.start(() -> TaskGroup.with(group -> {
                    for (int i = 0; i < TASKS; i++) {
                        group.start(() -> limit.acquire()
                                .compose(permit -> Tasks.sleep(java.time.Duration.ZERO))
                                .onComplete(turn -> limit.release()));
                    }
                    return Future.succeededFuture();
                }))
                .future());
    }

    /** The same with {@code withPermit}, which returns the permit in a shielded cleanup. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public void withPermit() throws ExecutionException, InterruptedException, TimeoutException {
        AsyncSemaphore limit = AsyncSemaphore.of(PERMITS);
        loop.run(() -> Tasks.start(() -> TaskGroup.with(group -> {
                    for (int i = 0; i < TASKS; i++) {
                        group.start(() -> limit.withPermit(() -> Tasks.sleep(java.time.Duration.ZERO)));
                    }
                    return Future.succeededFuture();
                }))
                .future());
    }

    private static final class RawSemaphore {
        private final ArrayDeque<Promise<Void>> queue = new ArrayDeque<>();
        private int free = PERMITS;

        Future<Void> acquire(ContextInternal context) {
            if (free > 0) {
                free--;
                return context.succeededFuture();
            }
            Promise<Void> permit = context.promise();
            queue.add(permit);
            return permit.future();
        }

        void release() {
            Promise<Void> next = queue.poll();
            if (next == null) {
                free++;
            } else {
                next.complete();
            }
        }
    }
}
