package io.vertask.queue;

import io.vertask.task.ClosedException;
import io.vertask.task.Waiter;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of a queue: its items, the waiting tasks, and the promises made to them.
 *
 * <pre>
 *  a taker:  waits ──an item──▶ promised one ──its turn──▶ takes the next item
 *                                   └──cancelled──▶ the promise goes to the next taker
 *  a putter: waits ──a slot──▶ promised it ──its turn──▶ puts its item
 *                                  └──cancelled──▶ the promise goes to the next putter
 * </pre>
 *
 * <p>Promises are counted and not tied to certain items. An item stays in its place until its taker has its turn, so a
 * cancel before then leaves the order intact and nothing to put back.
 *
 * <p>Takers wait only while every item is promised, and putters only while every slot is; {@link #serve} restores this
 * after each change.
 *
 * <p><b>Threads.</b> Any. Waiters are resumed under the monitor: a waiter is either in a set here or has its promise.
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

    /** {@code owner}: the queue in messages, such as {@code queue 'orders'}. */
    QueueState(String owner, int maxsize, QueueStorage<T> items) {
        this.owner = owner;
        this.maxsize = maxsize;
        this.items = items;
    }

    // ---- putting

    synchronized void putOrWait(Waiter<Void> waiter, T item) {
        // another thread may have made room since the caller tried
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
            // when a comparator throws, the slot goes to the next putter
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
        // another thread may have put an item since the caller tried
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

    /** Null when every item is promised. */
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

    // ---- ending

    synchronized void shut() {
        shut = true;
        serve();
    }

    /** Shuts the queue and removes its items, which count as processed. */
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

    // ---- waiters

    /** Promises free items to takers and free slots to putters. */
    private void serve() {
        while (!isEmpty() && !takers.isEmpty()) {
            promisedItems++;
            removeFirst(takers).resume(null);
        }
        if (shut) {
            failAll(putters);
            // a promised item becomes free again when its taker is cancelled
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

    /** False when the waiter has a promise, which comes back as undelivered. */
    private synchronized <W> boolean leave(Set<W> waiters, W waiter) {
        return waiters.remove(waiter);
    }

    // ---- state

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
