package io.vertask.task;

import io.vertx.core.Closeable;
import io.vertx.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.ThreadingModel;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.spi.context.storage.AccessMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the root tasks of one Vert.x context live: a verticle's, or one made for {@code Tasks.run}.
 *
 * <p>Its end is the undeployment of the verticle, or the closing of the Vertx: then its tasks are cancelled and
 * awaited, for {@link #PATIENCE} at most. It asks to be told of that only while there are tasks, so an idle context is
 * not kept alive.
 */
final class Home extends Scope implements Closeable {
    /** How long a closing verticle waits for tasks that don't stop. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration A_MOMENT = Duration.ofMillis(100);

    private boolean hooked;
    /** Stands among the homes of its loop that have tasks. */
    boolean listed;

    private @Nullable Completable<Void> closing;
    private Timers.@Nullable Alarm patience;

    private Home(ContextInternal root) {
        super(root, new Ready(root, Scheduling.of(root.owner())));
    }

    static Home of(Context context) {
        ContextInternal root = ((ContextInternal) context).unwrap();
        if (root.threadingModel() != ThreadingModel.EVENT_LOOP) {
            throw new IllegalStateException("tasks run on an event loop, and this context is a " + root.threadingModel()
                    + " one; start them from an event-loop verticle, or with Tasks.start(vertx, …)");
        }
        return root.getLocal(TaskLocals.HOME, AccessMode.CONCURRENT, () -> new Home(root));
    }

    @Override
    @Nullable
    RunningTask<?> task() {
        return null;
    }

    @Override
    String path() {
        String id = context.deploymentID();
        return id == null ? "vertx" : "verticle " + id;
    }

    @Override
    void attached() {
        ready.homes.add(this);
        if (!hooked) {
            hooked = true;
            context.addCloseHook(this);
            if (context.closeFuture().isClosed()) {
                // too late to be told: nothing starts here any more
                cancel(CancelRequest.of(CancelReason.Kind.SHUTDOWN, path()));
            }
        }
    }

    @Override
    void emptied() {
        ready.homes.remove(this);
        if (closing == null && !hasUnseen()) {
            hooked = false;
            context.removeCloseHook(this);
        }
    }

    /** The verticle or the Vertx ends; called by Vert.x on any thread. */
    @Override
    public void close(Completable<Void> completion) {
        ready.loop.execute(() -> {
            closing = completion;
            Probe probe = ready.homes.probe;
            if (probe != null && firstNode() != null) {
                probe.leftOver(path(), Looking.tasksIn(this));
            }
            cancel(CancelRequest.of(CancelReason.Kind.SHUTDOWN, path()));
            patience = ready.timers.set(ready.loop, PATIENCE.toNanos(), this::losePatience);
            bodyOver(null, null);
        });
    }

    private void losePatience() {
        if (ready.isHeld()) {
            // by code that does not come back, it may be: nobody would get a turn any more
            giveUp();
        } else {
            ready.post(this::giveUp);
        }
    }

    private void giveUp() {
        if (life == Life.OVER) {
            return;
        }
        StringBuilder names = new StringBuilder();
        for (@Nullable Node node = firstNode(); node != null; node = node.next) {
            names.append(names.length() == 0 ? "" : ", ")
                    .append(node instanceof GroupBlock<?> group ? "group '" + group.name + "'" : node);
        }
        context.reportException(new IllegalStateException("still running " + PATIENCE.toSeconds() + " s after " + path()
                + " was closed, and left behind: " + names));
        turn();
    }

    @Override
    void bodyEnded(@Nullable Object value, @Nullable Throwable error) {}

    /**
     * A root's failure may still be looked at by the thread that started it, which is another one: it gets a moment.
     */
    @Override
    void failedUnseen(RunningTask<?> child) {
        boolean first = !hasUnseen();
        super.failedUnseen(child);
        if (first) {
            // through the queue, as every alarm: a clock that is not real goes on when the queue has run dry
            ready.timers.set(ready.loop, A_MOMENT.toNanos(), () -> ready.post(this::reportUnseenRoots));
        }
    }

    private void reportUnseenRoots() {
        reportUnseen();
        if (firstNode() == null) {
            emptied();
        }
    }

    @Override
    public void turn() {
        Completable<Void> waiting = closing;
        closing = null;
        if (patience != null) {
            patience.cancel();
        }
        if (waiting != null) {
            waiting.succeed();
        }
    }
}
