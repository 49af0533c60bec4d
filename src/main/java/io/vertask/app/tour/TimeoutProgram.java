package io.vertask.app.tour;

import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;

/** {@code timeout} and {@code wait_for}: work that takes too long is cancelled. */
final class TimeoutProgram extends Program {
    TimeoutProgram(Printer printer) {
        super(printer);
    }

    private Future<String> slowOperation() {
        return Tasks.sleep(Duration.ofSeconds(5)).map("done");
    }

    private Future<String> withTimeout() {
        return Tasks.timeout(Duration.ofSeconds(1), this::slowOperation).recover(error -> {
            if (error instanceof TaskTimeoutException) {
                print("Operation timed out after 1s");
                return Future.succeededFuture();
            }
            return Future.failedFuture(error);
        });
    }

    private Future<String> withWaitFor() {
        return Tasks.waitFor(this::slowOperation, Duration.ofSeconds(1)).recover(error -> {
            if (error instanceof TaskTimeoutException) {
                print("Timed out");
                return Future.succeededFuture();
            }
            return Future.failedFuture(error);
        });
    }

    @Override
    Future<?> main() {
        return withTimeout().compose(timedOut -> withWaitFor());
    }
}
