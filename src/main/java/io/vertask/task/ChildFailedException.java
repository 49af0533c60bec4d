package io.vertask.task;

/**
 * The failure of a child in a supervised group. It is reported when the child is started again; when the child was
 * started again too often, the group fails with it. The cause is the child's own failure.
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
