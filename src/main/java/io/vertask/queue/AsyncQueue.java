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
 * A queue between tasks: {@link #put} waits while it is full, and {@link #take} while it is empty. asyncio's
 * {@code Queue}, {@code LifoQueue} and {@code PriorityQueue}.
 *
 * <p>{@code queue.forEach(item -> work(item))} is a worker: it takes items until {@link #shutdown}. {@link #join} waits
 * until every item that was put has been processed.
 *
 * <p>Waiters are served in arrival order. An item that is put while a task waits for one is promised to that task:
 * {@link #tryTake} by another task finds nothing. A slot that becomes free while a task waits to put is promised in the
 * same way.
 *
 * <p><b>Failure.</b> {@link ClosedException} once it is shut down; {@link IllegalStateException} outside any task.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #take} has taken nothing, so {@code Tasks.timeout(limit, queue::take)}
 * never loses an item; a cancelled {@link #put} has put nothing. A promise made to either passes to the next waiter.
 *
 * <p><b>Threads.</b> Waiting methods are for tasks, on any event loop; any thread may call the rest. A waiter resumes
 * on the context it called from.
 *
 * @param <T> the type of the items, which are never null
 */
public final class AsyncQueue<T> {
    private static final Future<Boolean> AGAIN = Future.succeededFuture(true);

    private final String name;
    private final int maxsize;
    private final String takeText;
    private final String putText;
    private final QueueState<T> state;
    private final Supplier<@Nullable T> tryTake;
    private final Consumer<Waiter<T>> takeOrWait;
    private volatile @Nullable Consumer<? super T> undelivered;

    private AsyncQueue(String name, int maxsize, QueueStorage<T> items) {
        this.name = name;
        this.maxsize = maxsize;
        this.takeText = "an item of queue '" + name + "'";
        this.putText = "room in queue '" + name + "'";
        this.state = new QueueState<>("queue '" + name + "'", maxsize, items);
        this.tryTake = state::tryTake;
        this.takeOrWait = state::takeOrWait;
    }

    // ---- making one

    /** A first-in, first-out queue of at most {@code maxsize} items; unbounded when that is 0 or less. */
    public static <T> AsyncQueue<T> of(int maxsize) {
        return named("queue", maxsize);
    }

    /** {@link #of} with a name, shown in messages and in the task tree. */
    public static <T> AsyncQueue<T> named(String name, int maxsize) {
        Objects.requireNonNull(name, "AsyncQueue.named: name is null");
        return new AsyncQueue<>(name, maxsize, new QueueStorage.InsertionOrder<>(false));
    }

    /** A last-in, first-out queue. */
    public static <T> AsyncQueue<T> lifo(String name, int maxsize) {
        Objects.requireNonNull(name, "AsyncQueue.lifo: name is null");
        return new AsyncQueue<>(name, maxsize, new QueueStorage.InsertionOrder<>(true));
    }

    /** A queue that gives the least item by {@code order} first, and equal items in arrival order. */
    public static <T> AsyncQueue<T> priority(String name, int maxsize, Comparator<? super T> order) {
        Objects.requireNonNull(name, "AsyncQueue.priority: name is null");
        Objects.requireNonNull(order, "AsyncQueue.priority: order is null");
        return new AsyncQueue<>(name, maxsize, new QueueStorage.PriorityOrder<>(order));
    }

    /**
     * Sets the hook that gets each item no task will take, exactly once, so that it can be closed: an item that
     * {@link #shutdownNow} drops, or whose {@link #put} fails for any reason. An item that {@link #tryPut} refuses
     * stays the caller's. Set it before the queue is used.
     */
    public AsyncQueue<T> onUndelivered(Consumer<? super T> hook) {
        Objects.requireNonNull(hook, "AsyncQueue.onUndelivered: hook is null");
        undelivered = hook;
        return this;
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    // ---- putting

    /**
     * Puts {@code item}, waiting for room if necessary; when there is room, the returned future is already complete.
     */
    public Future<Void> put(T item) {
        checkNotNull(item);
        Future<Void> room =
                Waiter.tryOrAwait(putText, () -> state.tryPut(item), waiter -> state.putOrWait(waiter, item));
        Future<Void> put = room.isComplete()
                ? room
                : room.map(mine -> {
                    state.putPromised(item);
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
     * Puts {@code item} if there is a slot that is not promised.
     *
     * <p><b>Failure.</b> {@link ClosedException} when the queue is shut down.
     *
     * @return false when it is full
     */
    public boolean tryPut(T item) {
        checkNotNull(item);
        return state.tryPut(item);
    }

    private void checkNotNull(@Nullable T item) {
        if (item == null) {
            throw new NullPointerException("queue '" + name + "' takes no null");
        }
    }

    // ---- taking

    /**
     * Takes the next item, waiting for one if necessary; when there is one, the returned future is already complete.
     * asyncio's {@code get}.
     */
    public Future<T> take() {
        Future<T> item = Waiter.pollOrAwait(takeText, tryTake, takeOrWait);
        return item.isComplete() ? item : item.map(mine -> state.takePromised());
    }

    /**
     * Takes the next item if there is one that is not promised.
     *
     * <p><b>Failure.</b> {@link ClosedException} when the queue is shut down and empty.
     *
     * @return empty when there is none
     */
    public Optional<T> tryTake() {
        return Optional.ofNullable(state.tryTake());
    }

    // ---- processing items

    /**
     * Takes items and runs {@code step} for each, one after the other, until the queue is shut down and empty.
     * {@link #taskDone} is called for each when its step has ended, however it ends.
     *
     * <p><b>Failure.</b> The failure of a step; no more items are taken then.
     */
    public Future<Void> forEach(Function<? super T, ? extends Future<?>> step) {
        Objects.requireNonNull(step, "AsyncQueue.forEach: step is null");
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

    /**
     * Takes one item and runs {@code body} with it; {@link #taskDone} is called when the body has ended, however it
     * ends.
     */
    public <R> Future<R> withItem(Function<? super T, Future<R>> body) {
        Objects.requireNonNull(body, "AsyncQueue.withItem: body is null");
        return take().compose(item -> work(item, body));
    }

    @SuppressWarnings("unchecked") // a future is only read, so it is covariant
    private <R> Future<R> work(T item, Function<? super T, ? extends Future<? extends R>> body) {
        Future<R> worked =
                Tasks.call(() -> (Future<R>) Objects.requireNonNull(body.apply(item), "the body returned no future"));
        if (worked.isComplete()) {
            state.taskDone();
            return worked;
        }
        return worked.transform(end -> {
            state.taskDone();
            return end.succeeded() ? Future.succeededFuture(end.result()) : Future.failedFuture(end.cause());
        });
    }

    /**
     * Marks one taken item as processed.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} when it is called more often than items were put.
     */
    public void taskDone() {
        state.taskDone();
    }

    /** Waits until {@link #taskDone} has been called for every item that was put. asyncio's {@code join}. */
    public Future<Void> join() {
        return Waiter.await("the work of queue '" + name + "'", state::passOrJoin);
    }

    // ---- ending

    /** Shuts the queue down: current and later puts fail; takes succeed until the queue is empty, then fail. */
    public void shutdown() {
        state.shut();
    }

    /**
     * Shuts the queue down and drops its items, which count as processed: takes fail at once, and {@link #join} waits
     * only for items already taken. asyncio's {@code shutdown(immediate=True)}.
     *
     * <p><b>Failure.</b> The exception of the hook of {@link #onUndelivered}, after all items have been dropped.
     */
    public void shutdownNow() {
        List<T> dropped = state.shutAndEmpty();
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

    // ---- state

    /** The number of items that can be taken now; promised ones don't count. */
    public int size() {
        return state.size();
    }

    /** Whether a {@link #take} would have to wait now. */
    public boolean isEmpty() {
        return state.isEmpty();
    }

    /** Whether a {@link #put} would have to wait now. */
    public boolean isFull() {
        return !state.hasRoom();
    }

    /** The capacity; 0 or less means unbounded. */
    public int maxsize() {
        return maxsize;
    }

    /** The number of items for which {@link #taskDone} has not been called. */
    public long unfinished() {
        return state.unfinished();
    }

    /** The number of waiting takes. */
    public int waitingToTake() {
        return state.waitingToTake();
    }

    /** The number of waiting puts. */
    public int waitingToPut() {
        return state.waitingToPut();
    }

    /** Whether {@link #shutdown} or {@link #shutdownNow} has been called. */
    public boolean isShutDown() {
        return state.isShut();
    }

    @Override
    public String toString() {
        return state.toString();
    }
}
