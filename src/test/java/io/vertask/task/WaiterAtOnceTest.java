package io.vertask.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaiterAtOnceTest {
    @Test
    void aWaitThatNeedNotWaitIsOverWithoutATurn() {
        assertThat(Tasks.run(() -> {
                    Future<String> it = Waiter.await("nothing", w -> w.completeAtOnce("value"));
                    return Future.succeededFuture(it.isComplete() ? it.result() : "not yet");
                }))
                .isEqualTo("value");
    }

    @Test
    void onceBegunItWaitsItsTurn() {
        assertThat(Tasks.run(() -> {
                    List<Waiter<String>> begun = new ArrayList<>();
                    Future<String> it = Waiter.await("something", begun::add);
                    assertThatIllegalStateException()
                            .isThrownBy(() -> begun.get(0).completeAtOnce("now"))
                            .withMessageContaining("'something' has begun to wait");
                    begun.get(0).resume("later");
                    return it;
                }))
                .isEqualTo("later");
    }
}
