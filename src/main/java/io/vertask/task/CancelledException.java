package io.vertask.task;

import org.jspecify.annotations.Nullable;

/**
 * The error of work that was asked to stop.
 *
 * <p>It carries no stack trace, since nothing went wrong at a place in the code. It carries the path of the task that
 * was stopped, the reason, and the name of the asker. It is not a {@link TaskTimeoutException}, nor the other way
 * round.
 */
public final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient CancelRequest request;
    private final String above;
    private final @Nullable String name;
    private final long id;

    /**
     * The path comes in parts and is joined when it is read, which is rare.
     *
     * @param above the path in front of the name, with its slash
     * @param name the name given to the task; null for one that has only its {@code id}
     */
    CancelledException(CancelRequest request, String above, @Nullable String name, long id) {
        super(null, null, true, false);
        this.request = request;
        this.above = above;
        this.name = name;
        this.id = id;
    }

    /** The reason that the asker gave. */
    public CancelReason reason() {
        return request.reason;
    }

    /** The path of the task that asked, or the name of the thread. */
    public String by() {
        return request.by;
    }

    /** The path of the task that was asked to stop. */
    public String task() {
        return above + (name != null ? name : TaskPath.nameOf(id));
    }

    /**
     * The number of futures that are not of this library, that the cancel could not stop, and that it left running; as
     * of now, in all tasks that the cancel reached. {@link Survey} lists those that still run.
     */
    public int leftRunning() {
        return request.left;
    }

    /** The number of {@link #leftRunning} in words, for the end of a message. */
    static String left(CancelRequest request) {
        return switch (request.left) {
            case 0 -> "";
            case 1 -> "; 1 future that is not of this library left running";
            default -> "; " + request.left + " futures that are not of this library left running";
        };
    }

    CancelRequest request() {
        return request;
    }

    /** Whether this is the answer to {@code other}, and not to another request for the same reason. */
    boolean answers(CancelRequest other) {
        return request == other;
    }

    @Override
    public String getMessage() {
        return "task '" + task() + "' was cancelled: " + request.reason + ", asked by " + request.by + left(request);
    }
}
