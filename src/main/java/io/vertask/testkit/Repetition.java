package io.vertask.testkit;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.IncompleteExecutionException;
import org.opentest4j.ValueWrapper;

/**
 * One repetition of a test: it gives the test its loop, names itself in the message of a failure, and checks that no
 * failure was overlooked and nothing is left behind.
 */
final class Repetition
        implements TestTemplateInvocationContext,
                ParameterResolver,
                TestExecutionExceptionHandler,
                AfterTestExecutionCallback,
                TestWatcher {
    /** Names the repetition of an exception that is no {@link AssertionError}, which is its cause. */
    private static final class InRepetition extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InRepetition(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final String what;
    private final VirtualLoop loop;
    /** Whether the test has no other repetition, so that there is nothing to name. */
    private final boolean alone;

    private volatile boolean over;

    private Repetition(String what, VirtualLoop loop, boolean alone) {
        this.what = what;
        this.loop = loop;
        this.alone = alone;
    }

    /** The only repetition of its test. */
    static Repetition only(VirtualLoop loop) {
        return new Repetition("virtual clock", loop, true);
    }

    static Repetition oneOf(String what, VirtualLoop loop) {
        return new Repetition(what, loop, false);
    }

    VirtualLoop loop() {
        return loop;
    }

    /** Whether the test has ended. */
    boolean isOver() {
        return over;
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
        // often the reason why an assertion of the test fails
        for (Throwable overlooked : loop.unreadFailures()) {
            if (overlooked != failure) {
                failure.addSuppressed(overlooked);
            }
        }
        throw named(failure);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws Exception {
        if (context.getExecutionException().isEmpty()) {
            try {
                loop.assertNothingLeftBehind();
            } catch (AssertionError left) {
                throw (AssertionError) named(left);
            }
        }
    }

    /** {@code failure} with this repetition in front of its message, as what JUnit takes it for. */
    private Throwable named(Throwable failure) {
        if (alone || failure instanceof IncompleteExecutionException || failure instanceof VirtualMachineError) {
            return failure;
        }
        String message = "[" + what
                + (loop.seed().isPresent()
                        ? ", again with -D" + Schedules.SEED + "=" + loop.seed().getAsLong()
                        : "")
                + "] "
                + (failure instanceof AssertionError && failure.getMessage() != null ? failure.getMessage() : failure);
        Throwable named = failure instanceof AssertionFailedError it
                ? withValues(message, it)
                : failure instanceof AssertionError
                        ? new AssertionError(message, failure)
                        : new InRepetition(message, failure);
        named.setStackTrace(failure.getStackTrace());
        return named;
    }

    /** With the expected and the actual value, which an editor compares. */
    private static AssertionFailedError withValues(String message, AssertionFailedError it) {
        ValueWrapper expected = it.getExpected();
        ValueWrapper actual = it.getActual();
        return it.isExpectedDefined() && it.isActualDefined()
                ? new AssertionFailedError(message, expected, actual, it)
                : new AssertionFailedError(message, it);
    }

    // ---- the end

    @Override
    public void testSuccessful(ExtensionContext context) {
        over = true;
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        over = true;
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        over = true;
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        over = true;
    }
}
