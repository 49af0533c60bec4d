package io.vertask.stream;

import io.vertask.task.Companion;
import io.vertask.task.Outcome;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.streams.ReadStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Vert.x read stream made from a stream: a companion of the current task pulls while there is demand and a handler.
 */
final class ToReadStream<T> implements ReadStream<T> {
    private final AsyncIterator<T> source;
    private final ContextInternal context = ContextInternal.current();
    private final Demand demand = new Demand(Demand.ALL, false);
    private volatile @Nullable Handler<T> handler;
    private volatile @Nullable Handler<Void> endHandler;
    private volatile @Nullable Handler<Throwable> exceptionHandler;

    ToReadStream(AsyncIterator<T> source) {
        this.source = source;
        Companion.start("read stream", this::give, this::ended);
    }

    private Future<Void> give() {
        return Tasks.finallyDo(
                () -> Tasks.loopWhile(
                        () -> demand.wanted().compose(go -> source.next()).compose(this::give)),
                source::close);
    }

    /** Gives an element to the handler; without demand or a handler, keeps it until there are both. */
    private Future<Boolean> give(Optional<T> element) {
        Handler<T> to = handler;
        if (element.isPresent() && (to == null || !demand.takeOne())) {
            return demand.wanted().compose(again -> give(element));
        }
        element.ifPresent(it -> emit(to, it));
        return Future.succeededFuture(element.isPresent());
    }

    private <V> void emit(@Nullable Handler<V> to, @Nullable V what) {
        if (to != null) {
            context.emit(what, to);
        }
    }

    private boolean ended(Outcome<Void> end) {
        Throwable error = end.errorOrNull();
        Handler<Throwable> told = exceptionHandler;
        if (error == null) {
            emit(endHandler, null);
        } else {
            emit(told, error);
        }
        return told != null;
    }

    @Override
    public ReadStream<T> handler(@Nullable Handler<T> to) {
        handler = to;
        demand.open(to != null);
        return this;
    }

    @Override
    public ReadStream<T> pause() {
        demand.none();
        return this;
    }

    @Override
    public ReadStream<T> resume() {
        return fetch(Demand.ALL);
    }

    @Override
    public ReadStream<T> fetch(long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("fetch " + amount + ": it takes 0 or more");
        }
        demand.add(amount);
        return this;
    }

    @Override
    public ReadStream<T> endHandler(@Nullable Handler<Void> to) {
        endHandler = to;
        return this;
    }

    @Override
    public ReadStream<T> exceptionHandler(@Nullable Handler<Throwable> to) {
        exceptionHandler = to;
        return this;
    }
}
