package io.vertask.task;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The end of a task: a value, an error, or a cancellation.
 *
 * <p>Sealed, so that a switch over it is exhaustive: a cancelled child can't be mistaken for a result, as it can in
 * asyncio with {@code isinstance(result, Exception)}.
 *
 * @param <T> the type of the value
 */
public sealed interface Outcome<T> {
    /**
     * The task ended with a value.
     *
     * @param value null when the task's result is
     */
    record Success<T>(@Nullable T value) implements Outcome<T> {}

    /**
     * The task failed.
     *
     * @param error the very exception that the body failed with
     */
    record Failure<T>(Throwable error) implements Outcome<T> {
        /** Checks that nothing is null. */
        public Failure {
            Objects.requireNonNull(error, "Outcome.Failure: error is null");
        }
    }

    /**
     * The task was asked to stop, and did.
     *
     * @param cause the cancellation, with the asker and the reason
     */
    record Cancelled<T>(CancelledException cause) implements Outcome<T> {
        /** Checks that nothing is null. */
        public Cancelled {
            Objects.requireNonNull(cause, "Outcome.Cancelled: cause is null");
        }
    }

    /** Whether the task ended with a value. */
    default boolean isSuccess() {
        return this instanceof Success;
    }

    /** The error or the cancellation, or null after a success. */
    default @Nullable Throwable errorOrNull() {
        return this instanceof Failure<T> f ? f.error() : this instanceof Cancelled<T> c ? c.cause() : null;
    }

    /** The result of {@code success} for the value, or of {@code otherwise} for the error or the cancellation. */
    default <R> R fold(Function<? super T, ? extends R> success, Function<? super Throwable, ? extends R> otherwise) {
        Objects.requireNonNull(success, "Outcome.fold: success is null");
        Objects.requireNonNull(otherwise, "Outcome.fold: otherwise is null");
        Throwable error = errorOrNull();
        return error == null ? success.apply(orElseThrow()) : otherwise.apply(error);
    }

    /**
     * The value.
     *
     * <p><b>Failure.</b> {@link NoSuchElementException} with the error as its cause when there is no value.
     */
    default @Nullable T orElseThrow() {
        if (this instanceof Success<T> s) {
            return s.value();
        }
        Throwable error = errorOrNull();
        throw new NoSuchElementException("no value: " + error, error);
    }
}
