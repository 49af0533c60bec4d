package io.vertask.app.cli.steps;

import io.vertask.app.step.CallableStep;
import io.vertask.app.step.StepCall;

/** Computes for a minute and never looks whether it should stop. */
public final class Stubborn implements CallableStep {
    @Override
    public Object call(StepCall call) {
        long rounds = 0;
        for (long begin = System.nanoTime(); System.nanoTime() - begin < 60_000_000_000L; ) {
            rounds++;
        }
        return rounds;
    }
}
