package io.vertask.testkit;

import java.util.List;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;

/**
 * One repetition of a test: it gives the test its loop, names itself in a failure, and checks that nothing is left
 * behind.
 */
record Repetition(String what, VirtualLoop loop)
        implements TestTemplateInvocationContext,
                ParameterResolver,
                TestExecutionExceptionHandler,
                AfterTestExecutionCallback {
    /** Names the repetition, as a suppressed exception of the failure. */
    private static final class Where extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Where(String message) {
            super(message, null, false, false);
        }
    }

    @Override
    public String getDisplayName(int invocationIndex) {
        return what;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
        return List.of(this);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
        return parameter.getParameter().getType() == VirtualLoop.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
        return loop;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        failure.addSuppressed(new Where("this was the repetition: " + what
                + (loop.seed().isPresent()
                        ? "; again with -D" + Schedules.SEED + "=" + loop.seed().getAsLong()
                        : "")));
        throw failure;
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            loop.assertNothingLeftBehind();
        }
    }
}
