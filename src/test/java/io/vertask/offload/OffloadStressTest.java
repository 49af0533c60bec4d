package io.vertask.offload;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs shorter than the race: interrupts that come before, during and after them. */
class OffloadStressTest {
    private static final int OPERATIONS = 40_000;
    private static final int USERS = 8;
    private static final long SEED = 20_260_102;

    private final AtomicInteger hits = new AtomicInteger();
    private final AtomicInteger strays = new AtomicInteger();
    private final AtomicInteger ranAfterCancel = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    @Timeout(120) // seconds when alone; the machine may be shared
    @Tag("semantics-133")
    @Tag("semantics-135")
    void noInterruptEverReachesAnotherJob() {
        Offload pool = Offload.blocking(fixture.vertx, "stress", 3);
        List<Coroutine<Void>> users = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            Random random = new Random(SEED + i);
            AtomicInteger left = new AtomicInteger(OPERATIONS / USERS);
            users.add(() -> Tasks.loopWhile(() -> operation(pool, random).map(v -> left.decrementAndGet() > 0)));
        }
        Tasks.run(fixture.vertx, () -> Tasks.gather(users).compose(v -> Fixture.until(() -> pool.running() == 0)));
        assertThat(pool.queued()).isZero();
        assertThat(ended).hasValue(OPERATIONS);
        assertThat(strays).hasValue(0);
        assertThat(ranAfterCancel).hasValue(0);
        // it was a race indeed
        assertThat(hits.get()).isGreaterThan(OPERATIONS / 200);
    }

    private Future<Void> operation(Offload pool, Random random) {
        // a cancel comes after so many turns, or for half of them as soon as the job is seen to run
        AtomicInteger turns = new AtomicInteger(random.nextInt(8));
        boolean whenBegun = random.nextBoolean();
        AtomicBoolean begun = new AtomicBoolean();
        long busy = random.nextInt(60_000);
        boolean cancels = random.nextBoolean();
        AtomicBoolean mine = new AtomicBoolean();
        AtomicBoolean over = new AtomicBoolean();
        Task<Void> task = Tasks.start(() -> pool.call(() -> {
            begun.set(true);
            if (over.get()) {
                ranAfterCancel.incrementAndGet();
            }
            long end = System.nanoTime() + busy;
            do {
                if (Thread.interrupted()) {
                    (mine.get() ? hits : strays).incrementAndGet();
                    break;
                }
            } while (System.nanoTime() < end);
            return null;
        }));
        Future<?> joined = cancels
                ? Tasks.loopWhile(() -> Tasks.sleep(Duration.ZERO)
                                .map(v -> whenBegun ? !begun.get() : turns.decrementAndGet() > 0))
                        .compose(v -> {
                            mine.set(true);
                            return task.cancelAndJoin();
                        })
                : task.settled();
        return joined.map(end -> {
            over.set(true);
            ended.incrementAndGet();
            return null;
        });
    }
}
