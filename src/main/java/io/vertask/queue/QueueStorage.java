package io.vertask.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is in a queue, in the order in which it leaves. */
interface QueueStorage<T> {
    void add(T item);

    /** The next to leave; null when there is none. */
    @Nullable
    T poll();

    int size();

    /** Takes all of them out, in their order. */
    default List<T> drain() {
        List<T> all = new ArrayList<>(size());
        for (T item = poll(); item != null; item = poll()) {
            all.add(item);
        }
        return all;
    }

    /** In the order in which they came, or the other way round. */
    final class Row<T> implements QueueStorage<T> {
        private final ArrayDeque<T> items = new ArrayDeque<>();
        private final boolean lastFirst;

        Row(boolean lastFirst) {
            this.lastFirst = lastFirst;
        }

        @Override
        public void add(T item) {
            items.addLast(item);
        }

        @Override
        public @Nullable T poll() {
            return lastFirst ? items.pollLast() : items.pollFirst();
        }

        @Override
        public int size() {
            return items.size();
        }
    }

    /** The least first; of equal ones, the first in. */
    final class Ranked<T> implements QueueStorage<T> {
        private record Entry<T>(T item, long number) {}

        private final PriorityQueue<Entry<T>> items;
        private long count;

        Ranked(Comparator<? super T> order) {
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
