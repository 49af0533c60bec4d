package io.vertask.app.run;

import io.vertask.app.feed.Feed;
import io.vertask.app.feed.Offer;
import io.vertask.app.job.Item;
import io.vertask.app.job.Job;
import io.vertask.app.job.Mask;
import io.vertask.app.job.OnError;
import io.vertask.app.job.template.Template;
import io.vertask.app.journal.ItemEnd;
import io.vertask.app.journal.ItemFailure;
import io.vertask.app.journal.Journal;
import io.vertask.app.journal.RunEvent;
import io.vertask.app.memory.OutOfMemory;
import io.vertask.app.workload.StartFailure;
import io.vertask.app.workload.Workload;
import io.vertask.queue.AsyncQueue;
import io.vertask.stream.AsyncIterator;
import io.vertask.stream.Streams;
import io.vertask.task.Backoff;
import io.vertask.task.CancelReason;
import io.vertask.task.CancelledException;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.Tasks;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The task of a run's items: it begins each item when there is a place for its result and a permit, and it stops them.
 *
 * <p><b>Threads.</b> The run's event loop only.
 */
final class ItemsTask {
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    /** The number of skipped items in a row after which the loop is yielded to others. */
    private static final int YIELD_AFTER = 1_000;

    final Job job;
    final Workload workload;
    final Journal journal;
    final Admission admission;
    /** Whether lines are printed at all. */
    final boolean printsLines;
    /** The template of the lines; empty: their own. */
    final Optional<Template> print;
    /** Whether the lines have fields of the item, which are known before its call. */
    final boolean printsFields;
    /** Whether the output may refuse a result. */
    final boolean mayRefuse;

    final RandomGenerator random = new Random();
    /** The back-off with full jitter, so that items that failed together are not retried together. */
    final Backoff backoff;

    private final Feed feed;
    private final Ports ports;
    private final Mask mask;
    private final Window window;
    private final InOrder inOrder;
    private final Set<Task<?>> waiting = new HashSet<>();
    /** The items whose task has been started and has not run yet. */
    private final Deque<ItemTask> starting = new ArrayDeque<>();

    private @Nullable Context context;
    private @Nullable TaskGroup group;
    private @Nullable Task<?> feeder;
    private boolean draining;
    private @Nullable String stopped;
    private Optional<RunEnd.Fix> fix = Optional.empty();
    private @Nullable StartFailure notStarted;
    private @Nullable Throwable bug;

    ItemsTask(Job job, Workload workload, Feed feed, Journal journal, Admission admission, Window window, Ports ports) {
        this.job = job;
        this.workload = workload;
        this.feed = feed;
        this.journal = journal;
        this.admission = admission;
        this.window = window;
        this.ports = ports;
        this.printsLines = ports.sink().printsLines();
        this.print = printsLines ? job.print() : Optional.empty();
        this.printsFields = print.stream()
                .flatMap(template -> template.paths().stream())
                .anyMatch(path -> "item".equals(path.root()) && path.length() > 1);
        this.mayRefuse = ports.sink().mayRefuse();
        this.mask = Mask.of(job, ports.env());
        Duration base = job.limits().backoff();
        this.backoff = Backoff.exponential(base, base.compareTo(LONGEST_BACKOFF) > 0 ? base : LONGEST_BACKOFF);
        this.inOrder = new InOrder(ports.sink());
    }

    long nanoTime() {
        return Tasks.nanoTime();
    }

    String masked(String text) {
        return mask.message(text);
    }

    /** Runs {@code action} on the run's own context; does nothing before {@link #main} was called. */
    void later(Runnable action) {
        Context its = context;
        if (its != null) {
            its.runOnContext(now -> action.run());
        }
    }

    /** Runs all items in the current task; fails when it is cancelled or the job's deadline passes. */
    Future<Void> main() {
        context = Vertx.currentContext();
        Optional<Duration> deadline = job.limits().deadline();
        Future<Void> all = deadline.isPresent() ? Tasks.timeout(deadline.get(), this::items) : items();
        return all.onComplete(end -> {
            starting.stream().filter(item -> !item.hasRun()).forEach(ItemTask::neverRan);
            starting.clear();
            inOrder.flush();
        });
    }

    private Future<Void> items() {
        return TaskGroup.with("items", this::items);
    }

