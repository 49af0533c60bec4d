package io.vertask.direct;

import io.vertx.core.Completable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What one thread waits for: given once, on another thread. */
final class AwaitedResult<T> implements Completable<T> {
    private final Thread waiting = Thread.currentThread();
    private @Nullable T value;
    private @Nullable Throwable error;
    private volatile boolean given;

    @Override
    public void complete(@Nullable T result, @Nullable Throwable failure) {
        value = result;
        error = failure;
        given = true;
        LockSupport.unpark(waiting);
    }

    /**
     * Waits for the answer; throws the failure as it is, checked ones too.
     *
     * <p>An interrupt does not end the wait: whoever asked for it finds it where the code looks for interrupts itself.
     */
    @SuppressWarnings("NullAway") // null when the operation's value is
    T take() {
        boolean interrupted = false;
        while (!given) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            waiting.interrupt();
        }
        Throwable failure = error;
        if (failure != null) {
            throw StackTraces.<RuntimeException>thrownHere(failure);
        }
        return value;
    }
}
