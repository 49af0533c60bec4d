package io.vertask.task;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A limit that is in force, which its body can read and move. asyncio's {@code async with timeout(10) as t}.
 *
 * <p>{@code Timeout.with(limit, t -> …)} is {@link Tasks#timeout} with a body that is given its limit. It is no
 * overload of that, since a method reference could then mean either.
 *
 * <p><b>Threads.</b> The event loop of its task.
 */
public sealed interface Timeout permits TimeoutBlock {
    /**
     * Runs {@code body} with a new limit.
     *
     * <p><b>Failure.</b> As {@link Tasks#timeout}.
     *
     * @param limit the time from now; null for no limit until it is rescheduled
     */
    static <T> Future<T> with(@Nullable Duration limit, Function<Timeout, Future<T>> body) {
        Objects.requireNonNull(body, "Timeout.with: body is null");
        TimeoutBlock<T> block = new TimeoutBlock<>(Scope.current("Timeout.with"), limit);
        Coroutine<T> run = () -> body.apply(block);
        return block.open(run);
    }

    /**
     * Runs {@code body} with a limit that is no failure: the result says whether the limit cut the body. A failure of
     * the body itself passes. anyio's {@code move_on_after}.
     */
    static <T> Future<MovedOn<T>> moveOn(@Nullable Duration limit, Coroutine<T> body) {
        Objects.requireNonNull(body, "Timeout.moveOn: body is null");
        return new TimeoutBlock<T>(Scope.current("Timeout.moveOn"), limit).moveOn(body);
    }

    /**
     * The time at which it passes, on the clock of {@link Tasks#nanoTime}; empty for none. asyncio's {@code when()}.
     */
    OptionalLong deadline();

    /** The time left; negative once it has passed, empty when there is no limit. */
    Optional<Duration> remaining();

    /**
     * Replaces the limit.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} once the limit has passed or the body has ended.
     *
     * @param fromNow the time from now; zero or less passes on the next turn; null for no limit
     */
    void reschedule(@Nullable Duration fromNow);

    /**
     * Whether it passed while the body ran; this stays after the end. The body may have ended well all the same, by
     * turning the cancellation into a value.
     */
    boolean expired();

    /**
     * Makes the limit fail with {@link TaskTimeoutException} once it has passed, also when the body turns the
     * cancellation into a value, which is dropped then.
     */
    void strict();

    /** Whether {@code error} is the {@link TaskTimeoutException} of this very limit, and not of another. */
    boolean raised(@Nullable Throwable error);
}
