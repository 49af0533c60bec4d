package io.vertask.stream;

import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.util.function.Consumer;

/** How a source is walked by whoever passes its elements on. */
final class Pump {
    private Pump() {}

    /** Pulls whenever {@code room} says that there is a use for one more, gives it to {@code to}; closes the source. */
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
