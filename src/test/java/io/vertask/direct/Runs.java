package io.vertask.direct;

import io.vertask.task.Tasks;
import java.time.Duration;

/** The small parts of these tests. */
final class Runs {
    static final String WHY = "straight-line code needs virtual threads";

    private Runs() {}

    static void sleep(long ms) {
        Direct.sleep(Duration.ofMillis(ms));
    }

    /** Waits far longer than any test. */
    static void ages() {
        Direct.sleep(Duration.ofDays(1));
    }

    /** Lets the others have a turn. */
    static void turn() {
        Direct.await(() -> Tasks.sleep(Duration.ZERO));
    }
}
