package io.vertask.sync;

import static io.vertask.sync.AsyncSemaphoreTest.turns;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Users on several event loops, who are cancelled and cut by limits at any moment: nothing is lost, and all end. */
class SyncStressTest {
    private static final int USERS = 16;
    private static final int SMALL = 20_000;
    private static final int LARGE = 1_000_000;
    private static final long SEED = 20_260_201;

    private final AtomicInteger in = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    /** Of the condition's buffer; guarded by the lock of the condition. */
    private int made;

    private int taken;

    /** What one of the users does, again and again. */
    private void run(int operations, Function<Random, Coroutine<Void>> operation) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(4));
        AtomicInteger done = new AtomicInteger();
        try {
            List<Future<Void>> ends = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                Random random = new Random(SEED + i);
                AtomicInteger left = new AtomicInteger(operations / USERS);
                ends.add(Tasks.start(
                                vertx,
                                "user-" + i,
                                () -> Tasks.loopWhile(() -> disturbed(random, operation.apply(random))
                                        .map(v -> {
                                            done.incrementAndGet();
                                            return left.decrementAndGet() > 0;
                                        })))
                        .future());
            }
            Future.all(ends).toCompletionStage().toCompletableFuture().get(280, TimeUnit.SECONDS);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        assertThat(done).hasValue(operations / USERS * USERS);
        // the interesting paths were taken, and often
        assertThat(cut.get()).isGreaterThan(operations / 100);
    }

    private Future<Void> disturbed(Random random, Coroutine<Void> body) {
        int turns = random.nextInt(3);
        Duration limit = Duration.ofNanos(random.nextInt(60_000));
        Future<Void> end = switch (random.nextInt(4)) {
            case 0 -> Tasks.timeout(limit, body);
            case 1 -> {
                Task<Void> task = Tasks.start(body);
                yield turns(turns)
                        .compose(v -> task.cancelAndJoin())
                        .compose(outcome -> outcome.isSuccess()
                                ? Future.succeededFuture()
                                : Future.failedFuture(outcome.errorOrNull()));
            }
            default -> Tasks.gather(body).mapEmpty();
        };
        return end.recover(failed -> {
            cut.incrementAndGet();
            return Future.succeededFuture();
        });
    }

    /** What is done while holding something; it counts itself out however it ends. */
    private Coroutine<Void> hold(Random random) {
        int turns = random.nextInt(3);
        return () -> {
            int now = in.incrementAndGet();
            most.accumulateAndGet(now, Math::max);
            return turns(turns).onComplete(end -> in.decrementAndGet());
        };
    }

    private void lock(int operations) throws Exception {
        AsyncLock lock = AsyncLock.create();
        run(operations, random -> () -> lock.withLock(hold(random)));
        assertThat(most).hasValue(1);
        assertThat(in).hasValue(0);
        assertThat(lock.isLocked()).isFalse();
        assertThat(lock.waiting()).isZero();
    }

    private void bounded(int operations) throws Exception {
        AsyncBoundedSemaphore semaphore = AsyncBoundedSemaphore.of(3);
        run(operations, random -> () -> semaphore.withPermit(hold(random)));
        assertThat(most).hasValue(3);
        assertThat(semaphore.available()).isEqualTo(3);
        assertThat(semaphore.waiting()).isZero();
        assertThat(semaphore.isLocked()).isFalse();
    }

    private void limiter(int operations) throws Exception {
        CapacityLimiter limiter = CapacityLimiter.of(3);
        run(operations, random -> {
            if (random.nextInt(20) == 0) {
                limiter.resize(1 + random.nextInt(4));
            }
            return () -> limiter.withPermit(hold(random));
        });
        assertThat(most.get()).isBetween(2, 4);
        assertThat(limiter.borrowers()).isEmpty();
        assertThat(limiter.available()).isEqualTo(limiter.limit());
        assertThat(limiter.waiting()).isZero();
    }

    /**
     * A buffer of one item, as many patient makers as takers, and impatient ones beside them who only wait: a signal
     * that one of these keeps for itself leaves the others waiting for ever.
     */
    private void condition(int operations) throws Exception {
        AsyncLock lock = AsyncLock.create();
        AsyncCondition filled = AsyncCondition.of(lock);
        AsyncCondition emptied = AsyncCondition.of(lock);
        Coroutine<Void> make =
                () -> lock.withLock(() -> emptied.waitFor(() -> made == taken).onSuccess(v -> {
                    made++;
                    filled.signal();
                }));
        Coroutine<Void> take =
                () -> lock.withLock(() -> filled.waitFor(() -> made > taken).onSuccess(v -> {
                    taken++;
                    emptied.signal();
                }));
        Coroutine<Void> peek = () -> lock.withLock(() -> filled.await().onSuccess(v -> filled.signal()));
        int each = operations / 2;
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        try {
            List<Future<Void>> ends = new ArrayList<>();
            List<Task<Void>> impatient = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                AtomicInteger left = new AtomicInteger(each / 4);
                Coroutine<Void> part = i % 2 == 0 ? make : take;
                ends.add(Tasks.start(
                                vertx,
                                null,
                                () -> Tasks.loopWhile(() -> part.call().map(v -> left.decrementAndGet() > 0)))
                        .future());
            }
            for (int i = 0; i < 2; i++) {
                Random random = new Random(SEED + i);
                impatient.add(Tasks.start(
                        vertx,
                        null,
                        () -> Tasks.forever(() -> Tasks.timeout(Duration.ofNanos(random.nextInt(1_000_000)), peek)
                                .recover(late -> {
                                    cut.incrementAndGet();
                                    return Future.succeededFuture();
                                }))));
            }
            Future.all(ends).toCompletionStage().toCompletableFuture().get(280, TimeUnit.SECONDS);
            impatient.forEach(Task::cancel);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        assertThat(made).isEqualTo(taken).isEqualTo(each / 4 * 4);
        assertThat(lock.isLocked()).isFalse();
        assertThat(filled.waiting() + emptied.waiting()).isZero();
        assertThat(cut.get()).isGreaterThan(50);
    }

    @Test
    @Tag("semantics-98")
    void aLockUnderEverythingAtOnce() throws Exception {
        lock(SMALL);
    }

    @Test
    @Tag("semantics-98")
    void aBoundedSemaphoreUnderEverythingAtOnce() throws Exception {
        bounded(SMALL);
    }

    @Test
    @Tag("semantics-98")
    @Tag("semantics-99")
    void aLimiterThatIsResizedUnderEverythingAtOnce() throws Exception {
        limiter(SMALL);
    }

    @Test
    @Tag("stress")
    void aLockForAMillionOperations() throws Exception {
        lock(LARGE);
    }

    @Test
    @Tag("stress")
    void aBoundedSemaphoreForAMillionOperations() throws Exception {
        bounded(LARGE);
    }

    @Test
    @Tag("stress")
    void aLimiterForAMillionOperations() throws Exception {
        limiter(LARGE);
    }

    @Test
    @Tag("semantics-100")
    void aConditionUnderEverythingAtOnce() throws Exception {
        condition(SMALL);
    }

    @Test
    @Tag("stress")
    void aConditionForAMillionOperations() throws Exception {
        condition(LARGE);
    }
}
