package io.vertask.app.run;

import io.vertask.app.feed.Feed;
import io.vertask.app.feed.Offer;
import io.vertask.app.feed.Outside;
import io.vertask.app.job.Item;
import io.vertask.app.job.Job;
import io.vertask.app.job.OnError;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.StartFailure;
import io.vertask.app.workload.Workload;
import io.vertask.queue.AsyncQueue;
import io.vertask.stream.AsyncIterator;
import io.vertask.stream.Streams;
import io.vertask.sync.AsyncSemaphore;
import io.vertask.task.Backoff;
import io.vertask.task.CancelReason;
import io.vertask.task.CancelledException;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private final Feed feed;
    private final Turns turns;
    private final Window window;
    private final InOrder inOrder;
    private final Consumer<ItemResult> out;
    private final Set<Task<?>> waiting = new HashSet<>();
    private @Nullable TaskGroup group;
    private @Nullable Task<?> feeder;
    private boolean draining;
    private @Nullable String stopped;
    private boolean isRefused;
    private @Nullable StartFailure notStarted;
    private @Nullable Throwable bug;

    /** Of a job that has its items itself; {@code out} takes the results in input order. */
    JobRun(Job job, Workload workload, Window window, RunOptions options, Consumer<ItemResult> out) {
        this(job, workload, Feed.of(job, Outside.none()), window, options, out);
    }

    JobRun(Job job, Workload workload, Feed feed, Window window, RunOptions options, Consumer<ItemResult> out) {
        this.job = job;
        this.workload = workload;
        this.feed = feed;
        this.window = window;
        this.options = options;
        this.slots = AsyncSemaphore.of(job.limits().concurrency());
        Duration base = job.limits().backoff();
        this.backoff = Backoff.exponential(base, base.compareTo(LONGEST_BACKOFF) > 0 ? base : LONGEST_BACKOFF);
        this.turns = new Turns(slots, pause, job.limits().rate(), this::nanoTime);
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
        return feed.open()
                .compose(opened -> job.queue().isPresent()
                        ? throughQueue(job.queue().get().capacity(), opened)
                        : forEachToDo(opened, this::admit))
                .recover(
                        error -> error instanceof CancelledException ? Future.failedFuture(error) : sourceBroke(error));
    }

    /** What an earlier process has done is skipped here: it costs nothing but the pull. */
    private Future<Void> forEachToDo(AsyncIterator<Offer> source, Function<Offer, Future<Void>> next) {
        long[] skipped = {0};
        return Streams.forEach(source, offer -> {
            if (!options.skips().skip(offer.item(), tally)) {
                return next.apply(offer);
            }
            // a long row of done items lets others have the loop now and then
            return ++skipped[0] % TURN == 0 ? Tasks.sleep(Duration.ZERO) : Future.succeededFuture();
        });
    }

    /** The producer puts items into a queue as long as there is room; the consumers are the slots. */
    private Future<Void> throughQueue(int capacity, AsyncIterator<Offer> source) {
        AsyncQueue<Offer> queue = AsyncQueue.named(job.name(), capacity);
        return TaskGroup.with("queue", both -> {
            both.start("producer", () -> forEachToDo(source, queue::put).onComplete(end -> queue.shutdown()));
            return queue.forEach(this::admit);
        });
    }

    /** What has begun goes on to its end, and the rest is not read; when nothing has, the run did not start. */
    private Future<Void> sourceBroke(Throwable why) {
        if (!(why instanceof StartFailure failure)) {
            bug(why);
        } else if (tally.begun() == 0) {
            notStarted = failure;
        } else if (stopped == null) {
            stopped = failure.getMessage();
        }
        return Future.succeededFuture();
    }

    /** Begins an item once there is a place for its line, a slot, and its turn at the rate. */
    private Future<Void> admit(Offer offer) {
        return window.enter()
                .compose(entered -> offer.flaw().isPresent()
                        ? unmade(offer)
                        : turns.take().map(rateWait -> {
                            times.addPause(rateWait);
                            begin(offer.item());
                            return null;
                        }));
    }

    private void begin(Item one) {
        TaskGroup items = group;
        if (items != null) {
            inOrder.begin(one.n());
            ItemRun item = new ItemRun(this, one);
            // the item's own end is its result; a cancelled one is counted, and is no failure of the group
            items.start(item.key(), item::run);
        }
    }

    /** An item of which nothing can be made fails, as it would have later; the others go on. */
    private Future<Void> unmade(Offer offer) {
        Item item = offer.item();
        inOrder.begin(item.n());
        tally.begin();
        ended(ItemResult.failed(
                item, CallFailure.lasting("template", offer.flaw().orElseThrow()), 0, Duration.ZERO));
        if (job.onError() == OnError.STOP) {
            stop("on_error: stop, and " + item.key() + " failed");
        }
        return Future.succeededFuture();
    }

    /** Takes a slot when no pause is on and the rate allows. */
    Future<Long> slot() {
        return turns.take();
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
        job.limits()
                .stopAfter()
                .filter(limit -> limit.reached(tally.failed(), tally.ok() + tally.failed()))
                .ifPresent(limit -> stop("stop_after " + limit + ": " + tally.failed() + " of "
                        + (tally.ok() + tally.failed()) + " items failed"));
    }

    /** For a person who wants to know everything. */
    void tell(String line) {
        options.tell().accept(line);
    }

    /** Rows of an item that goes on. */
    void part(ItemResult rows) {
        if (options.unordered()) {
            out.accept(rows);
        } else {
            inOrder.add(rows);
        }
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

    /** As {@link #stop}: the server does not know the login that all items have. */
    void refused(String why) {
        isRefused |= stopped == null;
        stop(why);
    }

    /** Whether that is why the run was stopped. */
    boolean isRefused() {
        return isRefused;
    }

    @Nullable
    String stopped() {
        return stopped;
    }

    /** Why there were no items to begin with; null unless that is so. */
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
