package io.vertask.app.cli.steps;

import io.vertask.app.step.CallableStep;
import io.vertask.app.step.StepCall;
import java.io.IOException;

/** Never works. */
public final class Failing implements CallableStep {
    @Override
    public Object call(StepCall call) throws IOException {
        throw new IOException("no luck with " + call.item());
    }
}
