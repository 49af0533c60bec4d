package io.vertask.app.tour;

import io.vertask.client.HttpCalls;
import io.vertask.client.Reached;
import io.vertask.resource.AsyncResource;
import io.vertask.resource.Resources;
import io.vertask.sync.AsyncSemaphore;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** {@code Semaphore}: many requests, at most five of them at a time. */
final class SemaphoreProgram extends Program {
    private final String baseUrl;

    SemaphoreProgram(Printer printer, String baseUrl) {
        super(printer);
        this.baseUrl = baseUrl;
    }

    private Future<Integer> fetchWithLimit(HttpCalls client, AsyncSemaphore sem, String url) {
        return sem.withPermit(() -> Tasks.timeout(
                Duration.ofSeconds(10), () -> client.web().getAbs(url).send().map(HttpResponse::statusCode)));
    }

    @Override
    Future<?> main() {
        List<String> urls = IntStream.range(0, 20) // 0.05 is about the way to httpbin.org and back
                .mapToObj(i -> baseUrl + "/delay/0.05?n=" + i)
                .toList();
        AsyncSemaphore sem = AsyncSemaphore.of(5); // at most 5 concurrent requests

        var httpClient = AsyncResource.of(
                () -> Future.succeededFuture(HttpCalls.create(vertx, HttpCalls.Options.of(20), new Reached())),
                HttpCalls::close);
        return Resources.using(httpClient, client -> Tasks.gather(urls, url -> fetchWithLimit(client, sem, url)))
                .onSuccess(this::print);
    }
}
