package io.vertask.task;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.channel.EventLoop;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The ready queue of one home, on its event loop: code that has become runnable waits here for its turn.
 *
 * <p>It is served first in, first out. No wake-up runs inside the call that caused it, so the stack stays flat however
 * long a chain is. As in asyncio, one round takes the turns that were ready when it began. After
 * {@link #TURNS_IN_A_ROW} turns the next round waits until the event loop has served its sockets and timers, however
 * many turns are ready.
 */
final class Ready implements Runnable {
    /** These take a tenth of a millisecond or so; the way by the timers costs some microseconds. */
    private static final int TURNS_IN_A_ROW = 512;

    /** The depth of eager starts within eager starts, since each needs stack; past it they wait for their turn. */
    private static final int EAGER_DEPTH = 64;

    /** The depth of calls of bodies within each other; deeper ones wait for their turn. */
    private static final int CALL_DEPTH = 64;

    /** The list of a longer round is dropped after it: it would keep the memory that one burst has needed. */
    private static final int MANY = 4096;

    private static final AtomicLong IDS = new AtomicLong();
    private static final int IDS_AT_ONCE = 100;

    private final ContextInternal root;
    final EventLoop loop;
    final Timers timers;
    final LoopHomes homes;
    private final Scheduling.@Nullable Picker picker;
    private final @Nullable RandomGenerator random;
    private List<Turn> waiting = new ArrayList<>();
    private List<Turn> round = new ArrayList<>();
    /** How many turns of the round have been taken. */
    private int done;
    /** The turn that comes before all others: that of a strand whose wait has just ended. */
    private @Nullable Turn next;

    private boolean taking;
    private boolean scheduled;
    /** Turns since the event loop last served its sockets and timers. */
    private int turnsInARow;

    /** Whether the latest turn still goes on, on a strand's thread; no other is taken before it is given back. */
    private boolean held;

    private long nextId;
    private long endOfIds;
    /**
     * A request that came after the value being handed out was decided; null outside such a hand-out. It is too late
     * for everything that ends within the hand-out: see {@link Scope#requestInTime}.
     */
    @Nullable
    CancelRequest late;
    /** The innermost task whose first turn is being taken inside the call that started it. */
    private @Nullable Turn eager;

    private int eagerDepth;
    /** The number of bodies that are being called inside each other. */
    private int depth;

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

    /** A new task id. The loop takes them by the hundred, since an atomic step for each is a fifth of a start. */
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

    /**
     * Queues {@code turn}, which never runs inside this call; from any thread. False when the event loop has ended with
     * its Vertx: then nothing has a turn there any more.
     */
    @CanIgnoreReturnValue
    boolean post(Turn turn) {
        if (!loop.inEventLoop()) {
            return execute(() -> post(turn));
        }
        waiting.add(turn);
        if (!scheduled) {
            scheduled = true;
            timers.busy(loop);
            return execute(this);
        }
        return true;
    }

    /** Runs {@code action} on the event loop, later; false when that has ended with its Vertx. */
    @CanIgnoreReturnValue
    boolean execute(Runnable action) {
        try {
            loop.execute(action);
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    @Override
    public void run() {
        if (done == round.size()) {
            forget();
            List<Turn> came = waiting;
            waiting = round;
            round = came;
        }
        Probe probe = homes.probe;
        // one dispatch around all turns, which make their own inside: Vert.x reads the clock for an outermost one only
        ContextInternal before = root.beginDispatch();
        taking = true;
        try {
            while (!held && (next != null || done < round.size())) {
                Turn turn = next;
                if (turn == null) {
                    turn = picker == null ? round.get(done) : pick(round, done, picker);
                    done++;
                } else {
                    next = null;
                }
                turnsInARow++;
                if (probe == null) {
                    turn.turn();
                } else {
                    takeWatched(turn, probe);
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

    private void takeWatched(Turn turn, Probe probe) {
        int left = round.size() - done;
        // asked before the turn, which takes things out of the tree
        probe.turnBegins(turn.whose());
        try {
            turn.turn();
        } finally {
            probe.turnEnds(left);
        }
    }

    private void endRound() {
        // a turn must not throw; if one does all the same, the round goes on later
        boolean all = done == round.size() && next == null;
        if (all) {
            forget();
        }
        scheduled = !all || !waiting.isEmpty();
        if (!scheduled) {
            turnsInARow = 0;
            timers.idle(loop);
        } else if (turnsInARow < TURNS_IN_A_ROW) {
            execute(this);
        } else {
            // Netty serves its sockets and timers when it has no task, or after a second; a timer is no task
            turnsInARow = 0;
            try {
                ScheduledFuture<?> unused = loop.schedule(this, 0, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException ended) {
                // nothing has a turn any more
                scheduled = false;
            }
        }
    }

    /** Clears the round that is over. */
    private void forget() {
        if (done > MANY) {
            round = new ArrayList<>();
        } else {
            round.clear();
        }
        done = 0;
    }

    /**
     * Puts {@code turn} right after the present one, so that no cancel comes in between. Outside a turn, or when
     * another one stands there already, it is queued as by {@link #post}.
     */
    void postNext(Turn turn) {
        if (loop.inEventLoop() && taking && next == null) {
            next = turn;
        } else {
            post(turn);
        }
    }

    /** Takes {@code turn} inside this call; false when it was queued instead, deep in other eager turns. */
    boolean takeEagerly(Turn turn) {
        if (eagerDepth == EAGER_DEPTH) {
            post(turn);
            return false;
        }
        Turn before = eager;
        eager = turn;
        eagerDepth++;
        turn.turn();
        eagerDepth--;
        eager = before;
        return true;
    }

    /**
     * Asks to call code from inside other code; {@link #leave} follows. False when the stack is deep already: then the
     * call has to wait for its turn.
     */
    boolean enter() {
        if (depth >= CALL_DEPTH) {
            return false;
        }
        depth++;
        return true;
    }

    void leave() {
        depth--;
    }

    /** Whether {@code turn} is the innermost one that is being taken eagerly. */
    boolean isEager(Turn turn) {
        return eager == turn;
    }

    /** Makes the present turn last until {@link #release}, for a {@link Strand}. The event loop itself goes on. */
    void hold() {
        held = true;
    }

    /** Ends the turn that was held and takes those that wait; on the loop. */
    void release() {
        held = false;
        run();
    }

    /** Whether a strand has the turn. */
    boolean isHeld() {
        return held;
    }

    /** The chosen one of the turns that have not been taken, swapped to the front. */
    private static Turn pick(List<Turn> now, int done, Scheduling.Picker picker) {
        int chosen = done + picker.pick(now.size() - done);
        Turn turn = now.get(chosen);
        now.set(chosen, now.get(done));
        return turn;
    }
}
