package io.vertask.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
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

/** What plain Vert.x asks for starting and joining children: the baseline that tasks are measured against. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RawVertxBench {

    private static final int CHILDREN = 1000;

    private final VertxInternal vertx = (VertxInternal) Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final ContextInternal loop = vertx.createEventLoopContext();

    @TearDown
    public void stop() throws ExecutionException, InterruptedException, TimeoutException {
        await(vertx.close());
    }

    /** Per child: a promise, a turn of the loop in which it is completed, its share of {@code Future.all}. */
    @Benchmark
    @OperationsPerInvocation(CHILDREN)
    public void spawnAndJoin() throws ExecutionException, InterruptedException, TimeoutException {
        onLoop(() -> {
            List<Future<Integer>> children = new ArrayList<>(CHILDREN);
            for (int i = 0; i < CHILDREN; i++) {
                children.add(spawn(loop, i));
            }
            return Future.all(children);
        });
    }

    /** The same with a context of its own for each child, which is what a task needs to carry values. */
    @Benchmark
    @OperationsPerInvocation(CHILDREN)
    public void spawnOnDuplicatesAndJoin() throws ExecutionException, InterruptedException, TimeoutException {
        onLoop(() -> {
            List<Future<Integer>> children = new ArrayList<>(CHILDREN);
            for (int i = 0; i < CHILDREN; i++) {
                children.add(spawn(loop.duplicate(), i));
            }
            return Future.all(children);
        });
    }

    private static Future<Integer> spawn(ContextInternal context, int value) {
        Promise<Integer> promise = context.promise();
        context.runOnContext(turn -> promise.complete(value));
        return promise.future();
    }

    private interface Batch {
        Future<?> start();
    }

    private void onLoop(Batch batch) throws ExecutionException, InterruptedException, TimeoutException {
        Promise<Object> done = Promise.promise();
        loop.runOnContext(turn -> batch.start().<Object>mapEmpty().onComplete(done));
        await(done.future());
    }

    private static <T> T await(Future<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
