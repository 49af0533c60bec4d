package io.vertask.trace;

import io.vertask.task.CancelReason;
import io.vertask.task.Outcome;
import io.vertask.task.Probe;
import io.vertask.task.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The probe of one event loop: it passes task events on to the listeners and measures each turn.
 *
 * <p><b>Threads.</b> Its event loop; {@link #look} is the {@link StackSampler}'s.
 */
final class LoopProbe implements Probe {
    /** The stack of the loop's thread in the turn that began at {@code at}. */
    private record Sample(long at, List<StackTraceElement> stack) {}

    private final Tracing tracing;
    /** The start of the current turn; zero between turns. */
    private final AtomicLong turn = new AtomicLong();

    private volatile @Nullable Thread thread;
    private volatile @Nullable Sample sample;
    private @Nullable Task<?> running;

    LoopProbe(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    public void started(Task<?> task, long at) {
        tracing.tell(listener -> listener.started(task, at));
    }

    @Override
    public void ended(Task<?> task, Outcome<?> outcome, long startedAt, long at) {
        tracing.tell(listener -> listener.ended(task, outcome, startedAt, at));
    }

    @Override
    public void cancelRequested(Task<?> task, CancelReason reason, String by, long at) {
        tracing.tell(listener -> listener.cancelRequested(task, reason, by, at));
    }

    @Override
    public void leftOver(String where, List<String> what) {
        if (!what.isEmpty()) {
            tracing.forgotten(where, what);
        }
    }

    @Override
    public @Nullable String site() {
        return tracing.isDebug() ? Site.here() : null;
    }

    @Override
    public boolean findsCycles() {
        return tracing.isDebug();
    }

    @Override
    public void turnBegins(@Nullable Task<?> task) {
        if (thread == null) {
            thread = Thread.currentThread();
        }
        running = task;
        // odd, so that it is never zero
        turn.lazySet(System.nanoTime() | 1);
    }

    @Override
    public void turnEnds(int ready) {
        long began = turn.getPlain();
        turn.lazySet(0);
        Task<?> task = running;
        running = null;
        long took = System.nanoTime() - began;
        if (took > tracing.slowNanos()) {
            Sample seen = sample;
            tracing.slow(new SlowStep(
                    Thread.currentThread().getName(),
                    task == null ? null : task.path(),
                    ids(task),
                    Duration.ofNanos(took),
                    began,
                    ready,
                    seen != null && seen.at == began ? seen.stack : List.of()));
        }
    }

    /** The ids from the root down to {@code task}. */
    private static List<Long> ids(@Nullable Task<?> task) {
        ArrayDeque<Long> ids = new ArrayDeque<>();
        for (Task<?> next = task; next != null; next = next.parent().orElse(null)) {
            ids.addFirst(next.id());
        }
        return List.copyOf(ids);
    }

    /** Samples the stack of the current turn once that is slow; once for each turn. */
    void look() {
        long began = turn.get();
        Thread looked = thread;
        Sample last = sample;
        if (began == 0
                || looked == null
                || System.nanoTime() - began <= tracing.slowNanos()
                || (last != null && last.at == began)) {
            return;
        }
        List<StackTraceElement> stack = List.of(looked.getStackTrace());
        // the turn may have ended meanwhile, in which case this is the stack of the next one
        if (turn.get() == began) {
            sample = new Sample(began, stack);
        }
    }
}
