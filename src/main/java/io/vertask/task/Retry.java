package io.vertask.task;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * How often something is tried again, after which failures, and after what pause.
 *
 * <p>{@code Retry.times(5).backoff(Backoff.exponential(ofMillis(100), ofSeconds(10))).on(IOException.class).run(attempt
 * -> fetch(url))}. Each attempt is a scope of its own: what one has left running is cancelled and awaited before the
 * next. A million attempts need no more stack or memory than one.
 *
 * <p><b>Failure.</b> That of the last attempt, unwrapped, when there are no more attempts, when the failure is none to
 * try again after, or when the pause would outlast the limits around ({@link Tasks#remaining}): then there is no sense
 * in waiting for them to pass.
 *
 * <p><b>Cancellation.</b> Is never retried, and neither is a fatal {@link Error}.
 *
 * @param attempts how many in all
 * @param backoff the pause between two
 * @param retryable after which failures there is another
 * @param onFailure told of each failed attempt after which there is another
 */
public record Retry(
        int attempts, Backoff backoff, Predicate<? super Throwable> retryable, Consumer<? super Failed> onFailure) {
    /**
     * An attempt that failed and is followed by another.
     *
     * @param attempt which one, from 1
     * @param error what it failed with
     * @param pause how long until the next
     */
    public record Failed(int attempt, Throwable error, Duration pause) {}

    /** Refuses less than one attempt. */
    public Retry {
        if (attempts < 1) {
            throw new IllegalArgumentException("Retry: " + attempts + " attempts are none; name 1 or more");
        }
    }

    /** So many attempts in all, without a pause, after every exception. */
    public static Retry times(int attempts) {
        return new Retry(attempts, Backoff.NONE, error -> error instanceof Exception, failed -> {});
    }

    /** Attempts without end: only a success, a cancel, or a failure that is not retryable ends them. */
    public static Retry forever() {
        return times(Integer.MAX_VALUE);
    }

    /** With this pause between two attempts. */
    public Retry backoff(Backoff pause) {
        return new Retry(attempts, pause, retryable, onFailure);
    }

    /** Only after failures of these types. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final Retry on(Class<? extends Throwable>... types) {
        List<Class<? extends Throwable>> wanted = List.of(types);
        return when(error -> wanted.stream().anyMatch(type -> type.isInstance(error)));
    }

    /** Only after failures for which {@code accepted} is true. */
    public Retry when(Predicate<? super Throwable> accepted) {
        return new Retry(attempts, backoff, accepted, onFailure);
    }

    /** Tells {@code listener} of each failed attempt after which there is another: for a log, say. */
    public Retry onFailure(Consumer<? super Failed> listener) {
        return new Retry(attempts, backoff, retryable, listener);
    }

    /** Runs {@code attempt} until it succeeds; it is given the number of the attempt, from 1. */
    public <T> Future<T> run(IntFunction<Future<T>> attempt) {
        return Retrying.run(Scope.current("Retry.run"), this, number -> () -> attempt.apply(number));
    }

    /** What is waited for after {@code failed} attempts; empty when there is no other. */
    Optional<Duration> pauseAfter(int failed, Throwable error, Scope scope) {
        boolean again = failed < attempts
                && !(error instanceof CancelledException || Restarting.isFatal(error))
                && retryable.test(error);
        if (!again) {
            return Optional.empty();
        }
        Duration pause = backoff.pause(failed, error, scope.ready.random());
        Long left = scope.remainingNanos();
        return left != null && Nanos.of(pause) >= left ? Optional.empty() : Optional.of(pause);
    }
}
