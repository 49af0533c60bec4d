package io.vertask.app.tour;

import io.vertask.stream.AsyncGenerator;
import io.vertask.stream.AsyncIterator;
import io.vertask.stream.Streams;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** {@code async for}: an async generator yields values lazily, one at a time, from an async source. */
final class GeneratorProgram extends Program {
    GeneratorProgram(Printer printer) {
        super(printer);
    }

    private AsyncIterator<List<JsonObject>> paginateApi(String endpoint, int pages) {
        return AsyncGenerator.named(
                endpoint,
                emitter -> Tasks.forEach(
                        IntStream.rangeClosed(1, pages).boxed().toList(),
                        page -> Tasks.sleep(Duration.ofMillis(50)) // simulate network call
                                .compose(slept -> emitter.emit(items(page)))));
    }

    private static List<JsonObject> items(int page) {
        return IntStream.range(0, 5)
                .mapToObj(i -> new JsonObject().put("page", page).put("item", i))
                .toList();
    }

    @Override
    Future<?> main() {
        AtomicInteger total = new AtomicInteger();
        return Streams.forEach(paginateApi("/items", 4), batch -> {
            total.addAndGet(batch.size());
            print("Received " + batch.size() + " items, total so far: " + total);
            return Future.succeededFuture();
        });
    }
}
