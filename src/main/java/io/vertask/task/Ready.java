package io.vertask.task;

import io.netty.channel.EventLoop;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The ready queue of one home, on its event loop: the trampoline.
 *
 * <p>Whatever becomes runnable waits here for its turn, first in first out, so no wake-up runs inside the call that
 * caused it and the stack stays flat however long a chain is. One round runs what was ready when it began (asyncio's
 * rule). After {@link #TURNS_IN_A_ROW} turns the next round waits until the event loop has been at its sockets and
 * timers, however much is ready.
 */
final class Ready implements Runnable {
    /** A tenth of a millisecond or so; going by way of the timers costs some microseconds. */
    private static final int TURNS_IN_A_ROW = 512;

    /** Eager starts within eager starts; past that they wait for their turn, since each needs stack. */
    private static final int EAGER_DEPTH = 64;

    /** After a round of more, its list is let go: it would keep the room that one burst has needed. */
    private static final int MANY = 4096;

    private static final AtomicLong IDS = new AtomicLong();
    private static final int IDS_AT_ONCE = 100;

    private final ContextInternal root;
    final EventLoop loop;
    final Timers timers;
    final LoopHomes homes;
    private final Scheduling.@Nullable Picker picker;
    private final @Nullable RandomGenerator random;
    private List<Step> waiting = new ArrayList<>();
    private List<Step> round = new ArrayList<>();
    /** How many of the round have had their turn. */
    private int done;
    /** Comes before all others, however many wait: the way on of a strand whose wait has just ended. */
    private @Nullable Step next;

    private boolean taking;
    private boolean scheduled;
    /** Turns since the event loop last got to its sockets and timers. */
    private int turnsInARow;

    /** The turn that was taken last goes on elsewhere; no other is taken before it is given back. */
    private boolean held;

    private long nextId;
    private long endOfIds;
    /**
     * While a value is handed out that was decided before this request came: for whatever ends within the hand-out, the
     * request has not come yet.
     */
    @Nullable
    CancelRequest late;
    /** The task whose first step is being taken inside the call that started it, and how many such calls there are. */
    @Nullable
    RunningTask<?> eager;

    private int eagerDepth;

    Ready(ContextInternal root, Scheduling scheduling) {
        this.root = root;
        this.loop = root.nettyEventLoop();
        this.timers = scheduling.timers();
        this.homes = AllHomes.of(root.owner()).on(loop);
        this.picker = scheduling.picker();
        this.random = scheduling.random();
    }

    RandomGenerator random() {
        return random != null ? random : ThreadLocalRandom.current();
    }

    boolean isHere() {
        return loop.inEventLoop();
    }

    /** A number for a task; the loop takes them by the hundred, since an atomic step for each is a fifth of a start. */
    long newId() {
        if (!loop.inEventLoop()) {
            return IDS.incrementAndGet();
        }
        if (nextId == endOfIds) {
            nextId = IDS.getAndAdd(IDS_AT_ONCE);
            endOfIds = nextId + IDS_AT_ONCE;
        }
        return ++nextId;
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
        if (done == round.size()) {
            forget();
            List<Step> came = waiting;
            waiting = round;
            round = came;
        }
        Probe probe = homes.probe;
        // one dispatch around them all: Vert.x reads the clock for an outermost one, and each turn makes its own inside
        ContextInternal before = root.beginDispatch();
        taking = true;
        try {
            while (!held && (next != null || done < round.size())) {
                Step step = next;
                if (step == null) {
                    step = picker == null ? round.get(done) : pick(round, done, picker);
                    done++;
                } else {
                    next = null;
                }
                turnsInARow++;
                if (probe == null) {
                    step.turn();
                } else {
                    LoopHomes.turn(step, probe, round.size() - done);
                }
            }
        } finally {
            taking = false;
            root.endDispatch(before);
            if (!held) {
                endRound();
            }
        }
    }

    private void endRound() {
        // a turn must not throw; if one does all the same, the others of its round keep their turn
        boolean all = done == round.size() && next == null;
        if (all) {
            forget();
        }
        scheduled = !all || !waiting.isEmpty();
        if (!scheduled) {
            turnsInARow = 0;
            timers.idle(loop);
        } else if (turnsInARow < TURNS_IN_A_ROW) {
            loop.execute(this);
        } else {
            // Netty looks at its sockets and timers when it has no task, or after a second: this is no task but a timer
            turnsInARow = 0;
            ScheduledFuture<?> unused = loop.schedule(this, 0, TimeUnit.NANOSECONDS);
        }
    }

    /** The round that is over, and its steps. */
    private void forget() {
        if (done > MANY) {
            round = new ArrayList<>();
        } else {
            round.clear();
        }
        done = 0;
    }

    /**
     * Gives {@code step} the turn after the present one, so that no cancel comes in between; outside a turn, or when
     * somebody has asked for that before, as {@link #post}.
     */
    void postNext(Step step) {
        if (loop.inEventLoop() && taking && next == null) {
            next = step;
        } else {
            post(step);
        }
    }

    /** Gives {@code task} its first turn, and if that is all it wants, its last, inside this call. */
    void takeEagerly(RunningTask<?> task) {
        if (eagerDepth == EAGER_DEPTH) {
            post(task);
            return;
        }
        RunningTask<?> before = eager;
        eager = task;
        eagerDepth++;
        task.turn();
        eagerDepth--;
        eager = before;
        if (task.life == Scope.Life.OVER) {
            task.handOut();
        }
    }

    /** Only in a turn, which then lasts until {@link #release}: for a {@link Strand}. The loop itself goes on. */
    void hold() {
        held = true;
    }

    /** Ends the turn that was held, and gives the others theirs; on the loop. */
    void release() {
        held = false;
        run();
    }

    /** Whether a strand has the turn. */
    boolean isHeld() {
        return held;
    }

    /** Swaps the chosen one of those that have not had their turn to the front. */
    private static Step pick(List<Step> now, int done, Scheduling.Picker picker) {
        int chosen = done + picker.pick(now.size() - done);
        Step step = now.get(chosen);
        now.set(chosen, now.get(done));
        return step;
    }
}
