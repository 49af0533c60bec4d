package io.vertask.task;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The loop behind {@link Retry}. Each attempt is a block of its own. */
final class RetryLoop<T> {
    private final Scope scope;
    private final Retry how;
    private final IntFunction<Coroutine<T>> attempt;
    private int number;
    private @Nullable T value;

    private RetryLoop(Scope scope, Retry how, IntFunction<Coroutine<T>> attempt) {
        this.scope = scope;
        this.how = how;
        this.attempt = attempt;
    }

    static <T> Future<T> run(Scope scope, Retry how, IntFunction<Coroutine<T>> attempt) {
        RetryLoop<T> retrying = new RetryLoop<>(scope, how, attempt);
        return StepLoop.whileTrue(scope, retrying::step).map(v -> retrying.value);
    }

    /** Makes an attempt, and waits for the pause after it; gives whether there is another one. */
    private Future<Boolean> step() {
        number++;
        return new BodyBlock<T>(scope).open(attempt.apply(number)).transform(end -> {
            if (end.succeeded()) {
                value = end.result();
                return scope.context.succeededFuture(false);
            }
            try {
                return after(end.cause());
            } catch (RuntimeException | Error thrown) {
                // by a listener, say
                FailureRules.suppress(thrown, end.cause(), scope.context);
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
        return Sleep.in(scope, pause.get()).map(true);
    }
}
