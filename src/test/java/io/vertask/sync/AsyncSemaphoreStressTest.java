package io.vertask.sync;

import static io.vertask.sync.AsyncSemaphoreTest.turns;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Users on several event loops, and a plain thread that gives permits back. */
class AsyncSemaphoreStressTest {
    private static final int PERMITS = 3;
    private static final int USERS = 16;
    private static final int OPERATIONS = 200_000;
    private static final long SEED = 20_260_101;

    private final AsyncSemaphore semaphore = AsyncSemaphore.named("stress", PERMITS);
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger tooMany = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final ExecutorService elsewhere = Executors.newSingleThreadExecutor();

    @Test
    @Tag("semantics-98")
    void permitsAreConservedUnderEverythingAtOnce() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(4));
        try {
            List<Future<Void>> ends = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                Random random = new Random(SEED + i);
                AtomicInteger left = new AtomicInteger(OPERATIONS / USERS);
                ends.add(Tasks.start(
                                vertx,
                                "user-" + i,
                                () -> Tasks.loopWhile(() -> operation(random).map(v -> left.decrementAndGet() > 0)))
                        .future());
            }
            Future.all(ends).toCompletionStage().toCompletableFuture().get(50, TimeUnit.SECONDS);
        } finally {
            elsewhere.shutdown();
            assertThat(elsewhere.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        assertThat(done).hasValue(OPERATIONS);
        assertThat(tooMany).hasValue(0);
        assertThat(held).hasValue(0);
        assertThat(semaphore.available()).isEqualTo(PERMITS);
        assertThat(semaphore.waiting()).isZero();
        assertThat(semaphore.isLocked()).isFalse();
        // the interesting paths were taken, and often
        assertThat(cancelled.get()).isGreaterThan(OPERATIONS / 100);
    }

    private Future<Void> operation(Random random) {
        int turns = random.nextInt(3);
        Duration limit = Duration.ofNanos(random.nextInt(60_000));
        Future<Void> operation = switch (random.nextInt(7)) {
            case 0 -> semaphore.acquire().compose(v -> use(turns)).onSuccess(v -> semaphore.release());
            case 1 ->
                semaphore.acquire().compose(v -> use(turns)).onSuccess(v -> elsewhere.execute(semaphore::release));
            case 2 -> Tasks.timeout(limit, () -> semaphore.withPermit(() -> use(turns)));
            case 3 ->
                semaphore.withPermit(() -> {
                    throw new IllegalStateException("thrown by the body");
                });
            case 4 -> semaphore.tryAcquire() ? use(0).onSuccess(v -> semaphore.release()) : turns(1);
            case 5 -> semaphore.withPermit(() -> use(turns));
            default -> {
                Task<Void> task = Tasks.start(() -> semaphore.withPermit(() -> use(turns)));
                yield turns(turns).compose(v -> task.cancelAndJoin()).mapEmpty();
            }
        };
        return operation.transform(end -> {
            done.incrementAndGet();
            if (end.failed() && !(end.cause() instanceof IllegalStateException)) {
                cancelled.incrementAndGet();
            }
            return Future.succeededFuture();
        });
    }

    /** What is done while holding a permit; it counts itself out however it ends. */
    private Future<Void> use(int turns) {
        if (held.incrementAndGet() > PERMITS) {
            tooMany.incrementAndGet();
        }
        return turns(turns).onComplete(end -> held.decrementAndGet());
    }
}
