package io.vertask.task;

/**
 * A child of a supervised group failed: reported when the child is started again, and what the group fails with when it
 * has been too often. The cause is the child's own failure.
 */
public final class ChildFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String child;

    ChildFailedException(String child, String what, Throwable cause) {
        super("task '" + child + "' failed, " + what + ": " + cause, cause, false, false);
        this.child = child;
    }

    /** The path of the child. */
    public String child() {
        return child;
    }
}
