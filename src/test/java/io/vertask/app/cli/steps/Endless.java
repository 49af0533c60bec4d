package io.vertask.app.cli.steps;

import io.vertask.app.step.CallableStep;
import io.vertask.app.step.StepCall;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Never comes back from the item {@code endless}, and never answers {@code later}; the others are done at once. */
public final class Endless implements CallableStep {
    @Override
    public Object call(StepCall call) {
        switch (call.key()) {
            case "later":
                Future<Object> never = Promise.promise().future();
                return never;
            case "endless":
                for (long rounds = 0; rounds >= 0; rounds++) {
                    if (rounds == Long.MAX_VALUE) {
                        return rounds;
                    }
                }
                return "never";
            default:
                return call.key();
        }
    }
}
