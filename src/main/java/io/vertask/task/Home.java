package io.vertask.task;

import io.vertx.core.Closeable;
import io.vertx.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.ThreadingModel;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The scope of the root tasks of one Vert.x context: a verticle's, or one made for {@code Tasks.run}.
 *
 * <p>It ends when the verticle is undeployed or the Vertx is closed: then its tasks are cancelled and awaited, for
 * {@link #PATIENCE} at most. It has a close hook there only while it has tasks, so an idle context is not kept alive.
 */
final class Home extends Scope implements Closeable {
    /** The slot of a root context for its home. Registered by {@link TaskLocals}. */
    static final ContextLocal<Home> SLOT = ContextLocal.registerLocal(Home.class);

    /** How long a closing verticle waits for tasks that don't stop. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration A_MOMENT = Duration.ofMillis(100);

    /** Whether the context has a close hook for this home. */
    private boolean hooked;
    /** Whether this home stands in {@link LoopHomes}. */
    private boolean listed;

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
        try {
            return root.getLocal(SLOT, AccessMode.CONCURRENT, () -> new Home(root));
        } catch (IllegalArgumentException noSlot) {
            throw TaskLocals.missing(noSlot);
        }
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
        if (!listed) {
            listed = true;
            ready.homes.add(this);
        }
        if (!hooked) {
            hooked = true;
            context.addCloseHook(this);
            if (context.closeFuture().isClosed()) {
                // the hook came too late to be called: nothing starts here any more
                cancel(CancelRequest.of(CancelReason.Kind.SHUTDOWN, path()));
            }
        }
    }

    @Override
    void emptied() {
        if (listed) {
            listed = false;
            ready.homes.remove(this);
        }
        if (closing == null && !hasUnseen()) {
            hooked = false;
            context.removeCloseHook(this);
        }
    }

    /** Called by Vert.x on any thread when the verticle or the Vertx ends. */
    @Override
    public void close(Completable<Void> completion) {
        ready.loop.execute(() -> {
            closing = completion;
            Probe probe = ready.homes.probe;
            if (probe != null && firstNode() != null) {
                probe.leftOver(path(), LoopSurvey.tasksIn(this));
            }
            cancel(CancelRequest.of(CancelReason.Kind.SHUTDOWN, path()));
            patience = ready.timers.set(ready.loop, PATIENCE.toNanos(), this::losePatience);
            bodyOver(null, null);
        });
    }

    private void losePatience() {
        if (ready.isHeld()) {
            // perhaps by code that does not come back: then nothing would get a turn any more
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
                    .append(node instanceof Block<?> block ? block.kind() + " '" + block.nameOrNull() + "'" : node);
        }
        context.reportException(new IllegalStateException("still running " + PATIENCE.toSeconds() + " s after " + path()
                + " was closed, and left behind: " + names));
        // who waits for one of them from outside must get an end
        oldestFirst().forEach(Node::leaveBehind);
        turn();
    }

    @Override
    void bodyEnded(@Nullable Object value, @Nullable Throwable error) {}

    /** As for any scope, but reported after a moment: the thread that started a root may still look at its failure. */
    @Override
    void failedUnseen(RunningTask<?> child) {
        boolean first = !hasUnseen();
        super.failedUnseen(child);
        if (first) {
            // through the queue, as every alarm: a virtual clock goes on when the queue has run dry
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
