package io.vertask.app.tour;

import io.vertask.queue.AsyncQueue;
import io.vertask.task.Coroutine;
import io.vertask.task.TaskGroup;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** {@code Queue}: producers that wait while the queue is full, workers, and a shutdown that loses nothing. */
final class QueueProgram extends Program {
    private int mostQueued;

    QueueProgram(Printer printer) {
        super(printer);
    }

    private Future<Void> producer(AsyncQueue<String> queue, String name) {
        List<Integer> numbers = IntStream.rangeClosed(1, 6).boxed().toList();
        return Tasks.forEach(
                numbers,
                i -> queue.put(name + "-" + i).onSuccess(put -> mostQueued = Math.max(mostQueued, queue.size())));
    }

    private Future<Void> worker(AsyncQueue<String> queue, String name) {
        return queue.forEach(order -> Tasks.sleep(Duration.ofMillis(50)) // simulate I/O
                .onSuccess(slept -> print(name + ": " + order))); // task_done() comes by itself
    }

    @Override
    Future<?> main() {
        AsyncQueue<String> queue = AsyncQueue.of(4); // at most 4 waiting orders

        return TaskGroup.with(tg -> {
                    for (int i = 1; i <= 3; i++) {
                        String name = "worker-" + i;
                        tg.start(name, () -> worker(queue, name));
                    }
                    Coroutine<Void> shop = () -> producer(queue, "shop");
                    Coroutine<Void> web = () -> producer(queue, "web");
                    return Tasks.gather(shop, web)
                            .compose(produced -> queue.join()) // every order is done
                            .onComplete(joined -> queue.shutdown()); // the workers end
                })
                .onSuccess(ended -> print("Done, never more than " + mostQueued + " in the queue"));
    }
}
