package io.vertask.testing;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Code that is a program's own, being in none of the library's rooms: what is said about its lines can be tested. */
public final class OwnCode {
    private OwnCode() {}

    /** Starts a task on the line that says so. */
    public static <T> Task<T> start(String name, Coroutine<T> body) {
        return Tasks.start(name, body); // the line
    }

    /** Keeps the thread, as a body must not. */
    public static Future<String> block(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        // no lambda, whose line would be another; not even Thread.onSpinWait, which counts as blocking
        boolean on = true;
        while (on) {
            on = System.nanoTime() < end;
        }
        return Future.succeededFuture("blocked");
    }

    /** As long as {@code condition} holds, but not longer than {@code limit}. */
    public static void blockWhile(BooleanSupplier condition, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        boolean on = true;
        while (on) {
            on = condition.getAsBoolean() && System.nanoTime() < end;
        }
    }
}
