package io.vertask.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The items of a queue, in the order in which they leave it. */
interface QueueStorage<T> {
    void add(T item);

    /** Removes the next item to leave; null when there is none. */
    @Nullable
    T poll();

    int size();

    /** Removes all items, in the order in which they leave. */
    default List<T> drain() {
        List<T> all = new ArrayList<>(size());
        for (T item = poll(); item != null; item = poll()) {
            all.add(item);
        }
        return all;
    }

    /** First in, first out, or last in, first out. */
    final class InsertionOrder<T> implements QueueStorage<T> {
        private final ArrayDeque<T> items = new ArrayDeque<>();
        private final boolean lastInFirstOut;

        InsertionOrder(boolean lastInFirstOut) {
            this.lastInFirstOut = lastInFirstOut;
        }

        @Override
        public void add(T item) {
            items.addLast(item);
        }

        @Override
        public @Nullable T poll() {
            return lastInFirstOut ? items.pollLast() : items.pollFirst();
        }

        @Override
        public int size() {
            return items.size();
        }
    }

    /** The least item first; equal items in arrival order. */
    final class PriorityOrder<T> implements QueueStorage<T> {
        private record Entry<T>(T item, long number) {}

        private final PriorityQueue<Entry<T>> items;
        private long count;

        PriorityOrder(Comparator<? super T> order) {
            Comparator<Entry<T>> byItem = (a, b) -> order.compare(a.item, b.item);
            this.items = new PriorityQueue<>(byItem.thenComparingLong(Entry::number));
        }

        @Override
        public void add(T item) {
            items.add(new Entry<>(item, count++));
        }

        @Override
        public @Nullable T poll() {
            Entry<T> least = items.poll();
            return least == null ? null : least.item;
        }

        @Override
        public int size() {
            return items.size();
        }
    }
}
