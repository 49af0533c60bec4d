package io.vertask.queue;

import io.vertask.task.ClosedException;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A queue whose {@link #put} waits while it is full, and whose {@link #take} waits while it is empty: asyncio's
 * {@code Queue}, {@code LifoQueue} and {@code PriorityQueue}.
 *
 * <p>{@code queue.forEach(item -> work(item))} is a worker: it takes items until {@link #shutdown}. {@link #join} waits
 * until all that was put has been worked on.
 *
 * <p>Waiters are served in arrival order. When an item is put while somebody waits for one, that one is sure of an
 * item: {@link #tryTake} by another finds nothing. So it is with a slot that becomes free while somebody waits to put.
 *
 * <p><b>Failure.</b> {@link ClosedException} once it is shut down; {@link IllegalStateException} outside any task.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #take} has taken nothing, so {@code Tasks.timeout(limit, queue::take)}
 * never loses an item; a cancelled {@link #put} has put nothing. What either was sure of goes to the next.
 *
 * <p><b>Threads.</b> Any thread may call all but what waits, which is for tasks, on any event loop; a waiter resumes on
 * the context it called from.
 *
 * @param <T> the type of the items, which are never null
 */
public final class AsyncQueue<T> {
    private static final Future<Boolean> AGAIN = Future.succeededFuture(true);

    private final String name;
    private final int maxsize;
    private final String takeText;
    private final String putText;
    private final QueueState<T> stock;
    private final Supplier<@Nullable T> tryTake;
    private final Consumer<Waiter<T>> takeOrWait;
    private volatile @Nullable Consumer<? super T> undelivered;

    private AsyncQueue(String name, int maxsize, QueueStorage<T> items) {
        this.name = name;
        this.maxsize = maxsize;
        this.takeText = "an item of queue '" + name + "'";
        this.putText = "room in queue '" + name + "'";
        this.stock = new QueueState<>("queue '" + name + "'", maxsize, items);
        this.tryTake = stock::tryTake;
        this.takeOrWait = stock::takeOrWait;
    }

    // ---- making one

    /** First in, first out, {@code maxsize} items at most; without a bound when that is 0 or less. */
    public static <T> AsyncQueue<T> of(int maxsize) {
        return named("queue", maxsize);
    }

    /** {@link #of} with a name for messages and for people who look at the running tasks. */
    public static <T> AsyncQueue<T> named(String name, int maxsize) {
        return new AsyncQueue<>(name, maxsize, new QueueStorage.Row<>(false));
    }

    /** Last in, first out. */
    public static <T> AsyncQueue<T> lifo(String name, int maxsize) {
        return new AsyncQueue<>(name, maxsize, new QueueStorage.Row<>(true));
    }

    /** The least first by {@code order}; of equal ones, the first in. */
    public static <T> AsyncQueue<T> priority(String name, int maxsize, Comparator<? super T> order) {
        return new AsyncQueue<>(name, maxsize, new QueueStorage.Ranked<>(order));
    }

    /**
     * Where an item goes that nobody will take, exactly once, so that it can be closed: one that {@link #shutdownNow}
     * drops, and one whose {@link #put} fails, for whatever reason; one that {@link #tryPut} refuses stays the
     * caller's. To be set before the queue is used.
     */
    public AsyncQueue<T> onUndelivered(Consumer<? super T> hook) {
        undelivered = hook;
        return this;
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    // ---- putting

    /**
     * Puts {@code item}, waiting for room if need be; when there is room, the future is complete when it is returned.
     */
    public Future<Void> put(T item) {
        checkNotNull(item);
        Future<Void> room =
                Waiter.tryOrAwait(putText, () -> stock.tryPut(item), waiter -> stock.putOrWait(waiter, item));
        Future<Void> put = room.isComplete()
                ? room
                : room.map(mine -> {
                    stock.putPromised(item);
                    return null;
                });
        Consumer<? super T> hook = undelivered;
        return hook == null || put.succeeded()
                ? put
                : put.onFailure(why -> {
                    try {
                        hook.accept(item);
                    } catch (RuntimeException thrown) {
                        why.addSuppressed(thrown);
                    }
                });
    }

    /**
     * Puts {@code item} if there is room that nobody is sure of.
     *
     * <p><b>Failure.</b> {@link ClosedException}: there never will be.
     *
     * @return false when it is full
     */
    public boolean tryPut(T item) {
        checkNotNull(item);
        return stock.tryPut(item);
    }

    private void checkNotNull(@Nullable T item) {
        if (item == null) {
            throw new NullPointerException("queue '" + name + "' takes no null");
        }
    }

    // ---- taking

    /**
     * Takes the next item, waiting for one if need be; when there is one, the future is complete when it is returned.
     * asyncio's {@code get}.
     */
    public Future<T> take() {
        Future<T> item = Waiter.pollOrAwait(takeText, tryTake, takeOrWait);
        return item.isComplete() ? item : item.map(mine -> stock.takePromised());
    }

    /**
     * Takes the next item if there is one that nobody is sure of.
     *
     * <p><b>Failure.</b> {@link ClosedException}: there never will be.
     *
     * @return empty when there is none
     */
    public Optional<T> tryTake() {
        return Optional.ofNullable(stock.tryTake());
    }

    // ---- working on items

    /**
     * Takes items and runs {@code step} for each, one after the other, until the queue is shut down and empty.
     * {@link #taskDone} is called for each when its step has ended, however it ended.
     *
     * <p><b>Failure.</b> That of the step which failed; no more items are taken then.
     */
    public Future<Void> forEach(Function<? super T, ? extends Future<?>> step) {
        return Tasks.loopWhile(() -> {
            Future<T> taken = take();
            return taken.succeeded()
                    ? workOn(taken.result(), step)
                    : taken.transform(end -> end.succeeded()
                            ? workOn(end.result(), step)
                            : end.cause() instanceof ClosedException
                                    ? Future.succeededFuture(false)
                                    : Future.failedFuture(end.cause()));
        });
    }

    private Future<Boolean> workOn(T item, Function<? super T, ? extends Future<?>> step) {
        Future<Object> worked = work(item, step);
        return worked.succeeded() ? AGAIN : worked.map(true);
    }

    /** Takes one item and runs {@code body} with it; {@link #taskDone} is called when that has ended, however. */
    public <R> Future<R> withItem(Function<? super T, Future<R>> body) {
        return take().compose(item -> work(item, body));
    }

    @SuppressWarnings("unchecked") // a future only gives
    private <R> Future<R> work(T item, Function<? super T, ? extends Future<? extends R>> body) {
        Future<R> worked;
        try {
            worked = (Future<R>) Objects.requireNonNull(body.apply(item), "the body returned no future");
        } catch (Throwable thrown) {
            worked = Future.failedFuture(thrown);
        }
        if (worked.isComplete()) {
            stock.taskDone();
            return worked;
        }
        return worked.transform(end -> {
            stock.taskDone();
            return end.succeeded() ? Future.succeededFuture(end.result()) : Future.failedFuture(end.cause());
        });
    }

    /**
     * Says that one item which was taken has been worked on.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} when there are no more such items.
     */
    public void taskDone() {
        stock.taskDone();
    }

    /** Waits until {@link #taskDone} has been called for every item that was put. */
    public Future<Void> join() {
        return Waiter.await("the work of queue '" + name + "'", stock::passOrJoin);
    }

    // ---- ending

    /** Nothing more is put: what waits to put fails; takes go on until the queue is empty, and fail then. */
    public void shutdown() {
        stock.shut();
    }

    /**
     * As {@link #shutdown}, and drops what is in the queue, which counts as done: takes fail at once, and {@link #join}
     * waits only for what has been taken. asyncio's {@code shutdown(immediate=True)}.
     *
     * <p><b>Failure.</b> What the hook of {@link #onUndelivered} throws, when all has been dropped.
     */
    public void shutdownNow() {
        List<T> dropped = stock.shutAndEmpty();
        Consumer<? super T> hook = undelivered;
        RuntimeException failed = null;
        for (int i = 0; hook != null && i < dropped.size(); i++) {
            try {
                hook.accept(dropped.get(i));
            } catch (RuntimeException thrown) {
                if (failed == null) {
                    failed = thrown;
                } else if (failed != thrown) {
                    failed.addSuppressed(thrown);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    // ---- how it is

    /** How many items can be taken now; those that somebody who waited is sure of don't count. */
    public int size() {
        return stock.size();
    }

    /** Whether a {@link #take} would have to wait now. */
    public boolean isEmpty() {
        return stock.isEmpty();
    }

    /** Whether a {@link #put} would have to wait now. */
    public boolean isFull() {
        return !stock.hasRoom();
    }

    /** How many items it takes; 0 or less: any number. */
    public int maxsize() {
        return maxsize;
    }

    /** For how many items {@link #taskDone} has not been called. */
    public long unfinished() {
        return stock.unfinished();
    }

    /** How many takes are queued. */
    public int waitingToTake() {
        return stock.waitingToTake();
    }

    /** How many puts are queued. */
    public int waitingToPut() {
        return stock.waitingToPut();
    }

    /** Whether {@link #shutdown} or {@link #shutdownNow} has been called. */
    public boolean isShutDown() {
        return stock.isShut();
    }

    @Override
    public String toString() {
        return stock.toString();
    }
}
