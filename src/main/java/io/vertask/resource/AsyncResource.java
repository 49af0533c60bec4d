package io.vertask.resource;

import io.vertask.task.Coroutine;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.function.Function;

/**
 * A resource that can be opened and released: asyncio's asynchronous context manager.
 *
 * <p>{@code AsyncResource.of(pool::getConnection, SqlConnection::close)} describes a connection without opening one;
 * {@link Resources#using} opens and closes it. It may be used many times; each use opens a new one.
 *
 * @param <R> the type of the opened resource
 */
public interface AsyncResource<R> {
    /**
     * Opens the resource.
     *
     * <p><b>Failure.</b> A failed acquire leaves nothing open, so it is not released.
     *
     * <p><b>Cancellation.</b> Either it fails and has opened nothing, or it succeeds and its resource is released.
     */
    Future<R> acquire() throws Exception;

    /** Closes the resource; called exactly once for each success of {@link #acquire}. */
    Future<Void> release(R resource) throws Exception;

    /** The resource that {@code acquire} opens and {@code release} closes. */
    static <R> AsyncResource<R> of(Coroutine<R> acquire, Function<? super R, ? extends Future<?>> release) {
        Objects.requireNonNull(acquire, "AsyncResource.of: acquire is null");
        Objects.requireNonNull(release, "AsyncResource.of: release is null");
        return new AsyncResource<>() {
            @Override
            public Future<R> acquire() throws Exception {
                return acquire.call();
            }

            @Override
            public Future<Void> release(R resource) {
                return release.apply(resource).mapEmpty();
            }
        };
    }
}
