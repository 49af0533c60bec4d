package io.vertask.app.tour;

import io.vertask.offload.Offload;
import io.vertask.resource.AsyncResource;
import io.vertask.resource.Resources;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.LongStream;

/** {@code run_in_executor}: blocking and computing work, off the event loop. */
final class ExecutorProgram extends Program {
    ExecutorProgram(Printer printer) {
        super(printer);
    }

    private static String blockingRead(String path) throws InterruptedException {
        Thread.sleep(200); // simulate slow disk
        return "contents of " + path;
    }

    private static long cpuIntensive(int n) {
        return LongStream.range(0, n).map(i -> i * i).sum();
    }

    /** Thread pool for I/O-bound blocking calls. */
    private Future<List<String>> read() {
        var threadPool = AsyncResource.of(
                () -> Future.succeededFuture(Offload.blocking(vertx, "tour-files", 4)), Offload::close);
        return Resources.using(
                threadPool,
                pool -> Tasks.gather(
                        () -> pool.call(() -> blockingRead("file1.txt")),
                        () -> pool.call(() -> blockingRead("file2.txt")),
                        () -> pool.call(() -> blockingRead("file3.txt"))));
    }

    /** One thread per core for CPU-bound work (no GIL to bypass, so no processes). */
    private Future<List<Long>> compute() {
        var cpuPool = AsyncResource.of(() -> Future.succeededFuture(Offload.cpu(vertx)), Offload::close);
        return Resources.using(
                cpuPool,
                pool -> Tasks.gather(
                        () -> pool.call(() -> cpuIntensive(1_000_000)),
                        () -> pool.call(() -> cpuIntensive(2_000_000))));
    }

    @Override
    Future<?> main() {
        return read().onSuccess(this::print).compose(results -> compute()).onSuccess(this::print);
    }
}
