package io.vertask.app.job;

import java.nio.file.FileSystems;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** A source of items. */
public sealed interface Items {

    /** The number of items; empty when it is not known before the end. */
    default OptionalLong count() {
        return OptionalLong.empty();
    }

    /** Whether every item is a text, or a number that is only a text of digits. */
    default boolean isText() {
        return false;
    }

    /**
     * The items that stand in the job file. Each call of {@code iterator()} begins anew and holds one item at a time.
     */
    sealed interface Written extends Items, Iterable<@Nullable Object> {}

    /** The form of items in a text: each line is one, or each line is a JSON value. */
    enum Format {
        LINES,
        JSONL
    }

    /** The lines of a file. */
    record File(String path, Format format) implements Items {
        @Override
        public boolean isText() {
            return format == Format.LINES;
        }
    }

    /** The lines of standard input. */
    record Stdin(Format format) implements Items {
        @Override
        public boolean isText() {
            return format == Format.LINES;
        }
    }

    /** The files that match a pattern like {@code data/*.bin}, sorted. */
    record Glob(String pattern) implements Items {
        @Override
        public boolean isText() {
            return true;
        }

        /** Checks the pattern. <b>Failure.</b> {@link IllegalArgumentException} when it is none. */
        static Glob of(String pattern) {
            try {
                FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(e.getDescription(), e);
            }
            return new Glob(pattern);
        }
    }

    /** The rows of a query; {@code client} is the name of a database. */
    record Query(String sql, String client) implements Items {}

    /** A single item, null: a job without {@code each}. */
    record One() implements Written {
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
    record Listed(List<@Nullable Object> values) implements Written {
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
    record Range(long first, long last) implements Written {

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
            long count = last - first + 1; // not positive when it is too large for a long
            return count > 0 ? OptionalLong.of(count) : OptionalLong.empty();
        }
    }
}
