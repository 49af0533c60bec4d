package io.vertask.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Waits for one future that are given up again and again: hardly anything of them stays. */
class AwaitLeakTest {
    private static final int MANY = 20_000;

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static <T> long bytesLeftByEach(Supplier<Coroutine<T>> prepared) {
        Vertx vertx = Vertx.vertx();
        try {
            Long bytes = Tasks.run(vertx, () -> {
                Coroutine<T> wait = prepared.get();
                int[] count = {0};
                long[] before = {0};
                return Tasks.loopWhile(() -> {
                            if (count[0] == 1_000) {
                                before[0] = used();
                            }
                            return Tasks.timeout(Duration.ZERO, wait)
                                    .<Object>mapEmpty()
                                    .recover(timeout ->
                                            Tasks.sleep(Duration.ZERO).mapEmpty())
                                    .map(end -> ++count[0] < MANY);
                        })
                        .map(end -> (used() - before[0]) / (MANY - 1_000));
            });
            return bytes == null ? Long.MAX_VALUE : bytes;
        } finally {
            vertx.close();
        }
    }

    @Test
    void awaitLeavesNoMoreThanASmallListener() {
        Promise<String> foreign = Promise.promise();
        assertThat(bytesLeftByEach(() -> () -> Tasks.await(foreign.future()))).isLessThan(64);
        assertThat(foreign.tryComplete("kept alive until here")).isTrue();
    }

    @Test
    void aBareFutureLeavesNoMoreThanASmallListener() {
        Promise<String> foreign = Promise.promise();
        assertThat(bytesLeftByEach(() -> foreign::future)).isLessThan(64);
        assertThat(foreign.tryComplete("kept alive until here")).isTrue();
    }

    @Test
    void theCloseOfAGroupLeavesNothing() {
        assertThat(bytesLeftByEach(() -> {
                    TaskGroup group = TaskGroup.open("long");
                    group.start(() -> Tasks.sleep(Duration.ofMinutes(10)));
                    return group::close;
                }))
                .isLessThan(64);
    }
}
