package io.vertask.stream;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.util.Optional;

/** A stream of the first elements of another, which it closes as soon as it has given them. */
final class TakeIterator<T> implements AsyncIterator<T> {
    private final AsyncIterator<T> source;
    private final long most;
    private long given;

    TakeIterator(AsyncIterator<T> source, long most) {
        this.source = source;
        this.most = most;
    }

    @Override
    public Future<Optional<T>> next() {
        if (given < most) {
            return source.next().onSuccess(element -> given += element.isPresent() ? 1 : 0);
        }
        return Tasks.finallyDo(() -> Future.succeededFuture(Optional.empty()), source::close);
    }

    @Override
    public Future<Void> close() {
        given = most;
        return source.close();
    }

    @Override
    public String toString() {
        return "the first " + most + " of " + source;
    }
}
