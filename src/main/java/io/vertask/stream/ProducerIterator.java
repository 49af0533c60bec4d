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
 * A stream whose elements are put into an {@link Inbox} by a task of its own: the common core of all streams that do
 * more than pass pulls on to another stream.
 *
 * <pre>
 *  NEW ──first pull──▶ RUNNING ──the task ends by itself──▶ OVER
 *   │                     └──close──▶ CLOSING ──the task ends──▶ OVER
 *   └──close──▶ OVER: the body never ran, {@code unused} runs instead
 * </pre>
 *
 * <p>The task is a companion of the task that made the stream or, when that one has ended or is on another event loop,
 * of the first task to pull.
 */
final class ProducerIterator<T> implements AsyncIterator<T> {
    /** The code that puts the elements in. */
    @FunctionalInterface
    interface Body<T> {
        Future<?> into(Inbox<T> inbox) throws Exception;
    }

    private static final CancelReason CLOSED = CancelReason.user("the stream was closed");
    private static final Coroutine<Void> NOTHING = Future::succeededFuture;

    /** The name of the task. */
    private final String name;

    private final String label;
    private final Body<T> body;
    private final Coroutine<Void> unused;
    private final Inbox<T> inbox;

    // guarded by this
    /** The context that made this stream; cleared at the first pull, so that it can be collected. */
    private @Nullable ContextInternal madeIn = ContextInternal.current();

    private @Nullable Task<?> maker = Task.current().orElse(null);
    private @Nullable Task<?> task;
    private boolean closing;
    private boolean began;

    /**
     * A stream whose task is called {@code name}; messages name the stream by {@code label}; {@code unused} is the
     * cleanup when {@code body} never ran.
     */
    ProducerIterator(String name, String label, Body<T> body, Coroutine<Void> unused) {
        this.name = name;
        this.label = label;
        this.body = body;
        this.unused = unused;
        this.inbox = new Inbox<>(label);
    }

    /** A stream without cleanup when {@code body} never ran. */
    ProducerIterator(String name, String label, Body<T> body) {
        this(name, label, body, NOTHING);
    }

    @Override
    public Future<Optional<T>> next() {
        return inbox.take(this::begin);
    }

    /** Pulls; {@code asked} is called at each pull, after the first one has started the body. */
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
            // its parent task ended before the first turn of the body, and no consumer will close it
            Tasks.start(root, "close " + name, unused);
        }
        return inbox.end(stopped ? null : end.errorOrNull(), () -> {
            if (over != null) {
                over.tryOutcome();
            }
        });
    }

    /** Whether no more elements are wanted: the stream is being closed, or its task is ending. */
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
