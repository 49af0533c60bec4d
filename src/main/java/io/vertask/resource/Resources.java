package io.vertask.resource;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Opens a resource, uses it, and closes it. */
public final class Resources {
    private Resources() {}

    /**
     * Opens {@code resource}, runs {@code body} with it, and closes it, however the body ends: asyncio's {@code async
     * with}.
     *
     * <p><b>Failure.</b> That of the body, with that of the release suppressed in it; that of the release when the body
     * succeeded; that of the acquire, after which neither body nor release is called.
     *
     * <p><b>Cancellation.</b> During the acquire: waits for its end, then releases the resource without calling the
     * body. During the body: releases after the body has ended. During the release: the release goes on in a shield,
     * for at most {@link Tasks#CLEANUP_LIMIT}; one that exceeds the limit is cut and reported to the exception handler.
     */
    public static <R, T> Future<T> using(AsyncResource<R> resource, Function<? super R, Future<T>> body) {
        return using(resource, Tasks.CLEANUP_LIMIT, body);
    }

    /**
     * Uses two resources: opens the second when the first is open, and closes them in reverse order. For more, see
     * {@link ResourceStack}.
     */
    public static <A, B, T> Future<T> using(
            AsyncResource<A> first, AsyncResource<B> second, BiFunction<? super A, ? super B, Future<T>> body) {
        Objects.requireNonNull(first, "Resources.using: first is null");
        Objects.requireNonNull(second, "Resources.using: second is null");
        Objects.requireNonNull(body, "Resources.using: body is null");
        return using(first, a -> using(second, b -> body.apply(a, b)));
    }

    /** {@link #using(AsyncResource, Function)} with a limit for the release. */
    public static <R, T> Future<T> using(
            AsyncResource<R> resource, Duration releaseLimit, Function<? super R, Future<T>> body) {
        Objects.requireNonNull(resource, "Resources.using: resource is null");
        Objects.requireNonNull(releaseLimit, "Resources.using: releaseLimit is null");
        Objects.requireNonNull(body, "Resources.using: body is null");
        Use<R, T> use = new Use<>(resource, body);
        return Tasks.finallyDo(use::acquireAndUse, releaseLimit, use::giveBack);
    }
}
