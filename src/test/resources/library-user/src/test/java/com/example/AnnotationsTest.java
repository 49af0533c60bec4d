package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertask.task.Tasks;
import io.vertask.testkit.CancelAtEveryTurn;
import io.vertask.testkit.NothingLeftBehind;
import io.vertask.testkit.Schedules;
import io.vertask.testkit.VirtualLoop;
import io.vertask.testkit.VirtualTest;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each annotation of the testkit, run in parallel, on the JUnit of this project. */
class AnnotationsTest {
    private static final Set<Long> SEEDS = new ConcurrentSkipListSet<>();
    private static final Set<Integer> CANCELLED = new ConcurrentSkipListSet<>();
    private static volatile int turns;
    private static volatile boolean onARealLoop;

    @VirtualTest
    void anHourPassesAtOnce(VirtualLoop loop) throws Exception {
        assertEquals("slept", loop.value(() -> Tasks.sleep(Duration.ofHours(1)).map("slept")));
    }

    @Schedules(seeds = 20)
    void eachSeed(VirtualLoop loop) {
        SEEDS.add(loop.seed().orElseThrow());
    }

    @CancelAtEveryTurn
    void eachTurn(VirtualLoop loop) {
        int ran = loop.run(() -> Tasks.finallyDo(() -> Tasks.sleep(Duration.ofHours(1)), () -> Tasks.sleep(Duration.ofSeconds(1))))
                .turns();
        if (loop.cancelledAt().isPresent()) {
            CANCELLED.add(loop.cancelledAt().getAsInt());
        } else {
            turns = ran;
        }
    }

    @Test
    @ExtendWith(NothingLeftBehind.class)
    void onARealLoop(Vertx vertx, Vertx theSame) {
        assertEquals(vertx, theSame);
        assertEquals("slept", Tasks.run(vertx, () -> Tasks.sleep(Duration.ofMillis(1)).map("slept")));
        onARealLoop = true;
    }

    @AfterAll
    static void allOfThemRan() {
        String junit = Test.class.getProtectionDomain().getCodeSource().getLocation().toString();
        assertTrue(junit.contains("-" + System.getProperty("junit.version")), junit);
        assertEquals(20, SEEDS.size());
        assertTrue(turns > 2);
        assertEquals(turns + 1, CANCELLED.size());
        assertTrue(onARealLoop);
    }
}
