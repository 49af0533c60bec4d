package io.vertask.app.job;

import io.vertask.app.step.CallableStep;
import io.vertask.app.step.StepCall;
import org.jspecify.annotations.Nullable;

/** Classes that a job can't call, each for a reason of its own. */
public final class Steps {
    private Steps() {}

    static final class Hidden implements CallableStep {
        @Override
        public @Nullable Object call(StepCall call) {
            return null;
        }
    }

    /** Needs something at its making. */
    public static final class Picky implements CallableStep {
        private final String needed;

        /** With what it needs. */
        public Picky(String needed) {
            this.needed = needed;
        }

        @Override
        public Object call(StepCall call) {
            return needed;
        }
    }
}
