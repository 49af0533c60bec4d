package io.vertask.sync;

import static io.vertask.sync.AsyncSemaphoreTest.turns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AsyncEventTest {
    private final AsyncEvent event = AsyncEvent.named("ready");
    private final List<String> log = new ArrayList<>();

    private Task<Void> waiter(String name) {
        return Tasks.start(name, () -> event.await().onSuccess(v -> log.add(name)));
    }

    @Test
    void setWakesAllInArrivalOrderAlsoWhenClearFollowsAtOnce() {
        Tasks.run(() -> {
            waiter("a");
            waiter("b");
            return turns(2).compose(v -> {
                assertThat(event).hasToString("event 'ready': not set, 2 waiting");
                event.set();
                event.clear();
                assertThat(log).isEmpty();
                waiter("late");
                return turns(4);
            });
        });
        assertThat(log).containsExactly("a", "b");
        assertThat(event.isSet()).isFalse();
        assertThat(event.waiting()).isZero();
    }

    @Test
    void whenItIsSetNobodyWaits() {
        event.set();
        assertThat(event.isSet()).isTrue();
        assertThat(Tasks.run(() -> Future.succeededFuture(event.await().succeeded())))
                .isTrue();
        event.clear();
        assertThat(Tasks.run(() -> Future.succeededFuture(event.await().isComplete())))
                .isFalse();
    }

    @Test
    void aCancelledWaitLeaves() {
        assertThatThrownBy(() -> Tasks.run(() -> Tasks.timeout(Duration.ofMillis(2), event::await)))
                .isInstanceOf(TaskTimeoutException.class);
        assertThat(event.waiting()).isZero();
        Tasks.run(() -> {
            Task<Void> cancelled = waiter("cancelled");
            waiter("other");
            return turns(2).compose(v -> {
                event.set();
                cancelled.cancel();
                return turns(3);
            });
        });
        assertThat(log).containsExactly("other");
    }

    @Test
    void aPlainThreadMaySetItAndOutsideATaskNobodyWaits() {
        assertThatIllegalStateException().isThrownBy(event::await);
        Tasks.run(() -> {
            new Thread(event::set, "setter").start();
            return event.await();
        });
        assertThat(event.isSet()).isTrue();
    }
}