    private Future<Void> items(TaskGroup items) {
        group = items;
        Task<Void> feed = items.start("feeder", this::feed);
        feeder = feed;
        if (draining) { // the drain was requested before there was anything to stop
            feed.cancel(CancelReason.SHUTDOWN);
        }
        // a feeder that a drain cancels is no failure: the items in flight go on
        return feed.settled().compose(end -> {
            Throwable error = end instanceof Outcome.Failure<Void> failed ? failed.error() : null;
            return error == null ? Future.succeededFuture() : Future.failedFuture(error);
        });
    }

    private Future<Void> feed() {
        return feed.open()
                .compose(opened -> {
                    journal.publish(new RunEvent.InputOpened(nanoTime(), feed.count()));
                    return job.queue().isPresent()
                            ? throughQueue(job.queue().get().capacity(), opened)
                            : forEachToDo(opened, this::admit);
                })
                .onSuccess(all -> journal.publish(new RunEvent.InputEnded(nanoTime())))
                .recover(
                        error -> error instanceof CancelledException ? Future.failedFuture(error) : sourceBroke(error));
    }

    /** An item to be done. */
    private record ToDo(Offer offer, String key, boolean again, Optional<KeptAnswer> kept) {}

    /** Skips the items that an earlier process has done; a skipped item costs only its read. */
    private Future<Void> forEachToDo(AsyncIterator<Offer> source, Function<ToDo, Future<Void>> next) {
        long[] skipped = {0};
        return Streams.forEach(source, offer -> {
            String key = mask.message(offer.item().key());
            Skips.Verdict verdict = ports.skips().of(key);
            if (verdict == Skips.Verdict.DO || verdict == Skips.Verdict.DO_AGAIN) {
                Optional<KeptAnswer> kept = ports.skips().kept(offer.item().n(), key);
                return next.apply(new ToDo(offer, key, verdict == Skips.Verdict.DO_AGAIN, kept));
            }
            boolean hadFailed = verdict != Skips.Verdict.SKIP_OK;
            boolean isUnknown = verdict == Skips.Verdict.SKIP_UNKNOWN;
            journal.publish(new RunEvent.Skipped(nanoTime(), offer.item().n(), key, hadFailed, isUnknown));
            return ++skipped[0] % YIELD_AFTER == 0 ? Tasks.sleep(Duration.ZERO) : Future.succeededFuture();
        });
    }

    /** Runs the job with a queue: the producer adds items while there is room, and the slots are the consumers. */
    private Future<Void> throughQueue(int capacity, AsyncIterator<Offer> source) {
        AsyncQueue<ToDo> queue = AsyncQueue.named(job.name(), capacity);
        return TaskGroup.with("queue", both -> {
            both.start("producer", () -> forEachToDo(source, queue::put).onComplete(end -> queue.shutdown()));
            return queue.forEach(this::admit);
        });
    }

    /** Handles a failed input: items that have begun go on to their end. When none has begun, the run did not start. */
    private Future<Void> sourceBroke(Throwable why) {
        if (!(why instanceof StartFailure failure)) {
            bug(why);
        } else if (journal.begun() == 0) {
            notStarted = failure;
        } else if (stopped == null) {
            stopped = failure.getMessage();
        }
        return Future.succeededFuture();
    }

    /** Begins an item once there is a place for its result and a permit. */
    private Future<Void> admit(ToDo next) {
        return window.enter().compose(entered -> {
            if (next.offer().flaw().isPresent()) {
                return unmade(next);
            }
            return admission
                    .take(next.offer().item().n(), false, () -> Admission.EVERYONE)
                    .map(permit -> {
                        begin(next, permit);
                        return null;
                    });
        });
    }

    private void begin(ToDo next, Admission.Permit permit) {
        TaskGroup items = group;
        if (items == null) {
            permit.release();
            return;
        }
        Item item = next.offer().item();
        inOrder.begin(item.n());
        ItemTask task = new ItemTask(this, item, next.key(), next.again(), next.kept(), permit);
        starting.add(task);
        // the item's end is its result; a cancelled item is counted and is no failure of the group
        items.start(item.key(), () -> {
            Future<Void> ran = task.run();
            // tasks run in the order in which they were started, except for cancelled ones
            while (!starting.isEmpty() && starting.element().hasRun()) {
                starting.remove();
            }
            return ran;
        });
    }

