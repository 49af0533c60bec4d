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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Resources that are opened on the way, however many, and closed together, the last one first: asyncio's
 * {@code AsyncExitStack}.
 *
 * <p>{@code ResourceStack.with(stack -> stack.open(server).compose(s -> stack.open(clientOf(s))).compose(this::serve))}
 * closes the client and then the server however that ends; when the client can't be opened, only the server.
 *
 * <p><b>Failure.</b> Every release runs, whatever the others do. The body's error comes first, then that of the first
 * release to fail; the others are suppressed in it.
 *
 * <p><b>Cancellation.</b> The releases run in a shield, each for {@link Tasks#CLEANUP_LIMIT} at most unless another
 * limit is named; what that cuts is reported to the exception handler, and the others still run.
 *
 * <p><b>Threads.</b> One event loop.
 */
public final class ResourceStack {
    /** Each release has a limit of its own; all together have none. */
    private static final Duration ALL = Duration.ofDays(365);

    private record Release(Coroutine<?> body, Duration limit) {}

    private final Deque<Release> releases = new ArrayDeque<>();
    /** Resources that are being opened; the close waits for them. */
    private int opening;

    private final List<Waiter<Void>> closers = new ArrayList<>(1);
    /** Releases are under way; closes that came later wait for the end of them. */
    private boolean releasing;

    private final List<Waiter<Void>> otherClosers = new ArrayList<>(1);
    private @Nullable Throwable failure;
    private boolean closed;
    private boolean over;

    private ResourceStack() {}

    /** An empty stack; whoever makes it closes it. */
    public static ResourceStack open() {
        return new ResourceStack();
    }

    /** Runs {@code body} with an empty stack and closes that however the body ended. */
    public static <T> Future<T> with(Function<ResourceStack, Future<T>> body) {
        ResourceStack stack = new ResourceStack();
        return Tasks.finallyDo(() -> body.apply(stack), ALL, stack::closeAll);
    }

    /**
     * Opens {@code resource}; closing the stack releases it. asyncio's {@code enter_async_context}.
     *
     * <p><b>Failure.</b> The acquire's, and then there is nothing to release; {@link ClosedException} when the stack is
     * closed.
     *
     * <p><b>Cancellation.</b> Waits for the end of the acquire; what that has brought is the stack's to release.
     */
    public <R> Future<R> open(AsyncResource<R> resource) {
        return open(resource, Tasks.CLEANUP_LIMIT);
    }

    /** {@link #open(AsyncResource)} with a limit for the release. */
    public <R> Future<R> open(AsyncResource<R> resource, Duration releaseLimit) {
        if (closed) {
            return Future.failedFuture(new ClosedException("the resource stack is closed"));
        }
        opening++;
        Use<R, R> use = new Use<>(resource, Future::succeededFuture);
        Coroutine<Void> release = use::giveBack;
        // the release goes onto the stack in the turn in which the resource came, also when the caller never hears of
        // it
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
                // the close has given up waiting for it
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
        if (closed) {
            throw new ClosedException("the resource stack is closed");
        }
        releases.push(new Release(cleanup, Tasks.CLEANUP_LIMIT));
    }

    /**
     * Moves everything that is on this stack to a new one, which is the caller's to {@link #close}; this one is empty
     * then, and goes on. asyncio's {@code pop_all}.
     */
    public ResourceStack moveOut() {
        ResourceStack other = new ResourceStack();
        other.releases.addAll(releases);
        releases.clear();
        return other;
    }

    /**
     * Releases everything, the last one first; without effect after that. Called twice at once, both wait for the end;
     * so a release must not wait for the close that it runs in. A stack of {@link #with} closes by itself.
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

    /** Two at once would not keep the order, and the second one would be over before the last release is. */
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
