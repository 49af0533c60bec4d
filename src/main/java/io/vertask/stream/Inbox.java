package io.vertask.stream;

import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the elements of one stream wait for the pull that takes them, and the pull for an element.
 *
 * <p>It has no limit of its own: whoever puts elements in is told when each has been taken, and keeps to a limit by
 * that.
 *
 * <p><b>Threads.</b> Any thread may put; one consumer at a time.
 */
final class Inbox<T> {
    /** An element, and whom to tell when it has been taken. */
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
    /** Handed to a pull whose turn is still to come. */
    private @Nullable Entry<T> onTheWay;

    private @Nullable Throwable failure;
    private Runnable failureMet = () -> {};
    private boolean over;
    private boolean closed;

    Inbox(String name) {
        this.name = name;
        this.waitText = "the next element of " + name;
    }

    /**
     * Takes the next element, waiting for it if need be; {@code asked} is called first, unless in a cancelled scope.
     */
    Future<Optional<T>> take(Runnable asked) {
        Future<Optional<T>> taken = Waiter.await(waitText, wait -> {
            asked.run();
            takeOrWait(wait);
        });
        // the first listener, so that it comes before any code which is waiting for the element
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
        // not waiting any more: its element is on the way, and comes back through putBack
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

    /** Puts an element in; after {@link #close} it is dropped. */
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

    /** Takes an element back that nobody has taken. */
    synchronized void remove(Entry<T> entry) {
        entries.remove(entry);
    }

    /**
     * No more elements come; a pull that meets the end after the last element gets {@code error} first, once.
     *
     * @param met called when somebody has got an error that nobody was waiting for
     * @return false when the error waits for a pull that is still to come
     */
    boolean end(@Nullable Throwable error, Runnable met) {
        Waiter<Optional<T>> waiting;
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            waiting = pull;
            pull = null;
            failure = waiting == null ? error : null;
            failureMet = met;
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

    /** The failure that no pull has met, once. */
    @Nullable
    Throwable takeFailure() {
        Throwable unmet;
        synchronized (this) {
            unmet = failure;
            failure = null;
        }
        if (unmet != null) {
            failureMet.run();
        }
        return unmet;
    }

    /** Drops what nobody has taken; a pull goes on waiting for {@link #end}. */
    synchronized void close() {
        closed = true;
        entries.clear();
    }
}
