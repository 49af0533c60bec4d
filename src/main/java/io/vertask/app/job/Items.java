package io.vertask.app.job;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Where items come from. Each call of {@code iterator()} begins anew and holds one item at a time. */
public sealed interface Items extends Iterable<@Nullable Object> {

    /** How many there are; empty when that is not known before the end. */
    OptionalLong count();

    /** A single item, null: a job without {@code each}. */
    record One() implements Items {
        @Override
        public Iterator<@Nullable Object> iterator() {
            return Collections.<@Nullable Object>singletonList(null).iterator();
        }

        @Override
        public OptionalLong count() {
            return OptionalLong.of(1);
        }
    }

    /** The items of a list: text, numbers, booleans, null, maps. */
    record Listed(List<@Nullable Object> values) implements Items {
        @Override
        public Iterator<@Nullable Object> iterator() {
            return values.iterator();
        }

        @Override
        public OptionalLong count() {
            return OptionalLong.of(values.size());
        }
    }

    /** The whole numbers from {@code first} to {@code last}, both included. */
    record Range(long first, long last) implements Items {

        public Range {
            if (first > last) {
                throw new IllegalArgumentException("first " + first + " is after last " + last);
            }
        }

        @Override
        public Iterator<@Nullable Object> iterator() {
            return new Iterator<>() {
                private long next = first;
                private boolean done;

                @Override
                public boolean hasNext() {
                    return !done;
                }

                @Override
                public @Nullable Object next() {
                    if (done) {
                        throw new NoSuchElementException();
                    }
                    done = next == last;
                    return next++;
                }
            };
        }

        @Override
        public OptionalLong count() {
            long count = last - first + 1; // not positive: more than a long can say
            return count > 0 ? OptionalLong.of(count) : OptionalLong.empty();
        }
    }
}
