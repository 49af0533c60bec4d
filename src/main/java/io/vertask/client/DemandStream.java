package io.vertask.client;

import io.vertx.core.Handler;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A ReadStream that hands out its items only on demand, and tells its source when it has run dry.
 *
 * <p>Nothing is lost to a reader that comes late: items, the end and a failure wait for demand and for their handler.
 * The end and a failure come after the items before them, but for {@link #cut}, which drops those.
 *
 * <p><b>Threads.</b> The event loop of the scope whose body reads; handlers are called in that scope, never inside a
 * call of the reader's.
 */
final class DemandStream<T> implements ReadStream<T> {
    /** The number of items handed out in one go, after which the event loop does its other work. */
    private static final int AT_ONCE = 64;

    private final Queue<T> items = new ArrayDeque<>();
    private final Runnable dry;
    private @Nullable ContextInternal context;

    private @Nullable Handler<T> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private long demand = Long.MAX_VALUE;

    private boolean ended;
    private @Nullable Throwable failure;
    /** Whether the reader has been told of the end or of the failure. */
    private boolean told;

    private boolean scheduled;
    private boolean delivering;

    /** A stream that calls {@code dry} when the reader wants more than there is, perhaps again before more has come. */
    DemandStream(Runnable dry) {
        this.dry = dry;
    }

    // ---- the source's side

    /** Opens the stream for a reader whose code runs on {@code reader}. */
    void open(ContextInternal reader) {
        context = reader;
        schedule();
    }

    void offer(T item) {
        items.add(item);
        schedule();
    }

    void end() {
        ended = true;
        schedule();
    }

    /** Fails the stream after its items; only the first failure counts, and none after the end. */
    void fail(Throwable error) {
        if (failure == null && !ended) {
            failure = error;
            schedule();
        }
    }

    /** Fails at once, and drops the items that have not been handed out yet. */
    void cut(Throwable error) {
        items.clear();
        fail(error);
    }

    // ---- the reader's side

    @Override
    public ReadStream<T> handler(@Nullable Handler<T> to) {
        handler = to;
        schedule();
        return this;
    }

    @Override
    public ReadStream<T> endHandler(@Nullable Handler<Void> to) {
        endHandler = to;
        schedule();
        return this;
    }

    @Override
    public ReadStream<T> exceptionHandler(@Nullable Handler<Throwable> to) {
        exceptionHandler = to;
        schedule();
        return this;
    }

    @Override
    public ReadStream<T> pause() {
        demand = 0;
        return this;
    }

    @Override
    public ReadStream<T> resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public ReadStream<T> fetch(long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("fetch(" + amount + "): the amount must not be negative");
        }
        demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
        schedule();
        return this;
    }

    // ---- between them

    private void schedule() {
        if (context != null && !scheduled && !delivering && !told) {
            scheduled = true;
            context.runOnContext(this::deliver);
        }
    }

    private void deliver() {
        scheduled = false;
        delivering = true;
        boolean more = true;
        try {
            // a handler may have paused, or taken itself away
            for (int done = 0; more && done < AT_ONCE; done++) {
                more = !told && deliverOne();
            }
        } finally {
            delivering = false;
        }
        if (more && context != null) {
            scheduled = true;
            // by way of the timers: the loop serves its sockets before, however much a source has at hand
            ContextInternal reader = context;
            ScheduledFuture<?> unused =
                    reader.nettyEventLoop().schedule(() -> reader.emit(this::deliver), 0, TimeUnit.NANOSECONDS);
        }
    }

    private void deliver(Void turn) {
        deliver();
    }

    /** Delivers one item, the end or a failure; returns false when nothing can be delivered now. */
    private boolean deliverOne() {
        boolean wanted = demand > 0 && handler != null;
        if (!items.isEmpty()) {
            if (wanted) {
                demand -= demand == Long.MAX_VALUE ? 0 : 1;
                call(handler, items.remove());
            }
            return wanted;
        }
        if (failure != null || ended) {
            return failure != null ? tell(exceptionHandler, failure) : tell(endHandler, null);
        }
        if (wanted) {
            dry.run();
        }
        // a source that had it at hand has given it meanwhile
        return !items.isEmpty() || failure != null || ended;
    }

    private <E> boolean tell(@Nullable Handler<E> to, @Nullable E event) {
        told = to != null;
        call(to, event);
        return told;
    }

    private <E> void call(@Nullable Handler<E> to, @Nullable E event) {
        if (to == null) {
            return;
        }
        try {
            to.handle(event);
        } catch (Throwable thrown) {
            if (context != null) {
                context.reportException(thrown);
            }
        }
    }
}
