package com.example;

import io.vertask.sync.AsyncSemaphore;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

public final class Quotes {
    static final AsyncSemaphore limit = AsyncSemaphore.of(2);

    static Future<String> fetch(String symbol) {
        return limit.withPermit(() -> Tasks.sleep(Duration.ofMillis(10)).map(symbol + " 1.0"));
    }

    static Future<List<String>> all() {
        return Tasks.timeout(Duration.ofSeconds(5), () -> Tasks.gather(() -> fetch("AAPL"), () -> fetch("GOOG"), () -> fetch("MSFT")));
    }

    public static void main(String[] args) {
        Tasks.run(Quotes::all).forEach(System.out::println);
    }
}
