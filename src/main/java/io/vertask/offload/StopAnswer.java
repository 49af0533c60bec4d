package io.vertask.offload;

import io.vertask.task.CancelledException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLockInterruptionException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Tells an error that is only a job's answer to being stopped from a failure of the job.
 *
 * <p>An answer is an interruption or a cancellation, or wraps one as its cause. With anything else suppressed in it, it
 * is a failure: the close of a resource may have failed on the way out.
 */
final class StopAnswer {
    /** More causes than any real chain has; a chain may be a ring. */
    private static final int DEEPEST = 50;

    private StopAnswer() {}

    /**
     * Whether {@code error} is an answer.
     *
     * @param interrupted whether the thread of the job was interrupted; otherwise only a cancellation is an answer
     */
    static boolean is(Throwable error, boolean interrupted) {
        return is(error, interrupted, DEEPEST);
    }

    private static boolean is(Throwable error, boolean interrupted, int deepest) {
        boolean answers = false;
        int depth = 0;
        for (@Nullable Throwable next = error; next != null && depth < deepest; next = next.getCause()) {
            depth++;
            answers |= next instanceof CancelledException || (interrupted && tellsOfAnInterrupt(next));
            for (Throwable second : next.getSuppressed()) {
                if (!is(second, interrupted, deepest - depth)) {
                    return false;
                }
            }
        }
        return answers;
    }

    private static boolean tellsOfAnInterrupt(Throwable error) {
        return error instanceof InterruptedException
                || error instanceof ClosedChannelException
                || error instanceof FileLockInterruptionException
                || error instanceof CancellationException
                || (error instanceof InterruptedIOException && !(error instanceof SocketTimeoutException));
    }
}
