package io.vertask.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VirtualLoopTest {
    @Test
    void valueGivesWhatTheProgramGivesOrThrowsTheVeryErrorItFailedWith() throws Exception {
        VirtualLoop loop = VirtualLoop.inOrder();
        assertThat(loop.<String>value(() -> Tasks.sleep(Duration.ofDays(1)).map("a day later")))
                .isEqualTo("a day later");
        for (Throwable error : new Throwable[] {new IOException("io"), new AssertionError("no")}) {
            assertThatThrownBy(() -> loop.value(() -> Future.failedFuture(error)))
                    .isSameAs(error);
        }
    }

    @Test
    void onlyASeededLoopHasASeed() {
        assertThat(VirtualLoop.inOrder().seed()).isEmpty();
        assertThat(VirtualLoop.seeded(7).seed()).hasValue(7);
    }

    @Test
    void anInterruptEndsARunInsteadOfHanging() {
        try {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> VirtualRun.of(() -> Tasks.sleep(Duration.ofDays(1))))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("interrupted while the program ran");
        } finally {
            assertThat(Thread.interrupted()).as("kept").isTrue();
        }
    }
}
