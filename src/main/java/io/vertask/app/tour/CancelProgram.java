package io.vertask.app.tour;

import io.vertask.task.CancelledException;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;

/** {@code cancel}: a task that is cancelled from outside and cleans up. */
final class CancelProgram extends Program {
    CancelProgram(Printer printer) {
        super(printer);
    }

    private Future<Void> worker(String name) {
        return Tasks.finallyDo(
                () -> {
                    print(name + ": starting");
                    return Tasks.forever(() ->
                                    Tasks.sleep(Duration.ofMillis(500)).onSuccess(slept -> print(name + ": tick")))
                            .onFailure(error -> {
                                if (error instanceof CancelledException) {
                                    print(name + ": cancelled, cleaning up");
                                } // onFailure only observes: the error goes on
                            });
                },
                () -> {
                    print(name + ": done");
                    return Future.succeededFuture();
                });
    }

    @Override
    Future<?> main() {
        Task<Void> task = Tasks.start("background", () -> worker("background"));

        return Tasks.sleep(Duration.ofMillis(1800)).compose(slept -> task.cancelAndJoin());
    }
}
