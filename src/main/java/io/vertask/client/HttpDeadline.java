package io.vertask.client;

import io.vertask.task.Tasks;
import io.vertx.core.http.HttpClientRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The request header that tells the server how much time the caller has left. */
final class HttpDeadline {
    private HttpDeadline() {}

    /** Puts the milliseconds left into {@code header}, unless it has a smaller value already. */
    static void put(HttpClientRequest request, @Nullable String header) {
        if (header == null) {
            return;
        }
        Duration left = Tasks.remaining().orElse(null);
        if (left == null) {
            return;
        }
        // some servers take a zero as «without limit»
        long ms = Math.max(1, left.toMillis());
        if (ms < already(request.headers().get(header))) {
            request.putHeader(header, Long.toString(ms));
        }
    }

    private static long already(@Nullable String value) {
        try {
            return value == null ? Long.MAX_VALUE : Long.parseLong(value);
        } catch (NumberFormatException notOurs) {
            // a value that is no number stays as it is
            return 0;
        }
    }
}
