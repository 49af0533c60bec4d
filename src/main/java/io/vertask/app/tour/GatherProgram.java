package io.vertask.app.tour;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** {@code gather}: tasks that run in parallel and give their values in order. */
final class GatherProgram extends Program {
    private record Quote(String symbol, double price) {}

    GatherProgram(Printer printer) {
        super(printer);
    }

    private Future<Quote> fetch(String symbol, Duration delay) {
        var prices = Map.of("AAPL", 182.5, "GOOG", 175.3, "MSFT", 415.1, "TSLA", 245.0);
        return Tasks.sleep(delay).map(slept -> new Quote(symbol, prices.getOrDefault(symbol, 0.0)));
    }

    @Override
    Future<?> main() {
        long start = System.nanoTime();

        // All four fetches run concurrently - total time is max(delays), not sum
        return Tasks.gather(
                        () -> fetch("AAPL", Duration.ofMillis(300)),
                        () -> fetch("GOOG", Duration.ofMillis(100)),
                        () -> fetch("MSFT", Duration.ofMillis(200)),
                        () -> fetch("TSLA", Duration.ofMillis(150)))
                .onSuccess(results -> {
                    double elapsed = (System.nanoTime() - start) / 1e9;
                    for (Quote quote : results) {
                        print(quote.symbol() + ": $" + quote.price());
                    }
                    print(String.format(Locale.ROOT, "Done in %.2fs", elapsed)); // ~0.3s, not ~0.75s
                });
    }
}
