package io.vertask.app.run;

import io.vertask.app.feed.Feed;
import io.vertask.app.feed.Offer;
import io.vertask.app.job.Item;
import io.vertask.app.job.Job;
import io.vertask.app.job.Mask;
import io.vertask.app.job.OnError;
import io.vertask.app.journal.ItemEnd;
import io.vertask.app.journal.ItemFailure;
import io.vertask.app.journal.Journal;
import io.vertask.app.journal.RunEvent;
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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The items of a run: begins each one when there is a place for its result and a permit, and stops them.
 *
 * <p><b>Threads.</b> The run's event loop only.
 */
final class ItemsTask {
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    /** After so many skipped items in a row, others have the loop. */
    private static final int YIELD_AFTER = 1_000;

    final Job job;
    final Workload workload;
    final Journal journal;
    final Admission admission;
    final RandomGenerator random = new Random();
    /** Full jitter: those who failed together don't come back together. */
    final Backoff backoff;

    private final Feed feed;
    private final Ports ports;
    private final Mask mask;
    private final Window window;
    private final InOrder inOrder;
    private final Set<Task<?>> waiting = new HashSet<>();
    /** Items whose task has been started and has not run yet. */
    private final Set<ItemTask> starting = new LinkedHashSet<>();

    private @Nullable Context context;
    private @Nullable TaskGroup group;
    private @Nullable Task<?> feeder;
    private boolean draining;
    private @Nullable String stopped;
    private boolean isRefused;
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

    /** Does {@code action} on the event loop, on the run's own context; nothing before {@link #main} was called. */
    void later(Runnable action) {
        Context its = context;
        if (its != null) {
            its.runOnContext(now -> action.run());
        }
    }

    /** All items, in the current task; fails when it is cancelled or the job's deadline passes. */
    Future<Void> main() {
        context = Vertx.currentContext();
        Optional<Duration> deadline = job.limits().deadline();
        Future<Void> all = deadline.isPresent() ? Tasks.timeout(deadline.get(), this::items) : items();
        return all.onComplete(end -> {
            starting.forEach(ItemTask::neverRan);
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
        if (draining) { // asked for before there was anything to stop
            feed.cancel(CancelReason.SHUTDOWN);
        }
        // a feeder that is cancelled for a drain is no failure: what is in flight goes on
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
                .recover(
                        error -> error instanceof CancelledException ? Future.failedFuture(error) : sourceBroke(error));
    }

    /** An item that is to be done. */
    private record ToDo(Offer offer, String key, boolean again) {}

    /** An item that an earlier process has done is skipped here: it costs nothing but the pull. */
    private Future<Void> forEachToDo(AsyncIterator<Offer> source, Function<ToDo, Future<Void>> next) {
        long[] skipped = {0};
        return Streams.forEach(source, offer -> {
            String key = mask.message(offer.item().key());
            Skips.Verdict verdict = ports.skips().of(key);
            if (verdict == Skips.Verdict.DO || verdict == Skips.Verdict.DO_AGAIN) {
                return next.apply(new ToDo(offer, key, verdict == Skips.Verdict.DO_AGAIN));
            }
            boolean hadFailed = verdict == Skips.Verdict.SKIP_FAILED;
            journal.publish(new RunEvent.Skipped(nanoTime(), offer.item().n(), key, hadFailed));
            return ++skipped[0] % YIELD_AFTER == 0 ? Tasks.sleep(Duration.ZERO) : Future.succeededFuture();
        });
    }

    /** The producer puts items into a queue as long as there is room; the consumers are the slots. */
    private Future<Void> throughQueue(int capacity, AsyncIterator<Offer> source) {
        AsyncQueue<ToDo> queue = AsyncQueue.named(job.name(), capacity);
        return TaskGroup.with("queue", both -> {
            both.start("producer", () -> forEachToDo(source, queue::put).onComplete(end -> queue.shutdown()));
            return queue.forEach(this::admit);
        });
    }

    /** What has begun goes on to its end, and the rest is not read; when nothing has, the run did not start. */
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
        ItemTask task = new ItemTask(this, item, next.key(), next.again(), permit);
        starting.add(task);
        // the item's own end is its result; a cancelled one is counted, and is no failure of the group
        items.start(item.key(), () -> {
            starting.remove(task);
            return task.run();
        });
    }

    /** An item of which nothing can be made fails, as it would have later; the others go on. */
    private Future<Void> unmade(ToDo next) {
        Item item = next.offer().item();
        inOrder.begin(item.n());
        journal.publish(new RunEvent.ItemBegan(nanoTime(), item.n(), next.key()));
        String message = masked(next.offer().flaw().orElseThrow());
        ItemFailure why =
                new ItemFailure("template", "template", OptionalInt.empty(), Optional.empty(), message, false);
        ended(failed(new ItemEnd(
                item.n(), next.key(), ItemEnd.How.FAILED, 0, Duration.ZERO, Optional.of(why), next.again())));
        if (job.onError() == OnError.STOP) {
            stop("on_error: stop, and " + next.key() + " failed");
        }
        return Future.succeededFuture();
    }

    /** The result of a failed item: its line says why, on one line. */
    Result failed(ItemEnd end) {
        String line = end.key() + ": ERROR - "
                + end.failure().map(ItemFailure::message).orElse("");
        return new Result(end, Optional.of(line.replaceAll("\\s*\\R\\s*", " ")), null);
    }

    void ended(Result result) {
        journal.publish(new RunEvent.ItemEnded(nanoTime(), result.end()));
        if (ports.unordered()) {
            ports.sink().ended(result);
        } else {
            inOrder.add(result);
        }
        job.limits()
                .stopAfter()
                .filter(limit -> limit.reached(journal.failed(), journal.done()))
                .ifPresent(limit -> stop(
                        "stop_after " + limit + ": " + journal.failed() + " of " + journal.done() + " items failed"));
    }

    /** Hands out rows of an item that goes on. */
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

    /** Begins nothing new and ends the waits between attempts; what is in flight goes on. */
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

    /** As {@link #drain}, for a reason that the run's end shows; the first reason counts. */
    void giveUp(String why) {
        if (stopped == null) {
            stopped = why;
        }
        drain(why);
    }

    /** Ends the run now, for a reason that its end shows; the first reason counts. */
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

    /** As {@link #stop}, when nobody is there to read the reason. */
    void stopQuietly(String why) {
        cancelling(why);
        draining = true;
        if (group != null) {
            group.cancel(CancelReason.user(why));
        }
    }

    /** Tells that the caller cancels the run. */
    void cancelling(String why) {
        journal.publish(new RunEvent.Stopping(nanoTime(), true, why, journal.inFlight()));
    }

    /** As {@link #stop}: the server does not know the login that all items have. */
    void refused(String why) {
        isRefused |= stopped == null;
        stop(why);
    }

    /** Whether a refused login is why the run was stopped. */
    boolean isRefused() {
        return isRefused;
    }

    @Nullable
    String stopped() {
        return stopped;
    }

    /** Why there were no items to begin with; null when there were. */
    @Nullable
    StartFailure notStarted() {
        return notStarted;
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
