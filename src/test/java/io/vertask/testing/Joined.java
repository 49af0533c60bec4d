package io.vertask.testing;

import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits on a plain thread for a future, with a limit.
 *
 * <p>It does not use {@link CompletableFuture#orTimeout}: the thread that completes such a future cancels its timer
 * under a JVM-wide lock. Here that thread is an event loop, which must not block, and if BlockHound stops it midway,
 * the lock stays broken for all later tests.
 */
public final class Joined {
    private Joined() {}

    /** The value of {@code future}; its failure is thrown as a {@link CompletionException}. */
    public static <T> T within(long seconds, Future<T> future) {
        return within(seconds, future.toCompletionStage().toCompletableFuture());
    }

    /** The value of {@code future}. */
    public static <T> T within(long seconds, CompletableFuture<T> future) {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new CompletionException(failed.getCause());
        } catch (TimeoutException late) {
            throw new AssertionError("nothing came within " + seconds + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }
}
