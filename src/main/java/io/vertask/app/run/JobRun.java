package io.vertask.app.run;

import io.vertask.app.job.Item;
import io.vertask.app.job.Job;
import io.vertask.app.job.OnError;
import io.vertask.app.job.TemplateException;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.Workload;
import io.vertask.sync.AsyncSemaphore;
import io.vertask.task.CancelReason;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job: the feeder that begins items as slots and the window allow, and the ways to stop it.
 *
 * <p><b>Threads.</b> The workload's event loop only.
 */
final class JobRun {
    final Job job;
    final Workload workload;
    final AsyncSemaphore slots;
    final Tally tally = new Tally();
    final Times times = new Times();
    final Pause pause = new Pause(this::nanoTime);
    final Backoff backoff;
    private final Window window;
    private final InOrder inOrder;
    private final Set<Task<?>> waiting = new HashSet<>();
    private @Nullable TaskGroup group;
    private @Nullable Task<?> feeder;
    private boolean draining;
    private @Nullable String stopped;
    private @Nullable Throwable bug;

    /** {@code out} takes the results in input order. */
    JobRun(Job job, Workload workload, Window window, Consumer<ItemResult> out) {
        this.job = job;
        this.workload = workload;
        this.window = window;
        this.slots = AsyncSemaphore.of(job.limits().concurrency());
        this.backoff = new Backoff(job.limits().backoff(), new Random());
        this.inOrder = new InOrder(out);
    }

    long nanoTime() {
        return Tasks.nanoTime();
    }

    /** The whole run, in the current task; fails when it is cancelled or its deadline passes. */
    Future<Void> main() {
        Optional<Duration> deadline = job.limits().deadline();
        Future<Void> all = deadline.isPresent() ? Tasks.timeout(deadline.get(), this::items) : items();
        return all.onComplete(end -> inOrder.flush());
    }

    private Future<Void> items() {
        return TaskGroup.with("items", this::items);
    }

    private Future<Void> items(TaskGroup items) {
        group = items;
        Task<Void> feed = items.start("feeder", this::feed);
        feeder = feed;
        // a feeder that is cancelled for a drain is no failure: what is in flight goes on
        return feed.settled().compose(end -> {
            Throwable error = end instanceof Outcome.Failure<Void> failed ? failed.error() : null;
            return error == null ? Future.succeededFuture() : Future.failedFuture(error);
        });
    }

    private Future<Void> feed() {
        Iterator<@Nullable Object> source = job.each().iterator();
        long[] n = {0};
        return Tasks.loopWhile(() -> source.hasNext()
                ? window.enter().compose(entered -> slot()).map(slot -> {
                    begin(n[0]++, source);
                    return true;
                })
                : Future.succeededFuture(false));
    }

    private void begin(long n, Iterator<@Nullable Object> source) {
        TaskGroup items = group;
        if (items == null) {
            return;
        }
        ItemRun item;
        try {
            item = new ItemRun(this, Item.of(n, source.next(), job.name()));
        } catch (TemplateException unknownField) {
            slots.release();
            unmade(n, unknownField);
            return;
        }
        // the item's own end is its result; a cancelled one is counted, and is no failure of the group
        items.start(item.key(), item::run);
    }

    /** An item that {@code each.as} can't be made of fails, as it would have later; the others go on. */
    private void unmade(long n, TemplateException why) {
        Item item = new Item(n, null, "item " + (n + 1));
        tally.begin();
        ended(ItemResult.failed(
                item, CallFailure.lasting("template", "each.as: " + why.getMessage()), 0, Duration.ZERO));
        if (job.onError() == OnError.STOP) {
            stop("on_error: stop, and " + item.key() + " failed");
        }
    }

    /** Takes a slot when no pause is on. */
    Future<Void> slot() {
        return Tasks.loopWhile(() -> pause.over()
                .compose(none -> slots.acquire())
                .map(got -> {
                    boolean pausedMeanwhile = pause.isOn();
                    if (pausedMeanwhile) {
                        slots.release();
                    }
                    return pausedMeanwhile;
                }));
    }

    /** Runs a wait between two attempts of the current task; a drain ends it. */
    <T> Future<T> waiting(Supplier<Future<T>> wait) {
        Task<?> task = Task.current().orElseThrow();
        if (draining) {
            task.cancel(CancelReason.SHUTDOWN);
        }
        waiting.add(task);
        return wait.get().onComplete(over -> waiting.remove(task));
    }

    void ended(ItemResult result) {
        tally.end(result);
        inOrder.add(result);
    }

    /** Rows of an item that goes on. */
    void part(ItemResult rows) {
        inOrder.add(rows);
    }

    // ---- stopping

    boolean isDraining() {
        return draining;
    }

    /** Starts nothing new and ends the waits between attempts; what is in flight goes on. */
    void drain() {
        draining = true;
        if (feeder != null) {
            feeder.cancel(CancelReason.SHUTDOWN);
        }
        Set.copyOf(waiting).forEach(task -> task.cancel(CancelReason.SHUTDOWN));
    }

    /** Ends the run now, for a reason that is shown; the first reason counts. */
    void stop(String why) {
        draining = true;
        if (stopped == null) {
            stopped = why;
        }
        if (group != null) {
            group.cancel(CancelReason.user(why));
        }
    }

    @Nullable
    String stopped() {
        return stopped;
    }

    void bug(Throwable unexpected) {
        if (bug == null) {
            bug = unexpected;
        }
    }

    @Nullable
    Throwable bug() {
        return bug;
    }
}
