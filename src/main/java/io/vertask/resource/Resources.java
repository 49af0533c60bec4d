package io.vertask.resource;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The verb for resources: open, use, close. */
public final class Resources {
    private Resources() {}

    /**
     * Opens {@code resource}, runs {@code body} with it, and closes it however the body ended: asyncio's {@code async
     * with}.
     *
     * <p><b>Failure.</b> The body's own, with the release's suppressed in it; the release's when the body succeeded;
     * the acquire's, and then neither body nor release is called.
     *
     * <p><b>Cancellation.</b> During the acquire: waits for the end of it, and releases what it has brought all the
     * same, without calling the body. During the body: releases after the body has ended. During the release: the
     * release goes on, in a shield, for {@link Tasks#CLEANUP_LIMIT} at most; what that cuts is reported to the
     * exception handler.
     */
    public static <R, T> Future<T> using(AsyncResource<R> resource, Function<? super R, Future<T>> body) {
        return using(resource, Tasks.CLEANUP_LIMIT, body);
    }

    /**
     * Two resources, the second opened when the first is open; closed in the opposite order. More:
     * {@link ResourceStack}.
     */
    public static <A, B, T> Future<T> using(
            AsyncResource<A> first, AsyncResource<B> second, BiFunction<? super A, ? super B, Future<T>> body) {
        return using(first, a -> using(second, b -> body.apply(a, b)));
    }

    /** {@link #using(AsyncResource, Function)} with a limit for the release. */
    public static <R, T> Future<T> using(
            AsyncResource<R> resource, Duration releaseLimit, Function<? super R, Future<T>> body) {
        Use<R, T> use = new Use<>(resource, body);
        return Tasks.finallyDo(use::acquireAndUse, releaseLimit, use::giveBack);
    }
}
