package io.vertask.sync;

import static io.vertask.sync.AsyncSemaphoreTest.turns;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What these things are called, and what they say of themselves to people who look. */
class InMessagesTest {
    @Test
    void eachHasTheNameThatItWasGivenOrThatOfItsKind() {
        assertThat(List.of(
                        AsyncSemaphore.named("db", 1).name(),
                        AsyncLock.named("ledger").name(),
                        AsyncEvent.named("ready").name(),
                        AsyncBarrier.named("start", 2).name(),
                        CapacityLimiter.named("api", 1).name()))
                .containsExactly("db", "ledger", "ready", "start", "api");
        assertThat(List.of(
                        AsyncSemaphore.of(1).name(),
                        AsyncBoundedSemaphore.of(1).name(),
                        AsyncLock.create().name(),
                        AsyncEvent.create().name(),
                        AsyncBarrier.of(2).name(),
                        CapacityLimiter.of(1).name()))
                .containsExactly("semaphore", "semaphore", "lock", "event", "barrier", "limiter");
        assertThat(AsyncBarrier.of(2).parties()).isEqualTo(2);
    }

    @Test
    void eachSaysHowItIs() {
        AsyncSemaphore semaphore = AsyncSemaphore.named("db", 2);
        assertThat(semaphore.tryAcquire()).isTrue();
        assertThat(semaphore).hasToString("semaphore 'db': 1 free, 0 waiting");
        AsyncEvent event = AsyncEvent.named("ready");
        event.set();
        assertThat(event).hasToString("event 'ready': set");
        RateLimiter rate = RateLimiter.named("api", 10, Duration.ofSeconds(1), 5);
        assertThat(rate).hasToString("rate limiter 'api': 10 in PT1S, 5 at once, 0 waiting");
    }

    @Test
    void aLockSaysWhoHoldsItAndWhetherItIsOnItsWay() {
        AsyncLock lock = AsyncLock.named("ledger");
        assertThat(lock).hasToString("lock 'ledger': free, 0 waiting");
        Tasks.run(() -> {
            assertThat(lock.tryAcquire()).isTrue();
            Tasks.start("next", () -> lock.withLock(() -> turns(1)));
            return turns(2).compose(v -> {
                assertThat(lock).hasToString("lock 'ledger': held by task 'main', 1 waiting");
                lock.release();
                assertThat(lock).hasToString("lock 'ledger': being handed over, 0 waiting");
                return Future.succeededFuture();
            });
        });
        assertThat(lock).hasToString("lock 'ledger': free, 0 waiting");
    }
}
