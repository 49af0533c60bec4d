package io.vertask.bench;

import io.vertask.queue.AsyncQueue;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
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
 * Measures the cost of an item in a queue of 64, next to a deque with handwritten promises, which has no cancellation, thread safety, join or shutdown.
 *
 * <p>All figures are per item. {@code …AtOnce} alternates puts and takes, so none waits; in the others a producer and a consumer take turns as the queue fills and empties.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class QueueBench {
    private static final int ITEMS = 10_000;
    private static final int CAPACITY = 64;
    private static final Integer ITEM = 1;

    private final BenchLoop loop = new BenchLoop();
    private final AsyncQueue<Integer> queue = AsyncQueue.of(CAPACITY);
    private final RawQueue raw = new RawQueue(loop.context);

    /** Ends the event loop. */
    @TearDown
    public void stop() throws ExecutionException, InterruptedException, TimeoutException {
        loop.close();
    }

    /** A deque, with a promise for a wait; put and take in one turn. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void rawAtOnce() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> {
            for (int i = 0; i < ITEMS; i++) {
                if (!raw.put(ITEM).succeeded() || !raw.take().succeeded()) {
                    throw new IllegalStateException("it waits");
                }
            }
            return Future.succeededFuture();
        });
    }

    /** {@code put} and {@code take}. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void queueAtOnce() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> Tasks.start(() -> {
                    for (int i = 0; i < ITEMS; i++) {
                        if (!queue.put(ITEM).succeeded() || !queue.take().succeeded()) {
                            throw new IllegalStateException("it waits");
                        }
                    }
                    return Future.succeededFuture();
                })
                .future());
    }

    /** {@code tryPut} and {@code tryTake}, which never wait. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void queueTry() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> {
            for (int i = 0; i < ITEMS; i++) {
                if (!queue.tryPut(ITEM) || queue.tryTake().isEmpty()) {
                    throw new IllegalStateException("it waits");
                }
            }
            return Future.succeededFuture();
        });
    }

    /** The same deque between two loops of callbacks. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void rawProducerAndConsumer() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> {
            Promise<Void> done = loop.context.promise();
            raw.produce(ITEMS);
            raw.consume(ITEMS, done);
            return done.future();
        });
    }

    /** Two tasks, each a loop that waits when the queue is full or empty. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void queueProducerAndConsumer() throws ExecutionException, InterruptedException, TimeoutException {
        loop.run(() -> Tasks.start(() -> Tasks.gather(
                        () -> {
                            int[] left = {ITEMS};
                            return Tasks.loopWhile(() -> queue.put(ITEM).map(--left[0] > 0));
                        },
                        () -> {
                            int[] left = {ITEMS};
                            return Tasks.loopWhile(() -> queue.take().map(--left[0] > 0));
                        }))
                .future());
    }

    /** A minimal queue for one event loop. */
    private static final class RawQueue {
        private final ContextInternal context;
        private final ArrayDeque<Integer> items = new ArrayDeque<>();
        private @Nullable Promise<Integer> taker;
        private @Nullable Promise<Void> putter;

        RawQueue(ContextInternal context) {
            this.context = context;
        }

        Future<Void> put(Integer item) {
            Promise<Integer> waiting = taker;
            if (waiting != null) {
                taker = null;
                context.runOnContext(turn -> waiting.complete(item));
                return context.succeededFuture();
            }
            items.add(item);
            if (items.size() < CAPACITY) {
                return context.succeededFuture();
            }
            Promise<Void> room = context.promise();
            putter = room;
            return room.future();
        }

        Future<Integer> take() {
            Integer item = items.poll();
            Promise<Void> waiting = putter;
            if (waiting != null) {
                putter = null;
                context.runOnContext(turn -> waiting.complete());
            }
            if (item != null) {
                return context.succeededFuture(item);
            }
            Promise<Integer> next = context.promise();
            taker = next;
            return next.future();
        }

        void produce(int items) {
            int left = items;
            while (left > 0) {
                left--;
                Future<Void> put = put(ITEM);
                if (!put.isComplete()) {
                    int rest = left;
                    put.onComplete(end -> produce(rest));
                    return;
                }
            }
        }

        void consume(int items, Promise<Void> done) {
            int left = items;
            while (left > 0) {
                left--;
                Future<Integer> taken = take();
                if (!taken.isComplete()) {
                    int rest = left;
                    taken.onComplete(end -> consume(rest, done));
                    return;
                }
            }
            done.complete();
        }
    }
}
