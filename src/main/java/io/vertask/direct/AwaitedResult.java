package io.vertask.direct;

import io.vertx.core.Completable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A result that one thread waits for and another thread gives, once. */
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
     * Waits for the result; throws the failure unwrapped, even if checked.
     *
     * <p>An interrupt does not end the wait; the interrupt flag is set again afterwards.
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
