package io.vertask.stream;

import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.util.function.Consumer;

/** A loop that moves elements from a source to a receiver while the receiver has room. */
final class Pump {
    private Pump() {}

    /** Pulls an element each time {@code room} completes, and gives it to {@code to}; closes the source at the end. */
    static <T> Future<Void> run(AsyncIterator<T> source, Coroutine<Void> room, Consumer<? super T> to) {
        return Tasks.finallyDo(
                () -> Tasks.loopWhile(
                        () -> room.call().compose(go -> source.next()).map(element -> {
                            element.ifPresent(to);
                            return element.isPresent();
                        })),
                source::close);
    }
}
