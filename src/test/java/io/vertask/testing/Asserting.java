package io.vertask.testing;

import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/** Assertions in the middle of a chain of futures, where {@code onSuccess} would lose their errors. */
public final class Asserting {
    private Asserting() {}

    /** For {@code compose}: passes the value on, or fails with what {@code assertions} throw. */
    public static <T> Function<T, Future<T>> asserting(Consumer<? super T> assertions) {
        return value -> {
            assertions.accept(value);
            return Future.succeededFuture(value);
        };
    }
}
