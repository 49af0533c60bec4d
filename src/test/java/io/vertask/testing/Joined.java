package io.vertask.testing;

import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a plain thread waits for, with an end.
 *
 * <p>Not {@link CompletableFuture#orTimeout}: whoever completes such a future takes its timer back under a lock that
 * all of the JVM share; that is an event loop, which must not wait, and one that BlockHound stops in the middle leaves
 * the lock broken for every test after it.
 */
public final class Joined {
    private Joined() {}

    /** The value of {@code future}; what it fails with comes as a {@link CompletionException}. */
    public static <T> T within(long seconds, Future<T> future) {
        return within(seconds, future.toCompletionStage().toCompletableFuture());
    }

    /** As above. */
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
