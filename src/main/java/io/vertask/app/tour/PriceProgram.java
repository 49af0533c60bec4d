package io.vertask.app.tour;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;

/** {@code async def} and {@code await}: a method that returns a future, and a use of its value. */
final class PriceProgram extends Program {
    PriceProgram(Printer printer) {
        super(printer);
    }

    private Future<Double> fetchPrice(String symbol) {
        var prices = Map.of("AAPL", 182.5, "GOOG", 175.3, "MSFT", 415.1);
        return Tasks.sleep(Duration.ofMillis(100)) // simulate I/O
                .map(slept -> prices.getOrDefault(symbol, 0.0));
    }

    @Override
    Future<?> main() {
        return fetchPrice("AAPL").onSuccess(price -> print("AAPL: $" + price));
    }
}
