package io.vertask.stream;

import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A hand-off between the producer of a stream and its consumer: elements wait in it for a pull, or a pull for an
 * element.
 *
 * <p>It is unbounded: the producer is told when each element has been taken, and limits itself.
 *
 * <p><b>Threads.</b> Any thread may put; one consumer at a time.
 */
final class Inbox<T> {
    /** An element, with the callback for when it has been taken. */
    static final class Entry<T> {
        private final T value;
        private final Runnable taken;

        Entry(T value, Runnable taken) {
            this.value = value;
            this.taken = taken;
        }
    }

    private final String name;
    private final String waitText;

    // guarded by this
    private final ArrayDeque<Entry<T>> entries = new ArrayDeque<>(2);
    private @Nullable Waiter<Optional<T>> pull;
    /** The element handed to a pull that has not resumed yet. */
    private @Nullable Entry<T> onTheWay;

    private @Nullable Throwable failure;
    private Runnable failureReported = () -> {};
    private boolean over;
    private boolean closed;

    Inbox(String name) {
        this.name = name;
        this.waitText = "the next element of " + name;
    }

    /**
     * Takes the next element, waiting for it if necessary; {@code asked} is called first, unless in a cancelled scope.
     */
    Future<Optional<T>> take(Runnable asked) {
        Future<Optional<T>> taken = Waiter.await(waitText, wait -> {
            asked.run();
            takeOrWait(wait);
        });
        // the first listener, so that it runs before any code that waits for the element
        return taken.isComplete() ? taken : taken.onSuccess(element -> arrived());
    }

    private void takeOrWait(Waiter<Optional<T>> wait) {
        Entry<T> entry;
        synchronized (this) {
            if (pull != null || onTheWay != null) {
                throw new IllegalStateException(
                        "two pulls of " + name + " at once: the next one may begin when the last one has ended");
            }
            entry = entries.poll();
            if (entry == null && !over) {
                pull = wait;
                wait.onCancel(cause -> leave(wait)).onUndelivered(late -> putBack());
                return;
            }
        }
        if (entry != null) {
            wait.completeAtOnce(Optional.of(entry.value));
            entry.taken.run();
            return;
        }
        Throwable unmet = takeFailure();
        if (unmet == null) {
            wait.completeAtOnce(Optional.empty());
        } else {
            wait.fail(unmet);
        }
    }

    private synchronized boolean leave(Waiter<Optional<T>> wait) {
        // a pull that waits no more has an element on the way, which comes back through putBack
        boolean waiting = pull == wait;
        pull = waiting ? null : pull;
        return waiting;
    }

    private void arrived() {
        Entry<T> entry;
        synchronized (this) {
            entry = onTheWay;
            onTheWay = null;
        }
        if (entry != null) {
            entry.taken.run();
        }
    }

    private synchronized void putBack() {
        Entry<T> entry = onTheWay;
        onTheWay = null;
        if (entry != null && !closed) {
            entries.addFirst(entry);
        }
    }

    /** Adds an element; after {@link #close} it is dropped. */
    Entry<T> put(T value, Runnable taken) {
        Entry<T> entry = new Entry<>(value, taken);
        Waiter<Optional<T>> waiting;
        synchronized (this) {
            if (closed || over) {
                return entry;
            }
            waiting = pull;
            if (waiting == null) {
                entries.add(entry);
                return entry;
            }
            pull = null;
            onTheWay = entry;
        }
        waiting.resume(Optional.of(value));
        return entry;
    }

    /** Withdraws an element that has not been taken. */
    synchronized void remove(Entry<T> entry) {
        entries.remove(entry);
    }

    /**
     * Ends the stream: the pull after the last element gets {@code error}, once, and later ones get the end.
     *
     * @param reported called when a later pull or the close has reported {@code error}
     * @return false when no pull has reported {@code error} yet
     */
    boolean end(@Nullable Throwable error, Runnable reported) {
        Waiter<Optional<T>> waiting;
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            waiting = pull;
            pull = null;
            failure = waiting == null ? error : null;
            failureReported = reported;
        }
        if (waiting == null) {
            return error == null;
        }
        if (error == null) {
            waiting.resume(Optional.empty());
        } else {
            waiting.fail(error);
        }
        return true;
    }

    /** The failure that no pull has reported, once; null when there is none. */
    @Nullable
    Throwable takeFailure() {
        Throwable unmet;
        synchronized (this) {
            unmet = failure;
            failure = null;
        }
        if (unmet != null) {
            failureReported.run();
        }
        return unmet;
    }

    /** Drops the elements that have not been taken; a waiting pull goes on waiting for {@link #end}. */
    synchronized void close() {
        closed = true;
        entries.clear();
    }
}
