package io.vertask.app.run;

import io.vertask.app.job.Item;
import io.vertask.app.job.Job;
import io.vertask.app.job.OnError;
import io.vertask.app.job.TemplateException;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.Workload;
import io.vertask.sync.AsyncSemaphore;
import io.vertask.task.Backoff;
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
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job: the feeder that begins items as slots and the window allow, and the ways to stop it.
 *
 * <p><b>Threads.</b> The workload's event loop only.
 */
final class JobRun {
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    private static final int TURN = 1_000;

    final Job job;
    final Workload workload;
    final AsyncSemaphore slots;
    final Tally tally = new Tally();
    final Times times = new Times();
    final Pause pause = new Pause(this::nanoTime);
    final RandomGenerator random = new Random();
    /** Full jitter: those who failed together don't come back together. */
    final Backoff backoff;

    private final RunOptions options;
    private final Window window;
    private final InOrder inOrder;
    private final Consumer<ItemResult> out;
    private final Set<Task<?>> waiting = new HashSet<>();
    private @Nullable TaskGroup group;
    private @Nullable Task<?> feeder;
    private boolean draining;
    private @Nullable String stopped;
    private @Nullable Throwable bug;

    /** {@code out} takes the results in input order. */
    JobRun(Job job, Workload workload, Window window, RunOptions options, Consumer<ItemResult> out) {
        this.job = job;
        this.workload = workload;
        this.window = window;
        this.options = options;
        this.slots = AsyncSemaphore.of(job.limits().concurrency());
        Duration base = job.limits().backoff();
        this.backoff = Backoff.exponential(base, base.compareTo(LONGEST_BACKOFF) > 0 ? base : LONGEST_BACKOFF);
        this.inOrder = new InOrder(out);
        this.out = out;
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
        return Tasks.loopWhile(() -> {
            if (!source.hasNext()) {
                return Future.succeededFuture(false);
            }
            Made made = made(n[0]++, source);
            if (options.skips().skip(made.item(), tally)) {
                // a long row of done items lets others have the loop now and then
                return (n[0] % TURN == 0 ? Tasks.sleep(Duration.ZERO) : Future.succeededFuture()).map(true);
            }
            return window.enter().compose(entered -> slot()).map(slot -> {
                begin(made);
                return true;
            });
        });
    }

    /** An item, and why it could not be made of what the source gave. */
    private record Made(Item item, Optional<TemplateException> why) {}

    private Made made(long n, Iterator<@Nullable Object> source) {
        try {
            return new Made(Item.of(n, source.next(), job.name()), Optional.empty());
        } catch (TemplateException unknownField) {
            return new Made(new Item(n, null, "item " + (n + 1)), Optional.of(unknownField));
        }
    }

    private void begin(Made made) {
        TaskGroup items = group;
        if (items == null) {
            return;
        }
        inOrder.begin(made.item().n());
        if (made.why().isPresent()) {
            slots.release();
            unmade(made.item(), made.why().get());
            return;
        }
        ItemRun item = new ItemRun(this, made.item());
        // the item's own end is its result; a cancelled one is counted, and is no failure of the group
        items.start(item.key(), item::run);
    }

    /** An item that {@code each.as} can't be made of fails, as it would have later; the others go on. */
    private void unmade(Item item, TemplateException why) {
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
        ItemResult marked = options.skips().marked(result);
        if (options.unordered()) {
            out.accept(marked);
        } else {
            inOrder.add(marked);
        }
    }

    /** For a person who wants to know everything. */
    void tell(String line) {
        options.tell().accept(line);
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

    /** Starts nothing new, for a reason that is shown; what is in flight goes on. */
    void giveUp(String why) {
        if (stopped == null) {
            stopped = why;
        }
        drain();
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
