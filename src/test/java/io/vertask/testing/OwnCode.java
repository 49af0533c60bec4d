package io.vertask.testing;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** User code for tests of messages that name lines of it: it is in no room of the library. */
public final class OwnCode {
    private OwnCode() {}

    /** Starts a task on the marked line. */
    public static <T> Task<T> start(String name, Coroutine<T> body) {
        return Tasks.start(name, body); // the line
    }

    /** Blocks the thread, as a body must not. */
    public static Future<String> block(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        // no lambda, which would be on another line; no Thread.onSpinWait, which counts as blocking
        boolean on = true;
        while (on) {
            on = System.nanoTime() < end;
        }
        return Future.succeededFuture("blocked");
    }

    /** Blocks while {@code condition} holds, for at most {@code limit}. */
    public static void blockWhile(BooleanSupplier condition, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        boolean on = true;
        while (on) {
            on = condition.getAsBoolean() && System.nanoTime() < end;
        }
    }
}
