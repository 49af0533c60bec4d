package io.vertask.stream;

import static io.vertask.task.Scripts.ms;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.IntStream;

/** The small parts that the programs of these tests are put together from. */
final class Samples {
    private Samples() {}

    /** As many turns as that. */
    static Future<Void> turns(int turns) {
        return turns == 0 ? Future.succeededFuture() : ms(0).compose(v -> turns(turns - 1));
    }

    static List<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }

    static Future<Void> logged(List<String> log, String line) {
        log.add(line);
        return Future.succeededFuture();
    }

    /** Emits 1 to {@code last}, each after a wait, and logs its steps and its cleanup, which waits as well. */
    static AsyncGenerator<Integer> counting(int last, List<String> log) {
        return AsyncGenerator.named("counting", emitter -> {
            log.add("begin");
            return Tasks.finallyDo(
                    () -> Tasks.forEach(
                            upTo(last),
                            i -> ms(10).onSuccess(v -> log.add("make " + i)).compose(v -> emitter.emit(i))),
                    () -> ms(10).onSuccess(v -> log.add("cleanup")));
        });
    }
}
