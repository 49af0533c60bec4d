package io.vertask.app.cli.steps;

import io.vertask.app.step.CallableStep;
import io.vertask.app.step.StepCall;
import java.util.concurrent.TimeUnit;

/** Blocks its thread until it is interrupted. */
public final class Sleeper implements CallableStep {
    @Override
    public Object call(StepCall call) throws InterruptedException {
        TimeUnit.MINUTES.sleep(5);
        return "not interrupted";
    }
}
