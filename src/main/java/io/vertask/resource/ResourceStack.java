package io.vertask.resource;

import io.vertask.task.ClosedException;
import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stack of resources, opened one by one and released together in reverse order: asyncio's {@code AsyncExitStack}.
 *
 * <p>{@code ResourceStack.with(stack -> stack.open(server).compose(s -> stack.open(clientOf(s))).compose(this::serve))}
 * closes the client and then the server, however the body ends; if the client can't be opened, only the server.
 *
 * <p><b>Failure.</b> Every release runs, even if others fail. The body's error wins over those of releases, and the
 * first release's error over later ones; the rest are suppressed in it.
 *
 * <p><b>Cancellation.</b> The releases run in a shield, each for at most {@link Tasks#CLEANUP_LIMIT} unless another
 * limit is given. A release that exceeds its limit is cut and reported to the exception handler; the others still run.
 *
 * <p><b>Threads.</b> One event loop.
 */
public final class ResourceStack {
    /** The limit on all releases together: none in effect, since each release has its own. */
    private static final Duration ALL = Duration.ofDays(365);

    private record Release(Coroutine<?> body, Duration limit) {}

    private final Deque<Release> releases = new ArrayDeque<>();
    /** The number of resources being opened; the close waits for them. */
    private int opening;

    private final List<Waiter<Void>> closers = new ArrayList<>(1);
    /** Whether releases are running; later closes wait for their end. */
    private boolean releasing;

    private final List<Waiter<Void>> otherClosers = new ArrayList<>(1);
    private @Nullable Throwable failure;
    private boolean closed;
    private boolean over;

    private ResourceStack() {}

    /** An empty stack, which the caller must close. */
    public static ResourceStack open() {
        return new ResourceStack();
    }

    /** Runs {@code body} with an empty stack and closes the stack, however the body ends. */
    public static <T> Future<T> with(Function<ResourceStack, Future<T>> body) {
        Objects.requireNonNull(body, "ResourceStack.with: body is null");
        ResourceStack stack = new ResourceStack();
        return Tasks.finallyDo(() -> body.apply(stack), ALL, stack::closeAll);
    }

    /**
     * Opens {@code resource}; closing the stack releases it. asyncio's {@code enter_async_context}.
     *
     * <p><b>Failure.</b> That of the acquire, with nothing to release; {@link ClosedException} when the stack is
     * closed.
     *
     * <p><b>Cancellation.</b> Waits for the end of the acquire; the stack releases the resource if there is one.
     */
    public <R> Future<R> open(AsyncResource<R> resource) {
        return open(resource, Tasks.CLEANUP_LIMIT);
    }

    /** {@link #open(AsyncResource)} with a limit for the release. */
    public <R> Future<R> open(AsyncResource<R> resource, Duration releaseLimit) {
        Objects.requireNonNull(resource, "ResourceStack.open: resource is null");
        Objects.requireNonNull(releaseLimit, "ResourceStack.open: releaseLimit is null");
        if (closed) {
            return Future.failedFuture(new ClosedException("the resource stack is closed"));
        }
        opening++;
        Use<R, R> use = new Use<>(resource, Future::succeededFuture);
        Coroutine<Void> release = use::giveBack;
        // the release is pushed in the turn in which the resource comes, even if the caller's wait was cancelled
        return use.acquireAndUse().onComplete(end -> {
            opening--;
            if (use.isOpen()) {
                releases.push(new Release(release, releaseLimit));
            }
            if (opening == 0) {
                closers.forEach(closer -> closer.resume(null));
                closers.clear();
            }
            if (over) {
                // the close has given up waiting for this resource
                closeAll().onFailure(error -> ContextInternal.current().reportException(error));
            }
        });
    }

    /**
     * Runs {@code cleanup} when the stack is closed. asyncio's {@code push_async_callback}.
     *
     * <p><b>Failure.</b> {@link ClosedException} when the stack is closed.
     */
    public <C> void defer(Coroutine<C> cleanup) {
        Objects.requireNonNull(cleanup, "ResourceStack.defer: cleanup is null");
        if (closed) {
            throw new ClosedException("the resource stack is closed");
        }
        releases.push(new Release(cleanup, Tasks.CLEANUP_LIMIT));
    }

    /**
     * Moves all releases to a new stack, which the caller must {@link #close}; this stack is then empty and stays
     * usable. asyncio's {@code pop_all}.
     */
    public ResourceStack moveOut() {
        ResourceStack other = new ResourceStack();
        other.releases.addAll(releases);
        releases.clear();
        return other;
    }

    /**
     * Releases everything in reverse order; later calls have no effect. Concurrent calls both wait for the end, so a
     * release must not wait for the close that it runs in. A stack of {@link #with} closes by itself.
     */
    public Future<Void> close() {
        return Tasks.finallyDo(Future::succeededFuture, ALL, this::closeAll);
    }

    private Future<Void> closeAll() {
        closed = true;
        return Tasks.<Void, Void>finallyDo(Future::succeededFuture, this::waitForOpening)
                .recover(this::failed)
                .compose(v -> waitForOtherClose())
                .compose(v -> {
                    releasing = true;
                    return Tasks.loopWhile(this::releaseOne).onComplete(end -> released());
                })
                .compose(v -> {
                    over = true;
                    Throwable first = failure;
                    failure = null;
                    return first == null ? Future.succeededFuture() : Future.failedFuture(first);
                });
    }

    /** Two closes at once would mix up the order, and the second one could end before the last release does. */
    private Future<Void> waitForOtherClose() {
        return releasing
                ? Waiter.<Void>await("another close of the resource stack", otherClosers::add)
                        .compose(v -> waitForOtherClose())
                : Future.succeededFuture();
    }

    private void released() {
        releasing = false;
        otherClosers.forEach(closer -> closer.resume(null));
        otherClosers.clear();
    }

    private Future<Void> waitForOpening() {
        return Waiter.await("resources that are being opened", wait -> {
            if (opening == 0) {
                wait.completeAtOnce(null);
            } else {
                closers.add(wait);
            }
        });
    }

    private Future<Boolean> releaseOne() {
        Release next = releases.poll();
        if (next == null) {
            return Future.succeededFuture(false);
        }
        Throwable before = failure;
        return Tasks.finallyDo(
                        () -> before == null ? Future.<Void>succeededFuture() : Future.failedFuture(before),
                        next.limit(),
                        next.body())
                .recover(this::failed)
                .map(true);
    }

    private Future<Void> failed(Throwable error) {
        failure = error;
        return Future.succeededFuture();
    }
}
