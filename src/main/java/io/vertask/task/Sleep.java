package io.vertask.task;

import io.vertx.core.Future;
import java.time.Duration;

/** The wait for a time to pass, behind {@link Tasks#sleep} and the pauses of loops. */
final class Sleep {
    private Sleep() {}

    /** Waits in {@code scope}, which is the current one. */
    static Future<Void> in(Scope scope, Duration duration) {
        return Waiter.await(duration, wait -> {
            if (duration.isZero() || duration.isNegative()) {
                wait.resume(null);
                return;
            }
            Timers.Alarm alarm =
                    scope.ready.timers.set(scope.ready.loop, Durations.nanos(duration), () -> wait.resume(null));
            wait.onCancel(cause -> {
                alarm.cancel();
                return true;
            });
        });
    }
}
