package io.vertask.app.demo;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** {@code GET /delay/{seconds}}: answers after that time, at most ten seconds, and echoes the query. */
final class DelayEndpoint {
    static final String PATH = "/delay/";

    private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
    private static final BigDecimal LONGEST = BigDecimal.TEN;

    private DelayEndpoint() {}

    static void serve(Exchange exchange, String seconds) {
        if (!DECIMAL.matcher(seconds).matches()) {
            exchange.answer(
                    400,
                    new JsonObject()
                            .put("message", "delay takes seconds, such as 0, 2 or 0.25; found '" + seconds + "'"));
            return;
        }
        BigDecimal delay = new BigDecimal(seconds).min(LONGEST);
        exchange.after(
                Duration.ofMillis(delay.movePointRight(3).longValue()),
                () -> exchange.answer(
                        200,
                        new JsonObject()
                                .put("args", args(exchange.request().params()))
                                .put("delay", delay.doubleValue())
                                .put("url", exchange.request().absoluteURI())));
    }

    /** A parameter given once is a string, one given several times is a list. */
    private static JsonObject args(MultiMap params) {
        JsonObject args = new JsonObject();
        for (String name : params.names()) {
            List<String> values = params.getAll(name);
            args.put(name, values.size() == 1 ? values.get(0) : new JsonArray(values));
        }
        return args;
    }
}
