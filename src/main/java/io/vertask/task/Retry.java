package io.vertask.task;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * The rules for trying again after a failure: the number of attempts, the failures, the pause.
 *
 * <p>{@code Retry.times(5).backoff(Backoff.exponential(ofMillis(100), ofSeconds(10))).on(IOException.class).run(attempt
 * -> fetch(url))}. Each attempt is a scope of its own: tasks that one has left running are cancelled and awaited before
 * the next. A million attempts need no more stack or memory than one.
 *
 * <p><b>Failure.</b> That of the last attempt, unwrapped, when there are no more attempts, when the failure is not
 * retryable, or when the pause would outlast the limits around ({@link Tasks#remaining}).
 *
 * <p><b>Cancellation.</b> Is never retried, and neither is a fatal {@link Error}.
 *
 * @param attempts the number of attempts in all
 * @param backoff the pause between two attempts
 * @param retryable whether another attempt follows a failure
 * @param onFailure called for each failed attempt that is followed by another
 */
public record Retry(
        int attempts, Backoff backoff, Predicate<? super Throwable> retryable, Consumer<? super Failed> onFailure) {
    /**
     * An attempt that failed and is followed by another.
     *
     * @param attempt its number, from 1
     * @param error its failure
     * @param pause the time until the next attempt
     */
    public record Failed(int attempt, Throwable error, Duration pause) {
        /** Checks that nothing is null. */
        public Failed {
            Objects.requireNonNull(error, "Retry.Failed: error is null");
            Objects.requireNonNull(pause, "Retry.Failed: pause is null");
        }
    }

    /** Refuses fewer than one attempt. */
    public Retry {
        Objects.requireNonNull(backoff, "Retry: backoff is null");
        Objects.requireNonNull(retryable, "Retry: retryable is null");
        Objects.requireNonNull(onFailure, "Retry: onFailure is null");
        if (attempts < 1) {
            throw new IllegalArgumentException("Retry: " + attempts + " attempts are none; name 1 or more");
        }
    }

    /** Up to {@code attempts} in all, without a pause, after every {@link Exception}. */
    public static Retry times(int attempts) {
        return new Retry(attempts, Backoff.NONE, error -> error instanceof Exception, failed -> {});
    }

    /** Attempts without a limit, until a success, a cancel, or a failure that is not retryable. */
    public static Retry forever() {
        return times(Integer.MAX_VALUE);
    }

    /** With this pause between two attempts. */
    public Retry backoff(Backoff pause) {
        Objects.requireNonNull(pause, "Retry.backoff: pause is null");
        return new Retry(attempts, pause, retryable, onFailure);
    }

    /** Only after failures of these types. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final Retry on(Class<? extends Throwable>... types) {
        Objects.requireNonNull(types, "Retry.on: types is null");
        for (int i = 0; i < types.length; i++) {
            Objects.requireNonNull(types[i], "Retry.on: types has null at index " + i);
        }
        List<Class<? extends Throwable>> wanted = List.of(types);
        return when(error -> wanted.stream().anyMatch(type -> type.isInstance(error)));
    }

    /** Only after failures for which {@code accepted} is true. */
    public Retry when(Predicate<? super Throwable> accepted) {
        Objects.requireNonNull(accepted, "Retry.when: accepted is null");
        return new Retry(attempts, backoff, accepted, onFailure);
    }

    /** Calls {@code listener} for each failed attempt that is followed by another, to log it, say. */
    public Retry onFailure(Consumer<? super Failed> listener) {
        Objects.requireNonNull(listener, "Retry.onFailure: listener is null");
        return new Retry(attempts, backoff, retryable, listener);
    }

    /** Runs {@code attempt} until it succeeds; it is given the number of the attempt, from 1. */
    public <T> Future<T> run(IntFunction<Future<T>> attempt) {
        Objects.requireNonNull(attempt, "Retry.run: attempt is null");
        return RetryLoop.run(Scope.current("Retry.run"), this, number -> () -> attempt.apply(number));
    }

    /** The pause after {@code failed} attempts; empty when no other follows. */
    Optional<Duration> pauseAfter(int failed, Throwable error, Scope scope) {
        boolean again = failed < attempts
                && !(error instanceof CancelledException || FailureRules.isFatal(error))
                && retryable.test(error);
        if (!again) {
            return Optional.empty();
        }
        Duration pause = backoff.pause(failed, error, scope.ready.random());
        Long left = scope.remainingNanos();
        return left != null && Durations.nanos(pause) >= left ? Optional.empty() : Optional.of(pause);
    }
}
