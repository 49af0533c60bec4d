package io.vertask.bench;

import io.vertask.offload.Offload;
import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import java.util.Collections;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the page's {@code cpu_intensive}, once for each core: sequentially, and on the CPU pool.
 *
 * <p>The gain of the pool is the ratio of the two, at best the number of idle cores.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CpuPoolBench {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int N = 20_000_000;

    private final BenchLoop loop = new BenchLoop();
    private final Offload pool = Offload.cpu(loop.context.owner());
    private final Coroutine<Long> job = () -> pool.call(() -> cpuIntensive(N));

    static long cpuIntensive(int n) {
        return LongStream.range(0, n).map(i -> i * i).sum();
    }

    /** Ends the event loop and the pool. */
    @TearDown
    public void stop() throws ExecutionException, InterruptedException, TimeoutException {
        loop.close();
    }

    /** One thread, and no pool. */
    @Benchmark
    public long inTurn() {
        long sum = 0;
        for (int i = 0; i < CORES; i++) {
            sum += cpuIntensive(N);
        }
        return sum;
    }

    /** One task for each, on the pool. */
    @Benchmark
    public void onThePool() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> Tasks.start(() -> Tasks.gather(Collections.nCopies(CORES, job))).future());
    }
}