    /** Fails an item that can't be made from its input; the others go on. */
    private Future<Void> unmade(ToDo next) {
        Item item = next.offer().item();
        inOrder.begin(item.n());
        journal.publish(new RunEvent.ItemBegan(nanoTime(), item.n(), next.key()));
        String message = masked(next.offer().flaw().orElseThrow());
        ItemFailure why = new ItemFailure("template", "no item", OptionalInt.empty(), Optional.empty(), message, false);
        ended(
                Result.failed(
                        new ItemEnd(
                                item.n(),
                                next.key(),
                                ItemEnd.How.FAILED,
                                0,
                                Duration.ZERO,
                                Optional.of(why),
                                next.again()),
                        Optional.empty()),
                nanoTime());
        if (job.onError() == OnError.STOP) {
            stop("on_error: stop, and " + next.key() + " failed");
        }
        return Future.succeededFuture();
    }

    /** An item has ended now, which is {@code at}. */
    void ended(Result result, long at) {
        journal.publish(new RunEvent.ItemEnded(at, result.end()));
        if (ports.unordered()) {
            ports.sink().ended(result);
        } else {
            inOrder.add(result);
        }
        stopAfter();
    }

    /** The output has refused the result of an item that had ended ok, or the answer of a failed one is lost. */
    void changed(ItemEnd was, ItemEnd now) {
        journal.publish(new RunEvent.EndChanged(nanoTime(), was, now));
        if (was.ok() && job.onError() == OnError.STOP) {
            stop("on_error: stop, and " + now.key() + " failed");
        }
        stopAfter();
    }

    private void stopAfter() {
        job.limits()
                .stopAfter()
                .filter(limit -> limit.reached(journal.failed(), journal.done()))
                .ifPresent(limit -> stop(
                        "stop_after " + limit + ": " + journal.failed() + " of " + journal.done() + " items failed"));
    }

    /** Hands out the results that wait for earlier ones; any thread, when the loop is blocked for ever. */
    void handOut() {
        inOrder.flush();
    }

    /** Hands out a page of rows of an item that goes on. */
    void rows(PageRows page) {
        journal.publish(new RunEvent.RowsOut(nanoTime(), page.n(), page.rows().size()));
        if (ports.unordered()) {
            ports.sink().rows(page);
        } else {
            inOrder.add(page);
        }
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

    // ---- stopping

    boolean isDraining() {
        return draining;
    }

    /** Begins nothing new and ends the waits between attempts; attempts in flight go on. */
    void drain(String why) {
        if (!draining) {
            journal.publish(new RunEvent.Stopping(nanoTime(), false, why, journal.inFlight()));
        }
        draining = true;
        if (feeder != null) {
            feeder.cancel(CancelReason.SHUTDOWN);
        }
        Set.copyOf(waiting).forEach(task -> task.cancel(CancelReason.SHUTDOWN));
    }

    /** Drains the run for a reason that its end shows; the first reason counts. */
    void giveUp(String why) {
        if (stopped == null) {
            stopped = why;
        }
        drain(why);
    }

    /** Stops the run at once for a reason that its end shows; the first reason counts. */
    void stop(String why) {
        if (stopped == null) {
            stopped = why;
            journal.publish(new RunEvent.Stopping(nanoTime(), true, why, journal.inFlight()));
        }
        draining = true;
        if (group != null) {
            group.cancel(CancelReason.user(why));
        }
    }

    /** Stops the run at once when the reader of its results has gone, so the reason is not shown. */
    void stopQuietly(String why) {
        cancelling(why);
        draining = true;
        if (group != null) {
            group.cancel(CancelReason.user(why));
        }
    }

    /** Publishes that the caller cancels the run. */
    void cancelling(String why) {
        journal.publish(new RunEvent.Stopping(nanoTime(), true, why, journal.inFlight()));
    }

    /** Stops the run at once because every other call would fail too. */
    void refused(String why, String first) {
        if (stopped == null) {
            fix = Optional.of(new RunEnd.Fix(first, false));
        }
        stop(why);
    }

    /** Begins no more items, because what comes after their call would fail too; calls in flight go on to their end. */
    void unfit(String why, String first) {
        if (stopped == null) {
            fix = Optional.of(new RunEnd.Fix(first, true));
        }
        giveUp(why);
    }

    /** The thing to do before a stopped run goes on. */
    Optional<RunEnd.Fix> fix() {
        return fix;
    }

    @Nullable
    String stopped() {
        return stopped;
    }

    /** The failure of the input before its first item; null when there was none. */
    @Nullable
    StartFailure notStarted() {
        return notStarted;
    }

    void bug(Throwable unexpected) {
        OutOfMemory.check(unexpected);
        if (bug == null) {
            bug = unexpected;
        }
    }

    @Nullable
    Throwable bug() {
        return bug;
    }
}
