package io.vertask.queue;

import io.vertask.task.ClosedException;
import io.vertask.task.Waiter;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a queue holds, who waits for it, and who has been promised what.
 *
 * <pre>
 *  a taker:  waits ──an item──▶ promised one ──its turn──▶ takes the next item
 *                                   └──cancelled──▶ the promise goes to the next taker
 *  a putter: waits ──a slot──▶ promised it ──its turn──▶ puts its item
 *                                  └──cancelled──▶ the promise goes to the next putter
 * </pre>
 *
 * <p>A promise is a number, not a certain item: the item stays in its place until its taker has its turn, so whatever
 * happens until then, the order is kept and there is nothing to put back.
 *
 * <p>Takers wait only while every item is promised, and putters only while every slot is: {@link #serve} sees to it
 * after each change.
 *
 * <p><b>Threads.</b> Any. Those who wait are resumed under the monitor: either they are in here, or they have theirs.
 */
final class QueueState<T> {
    private final String owner;
    private final int maxsize;
    private final QueueStorage<T> items;
    private final Set<Waiter<T>> takers = new LinkedHashSet<>();
    private final Set<Waiter<Void>> putters = new LinkedHashSet<>();
    private final Set<Waiter<Void>> joiners = new LinkedHashSet<>();
    private int promisedItems;
    private int promisedSlots;
    private long unfinished;
    private boolean shut;

    /** {@code owner}: such as {@code queue 'orders'}. */
    QueueState(String owner, int maxsize, QueueStorage<T> items) {
        this.owner = owner;
        this.maxsize = maxsize;
        this.items = items;
    }

    // ---- putting

    synchronized void putOrWait(Waiter<Void> waiter, T item) {
        // another thread may have made room since it was tried
        if (tryPut(item)) {
            waiter.completeAtOnce(null);
        } else {
            waiter.onCancel(cause -> leave(putters, waiter)).onUndelivered(slot -> slotBack());
            putters.add(waiter);
        }
    }

    synchronized void putPromised(T item) {
        promisedSlots--;
        if (shut) {
            throw closed();
        }
        try {
            accept(item);
        } finally {
            // a comparator that throws leaves the slot to the next
            serve();
        }
    }

    private synchronized void slotBack() {
        promisedSlots--;
        serve();
    }

    synchronized boolean tryPut(T item) {
        if (shut) {
            throw closed();
        }
        if (maxsize > 0 && items.size() + promisedSlots >= maxsize) {
            return false;
        }
        accept(item);
        return true;
    }

    private void accept(T item) {
        items.add(item);
        unfinished++;
        if (!takers.isEmpty()) {
            serve();
        }
    }

    // ---- taking

    synchronized void takeOrWait(Waiter<T> waiter) {
        // another thread may have put one since it was tried
        T item = tryTake();
        if (item != null) {
            waiter.completeAtOnce(item);
        } else {
            waiter.onCancel(cause -> leave(takers, waiter)).onUndelivered(mine -> itemBack());
            takers.add(waiter);
        }
    }

    synchronized T takePromised() {
        promisedItems--;
        T item = next();
        if (item == null) {
            throw closed();
        }
        return item;
    }

    private synchronized void itemBack() {
        promisedItems--;
        serve();
    }

    /** Null when there is none that nobody was promised. */
    synchronized @Nullable T tryTake() {
        if (items.size() > promisedItems) {
            return next();
        }
        if (isOver()) {
            throw closed();
        }
        return null;
    }

    private @Nullable T next() {
        T item = items.poll();
        if (shut || !putters.isEmpty()) {
            serve();
        }
        return item;
    }

    // ---- work

    synchronized void taskDone() {
        if (unfinished == 0) {
            throw new IllegalStateException(owner + ": taskDone was called more often than there were items");
        }
        finished(1);
    }

    private void finished(int some) {
        unfinished = Math.max(0, unfinished - some);
        if (unfinished == 0 && !joiners.isEmpty()) {
            joiners.forEach(joiner -> joiner.resume(null));
            joiners.clear();
        }
    }

    synchronized void passOrJoin(Waiter<Void> waiter) {
        if (unfinished == 0) {
            waiter.completeAtOnce(null);
        } else {
            joiners.add(waiter.onCancel(cause -> leave(joiners, waiter)));
        }
    }

    // ---- the end

    synchronized void shut() {
        shut = true;
        serve();
    }

    /** What it held, which counts as done. */
    synchronized List<T> shutAndEmpty() {
        shut = true;
        List<T> dropped = items.drain();
        serve();
        finished(dropped.size());
        return dropped;
    }

    private ClosedException closed() {
        return new ClosedException(owner + " is shut down");
    }

    // ---- those who wait

    /** Gives promises to those for whom there is something. */
    private void serve() {
        while (!isEmpty() && !takers.isEmpty()) {
            promisedItems++;
            removeFirst(takers).resume(null);
        }
        if (shut) {
            failAll(putters);
            // while an item is promised it may still come free
            if (items.size() == 0) {
                failAll(takers);
            }
        } else {
            while (hasRoom() && !putters.isEmpty()) {
                promisedSlots++;
                removeFirst(putters).resume(null);
            }
        }
    }

    private void failAll(Set<? extends Waiter<?>> waiters) {
        waiters.forEach(waiter -> waiter.fail(closed()));
        waiters.clear();
    }

    private static <W> W removeFirst(Set<W> waiters) {
        Iterator<W> longest = waiters.iterator();
        W first = longest.next();
        longest.remove();
        return first;
    }

    /** False: it has been promised something, which comes back as undelivered. */
    private synchronized <W> boolean leave(Set<W> waiters, W waiter) {
        return waiters.remove(waiter);
    }

    // ---- how it is

    synchronized int size() {
        return Math.max(0, items.size() - promisedItems);
    }

    synchronized boolean isEmpty() {
        return items.size() <= promisedItems;
    }

    synchronized boolean hasRoom() {
        return maxsize <= 0 || items.size() + promisedSlots < maxsize;
    }

    private boolean isOver() {
        return shut && items.size() == 0;
    }

    synchronized long unfinished() {
        return unfinished;
    }

    synchronized int waitingToTake() {
        return takers.size();
    }

    synchronized int waitingToPut() {
        return putters.size();
    }

    synchronized boolean isShut() {
        return shut;
    }

    @Override
    public synchronized String toString() {
        return owner + ": " + size() + (maxsize > 0 ? " of " + maxsize : "") + " items, " + takers.size()
                + " waiting to take, " + putters.size() + " waiting to put" + (shut ? ", shut down" : "");
    }
}
