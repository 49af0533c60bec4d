package io.vertask.task;

import io.netty.channel.EventLoop;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ready queue of one home, on its event loop: the trampoline.
 *
 * <p>Whatever becomes runnable waits here for its turn, first in first out, so no wake-up runs inside the call that
 * caused it and the stack stays flat however long a chain is. One round runs what was ready when it began (asyncio's
 * rule); then the event loop gets to its sockets and timers before the next round.
 */
final class Ready implements Runnable {
    private final ContextInternal root;
    final EventLoop loop;
    final Timers timers;
    final LoopHomes homes;
    private final Scheduling.@Nullable Picker picker;
    private List<Step> waiting = new ArrayList<>();
    private List<Step> round = new ArrayList<>();
    private boolean scheduled;
    /**
     * While a value is handed out that was decided before this request came: for whatever ends within the hand-out, the
     * request has not come yet.
     */
    @Nullable
    CancelRequest late;

    Ready(ContextInternal root, Scheduling scheduling) {
        this.root = root;
        this.loop = root.nettyEventLoop();
        this.timers = scheduling.timers();
        this.homes = AllHomes.of(root.owner()).on(loop);
        this.picker = scheduling.picker();
    }

    boolean isHere() {
        return loop.inEventLoop();
    }

    /** Gives {@code step} its turn later, never now; from any thread. */
    void post(Step step) {
        if (loop.inEventLoop()) {
            waiting.add(step);
            if (!scheduled) {
                scheduled = true;
                timers.busy(loop);
                loop.execute(this);
            }
        } else {
            loop.execute(() -> post(step));
        }
    }

    @Override
    public void run() {
        List<Step> now = waiting;
        waiting = round;
        round = now;
        Probe probe = homes.probe;
        int done = 0;
        // one dispatch around them all: Vert.x reads the clock for an outermost one, and each turn makes its own inside
        ContextInternal before = root.beginDispatch();
        try {
            while (done < now.size()) {
                Step step = picker == null ? now.get(done) : pick(now, done, picker);
                done++;
                if (probe == null) {
                    step.turn();
                } else {
                    LoopHomes.turn(step, probe, now.size() - done);
                }
            }
        } finally {
            root.endDispatch(before);
            endRound(now, done);
        }
    }

    private void endRound(List<Step> now, int done) {
        // a turn must not throw; if one does all the same, the others of its round keep their turn
        waiting.addAll(0, now.subList(done, now.size()));
        now.clear();
        // what came in during the round waits for the next one, so that the loop can serve its sockets in between
        scheduled = !waiting.isEmpty();
        if (scheduled) {
            loop.execute(this);
        } else {
            timers.idle(loop);
        }
    }

    /** Swaps the chosen one of those that have not had their turn to the front. */
    private static Step pick(List<Step> now, int done, Scheduling.Picker picker) {
        int chosen = done + picker.pick(now.size() - done);
        Step step = now.get(chosen);
        now.set(chosen, now.get(done));
        return step;
    }
}
