package io.vertask.task;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The loop behind {@link Retry}. */
final class Retrying<T> {
    private final Scope scope;
    private final Retry how;
    private final IntFunction<Coroutine<T>> attempt;
    private int number;
    private @Nullable T value;

    private Retrying(Scope scope, Retry how, IntFunction<Coroutine<T>> attempt) {
        this.scope = scope;
        this.how = how;
        this.attempt = attempt;
    }

    static <T> Future<T> run(Scope scope, Retry how, IntFunction<Coroutine<T>> attempt) {
        Retrying<T> retrying = new Retrying<>(scope, how, attempt);
        return Looping.whileTrue(scope, retrying::step).map(v -> retrying.value);
    }

    /** Whether there is to be another one. */
    private Future<Boolean> step() {
        number++;
        return new TimeoutBlock<T>(scope, null).open(attempt.apply(number)).transform(end -> {
            if (end.succeeded()) {
                value = end.result();
                return scope.context.succeededFuture(false);
            }
            try {
                return after(end.cause());
            } catch (RuntimeException | Error thrown) {
                // of a listener, say
                Secondary.add(thrown, end.cause(), scope.context);
                throw thrown;
            }
        });
    }

    private Future<Boolean> after(Throwable error) {
        Optional<Duration> pause = how.pauseAfter(number, error, scope);
        if (pause.isEmpty()) {
            return scope.context.failedFuture(error);
        }
        how.onFailure().accept(new Retry.Failed(number, error, pause.get()));
        return Tasks.sleep(pause.get()).map(true);
    }
}
