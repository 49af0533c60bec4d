package io.vertask.stream;

import io.vertask.task.CancelReason;
import io.vertask.task.Companion;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose elements a task of its own puts into an {@link Inbox}: what all streams are made of that do not just
 * pass on another one's pulls.
 *
 * <pre>
 *  NEW ──first pull──▶ RUNNING ──the task ends by itself──▶ OVER
 *   │                     └──close──▶ CLOSING ──the task ends──▶ OVER
 *   └──close──▶ OVER: the body never ran, {@code unused} runs instead
 * </pre>
 *
 * <p>The task is a companion of the task in which this was made; of the one that pulls first when that one is over, or
 * on another event loop.
 */
final class ProducerIterator<T> implements AsyncIterator<T> {
    /** What puts the elements in. */
    @FunctionalInterface
    interface Body<T> {
        Future<?> into(Inbox<T> inbox) throws Exception;
    }

    private static final CancelReason CLOSED = CancelReason.user("the stream was closed");
    private static final Coroutine<Void> NOTHING = Future::succeededFuture;

    /** Of the task. */
    private final String name;

    private final String label;
    private final Body<T> body;
    private final Coroutine<Void> unused;
    private final Inbox<T> inbox;

    // guarded by this
    /** Where this was made, until it begins: afterwards it would keep alive what is over. */
    private @Nullable ContextInternal madeIn = ContextInternal.current();

    private @Nullable Task<?> maker = Task.current().orElse(null);
    private @Nullable Task<?> task;
    private boolean closing;
    private boolean began;

    /**
     * {@code name} is that of the task, {@code label} says in messages what this is, and {@code unused} is the cleanup
     * when {@code body} never ran.
     */
    ProducerIterator(String name, String label, Body<T> body, Coroutine<Void> unused) {
        this.name = name;
        this.label = label;
        this.body = body;
        this.unused = unused;
        this.inbox = new Inbox<>(label);
    }

    /** One that has nothing to clean up before it has begun. */
    ProducerIterator(String name, String label, Body<T> body) {
        this(name, label, body, NOTHING);
    }

    @Override
    public Future<Optional<T>> next() {
        return inbox.take(this::begin);
    }

    /** {@code asked}: called at each pull, after the first one has begun the body. */
    Future<Optional<T>> next(Runnable asked) {
        return inbox.take(() -> {
            begin();
            asked.run();
        });
    }

    private synchronized void begin() {
        if (task != null || closing) {
            return;
        }
        ContextInternal home = madeIn;
        boolean atHome = home != null && maker != null && maker.state() == Task.State.RUNNING && home.inThread();
        task = atHome && home != null ? startedIn(home) : startedIn(ContextInternal.current());
        madeIn = null;
        maker = null;
    }

    private Task<?> startedIn(ContextInternal context) {
        ContextInternal before = context.beginDispatch();
        try {
            return Companion.start(name, this::produce, end -> ended(end, context.unwrap()));
        } finally {
            context.endDispatch(before);
        }
    }

    private Future<Void> produce() throws Exception {
        synchronized (this) {
            began = true;
        }
        return body.into(inbox).mapEmpty();
    }

    private boolean ended(Outcome<?> end, Context root) {
        boolean stopped;
        boolean leftUnused;
        Task<?> over;
        synchronized (this) {
            over = task;
            stopped = closing && end instanceof Outcome.Cancelled;
            leftUnused = !closing && !began;
        }
        if (leftUnused && unused != NOTHING) {
            // the task that it lived in ended before its first turn, and nobody will close it
            Tasks.start(root, "close " + name, unused);
        }
        return inbox.end(stopped ? null : end.errorOrNull(), () -> {
            if (over != null) {
                over.tryOutcome();
            }
        });
    }

    /** Whether no more elements are wanted: it is being closed, or its task is on its way out. */
    synchronized boolean isEnding() {
        return closing || (task != null && task.state() != Task.State.RUNNING);
    }

    @Override
    public Future<Void> close() {
        Task<?> running;
        boolean first;
        synchronized (this) {
            running = task;
            first = !closing;
            closing = true;
        }
        inbox.close();
        if (running == null) {
            inbox.end(null, () -> {});
            return first ? cleanUpUnused() : Future.succeededFuture();
        }
        running.cancel(CLOSED);
        return running.settled().compose(end -> first && !hasBegun() ? cleanUpUnused() : unmetFailure());
    }

    private synchronized boolean hasBegun() {
        return began;
    }

    private Future<Void> cleanUpUnused() {
        try {
            return unused.call();
        } catch (Exception thrown) {
            return Future.failedFuture(thrown);
        }
    }

    private Future<Void> unmetFailure() {
        Throwable unmet = inbox.takeFailure();
        return unmet == null ? Future.succeededFuture() : Future.failedFuture(unmet);
    }

    @Override
    public String toString() {
        return label;
    }
}
