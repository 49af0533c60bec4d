package io.vertask.app.tour;

import io.vertask.task.Outcome;
import io.vertask.task.Tasks;
import io.vertx.core.Future;

/** {@code gather(return_exceptions=True)}: errors are values among the results and stop no other task. */
final class GatherErrorsProgram extends Program {
    GatherErrorsProgram(Printer printer) {
        super(printer);
    }

    private Future<Integer> mightFail(int n) {
        if (n == 2) {
            throw new IllegalArgumentException("Bad number: " + n);
        }
        return Future.succeededFuture(n * 10);
    }

    @Override
    Future<?> main() {
        return Tasks.settle(() -> mightFail(1), () -> mightFail(2), () -> mightFail(3))
                .onSuccess(results -> {
                    for (Outcome<Integer> result : results) {
                        print(result.fold(value -> "OK: " + value, error -> "Error: " + error.getMessage()));
                    }
                });
    }
}
