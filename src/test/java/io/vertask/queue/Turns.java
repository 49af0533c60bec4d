package io.vertask.queue;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

final class Turns {
    private Turns() {}

    /** Gives the others {@code n} turns. */
    static Future<Void> turns(int n) {
        AtomicInteger left = new AtomicInteger(n);
        return Tasks.loopWhile(() ->
                left.getAndDecrement() > 0 ? Tasks.sleep(Duration.ZERO).map(true) : Future.succeededFuture(false));
    }
}
