package io.vertask.sync;

import static io.vertask.sync.AsyncSemaphoreTest.turns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AsyncBoundedSemaphoreTest {
    private final List<String> log = new ArrayList<>();

    @Test
    @Tag("semantics-97")
    void aReleaseTooManyIsAnErrorAndChangesNothing() {
        AsyncBoundedSemaphore semaphore = AsyncBoundedSemaphore.named("db", 2);
        assertThatIllegalStateException()
                .isThrownBy(semaphore::release)
                .withMessage(
                        "bounded semaphore 'db' was released more often than acquired: none of its 2 permits is taken");
        assertThat(semaphore.available()).isEqualTo(2);
        assertThat(semaphore.tryAcquire()).isTrue();
        semaphore.release();
        assertThatIllegalStateException().isThrownBy(semaphore::release);
        assertThat(semaphore.available()).isEqualTo(2);
        assertThat(semaphore).hasToString("bounded semaphore 'db': 2 free, 0 waiting, of 2");
    }

    @Test
    @Tag("semantics-97")
    void aPermitOnItsWayIsNobodysToRelease() {
        AsyncBoundedSemaphore semaphore = AsyncBoundedSemaphore.of(1);
        Tasks.run(() -> {
            assertThat(semaphore.acquire().succeeded()).isTrue();
            Task<Void> waiter = Tasks.start(() -> semaphore.acquire().onSuccess(v -> log.add("waiter")));
            return turns(2).compose(v -> {
                semaphore.release();
                assertThat(semaphore.isLocked()).isTrue();
                assertThatIllegalStateException().isThrownBy(semaphore::release);
                return waiter.future();
            });
        });
        assertThat(log).containsExactly("waiter");
        semaphore.release();
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @Test
    void withPermitNeverLetsMoreInThanTheBound() {
        AsyncBoundedSemaphore semaphore = AsyncBoundedSemaphore.of(2);
        int[] in = {0, 0};
        Tasks.run(() -> {
            List<Coroutine<Void>> users = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                users.add(() -> semaphore.withPermit(() -> {
                    in[1] = Math.max(in[1], ++in[0]);
                    return turns(3).onComplete(end -> in[0]--);
                }));
            }
            return Tasks.gather(users);
        });
        assertThat(in).containsExactly(0, 2);
        assertThat(semaphore.available()).isEqualTo(semaphore.bound());
        assertThat(semaphore.waiting()).isZero();
    }

    @Test
    void aCancelledWaiterLeavesThePermitToTheOthers() {
        AsyncBoundedSemaphore semaphore = AsyncBoundedSemaphore.of(1);
        Tasks.run(() -> {
            Task<Void> holder = Tasks.start(() -> semaphore.withPermit(() -> Tasks.sleep(Duration.ofHours(1))));
            Task<Void> waiter = Tasks.start(() -> semaphore.withPermit(() -> Tasks.sleep(Duration.ZERO)));
            return turns(2).compose(v -> waiter.cancelAndJoin()).compose(v -> holder.cancelAndJoin());
        });
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @Test
    void aNegativeBoundIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AsyncBoundedSemaphore.named("db", -1))
                .withMessage("bounded semaphore 'db' with -1 permits: it takes 0 or more");
        assertThat(Tasks.run(
                        () -> Future.succeededFuture(AsyncBoundedSemaphore.of(0).tryAcquire())))
                .isFalse();
    }
}
