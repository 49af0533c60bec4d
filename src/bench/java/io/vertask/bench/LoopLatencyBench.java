package io.vertask.bench;

import io.vertask.offload.Offload;
import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the delay of a one-millisecond timer on an idle event loop, without and with load on every thread of the CPU pool: compare p0.99 of both.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 3)
public class LoopLatencyBench {
    /** Whether the pool is under load. */
    @Param({"false", "true"})
    public boolean computing;

    private final BenchLoop loop = new BenchLoop();
    private volatile boolean stop;
    private @Nullable Task<?> load;

    /** Gives every thread of the pool an endless job. */
    @Setup
    public void compute() throws ExecutionException, InterruptedException, TimeoutException {
        if (computing) {
            Offload pool = Offload.cpu(loop.context.owner());
            Coroutine<Long> job = () -> pool.call(() -> {
                long sum = 0;
                while (!stop) {
                    sum += CpuPoolBench.cpuIntensive(10_000);
                }
                return sum;
            });
            int cores = Runtime.getRuntime().availableProcessors();
            loop.run(() -> {
                load = Tasks.start(() -> Tasks.gather(Collections.nCopies(cores, job)));
                return Future.succeededFuture();
            });
        }
    }

    /** Ends the jobs and the event loop. */
    @TearDown
    public void stop() throws ExecutionException, InterruptedException, TimeoutException {
        stop = true;
        loop.close();
    }

    /** The timer's millisecond, its delay, and the round trip between the measuring thread and the event loop. */
    @Benchmark
    public void timerOfAMillisecond() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> Tasks.start(() -> Tasks.sleep(Duration.ofMillis(1))).future());
    }
}
