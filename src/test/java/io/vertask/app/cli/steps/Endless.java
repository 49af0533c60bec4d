package io.vertask.app.cli.steps;

import io.vertask.app.step.CallableStep;
import io.vertask.app.step.StepCall;
import io.vertx.core.Promise;

/** Never comes back from the item {@code endless}, and never answers {@code later}; the others are done at once. */
public final class Endless implements CallableStep {
    @Override
    public Object call(StepCall call) {
        return switch (call.key()) {
            case "later" -> Promise.promise().future();
            case "endless" -> spin();
            default -> call.key();
        };
    }

    private static Object spin() {
        long rounds = 0;
        while (rounds >= 0) {
            rounds++;
        }
        return rounds;
    }
}
