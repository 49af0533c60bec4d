package io.vertask.task;

import java.util.List;

/**
 * The failure of a group whose children or body failed. asyncio's {@code ExceptionGroup}.
 *
 * <p>The first failure is the cause, the others are suppressed; {@link #failures} lists them all in the order in which
 * they happened. Plain cancellations are never among them.
 */
public final class TaskGroupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Throwable> failures;

    TaskGroupException(String group, List<Throwable> failures) {
        super(message(group, failures), failures.get(0), true, false);
        this.failures = List.copyOf(failures);
        failures.stream().skip(1).forEach(this::addSuppressed);
    }

    /** All failures, in the order in which they happened. */
    public List<Throwable> failures() {
        return failures;
    }

    private static String message(String group, List<Throwable> failures) {
        String first = failures.get(0).toString();
        return failures.size() == 1
                ? "task group '" + group + "': " + first
                : "task group '" + group + "': " + failures.size() + " failures, the first: " + first;
    }
}
