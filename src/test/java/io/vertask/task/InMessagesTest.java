package io.vertask.task;

import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The messages for wrong use, and for failures that nobody has looked at. */
class InMessagesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final IllegalStateException bad = new IllegalStateException("bad");

    @Test
    void aResultThatIsNotThereSaysWhy() {
        assertThatThrownBy(() -> new Outcome.Failure<>(bad).orElseThrow())
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("no value: " + bad)
                .hasCause(bad);
        resultOf(VirtualRun.of(() -> {
            Task<Object> running = Tasks.start("slow", Scripts::<Object>ages);
            assertThatThrownBy(running::resultNow)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("task 'main/slow' is not over: it is QUEUED");
            return running.cancelAndJoin();
        }));
    }

    @Test
    void tasksOfAWorkerVerticleAreRefused() throws Exception {
        Vertx vertx = Vertx.vertx();
        Promise<Void> tried = Promise.promise();
        vertx.deployVerticle(
                new AbstractVerticle() {
                    @Override
                    public void start() {
                        try {
                            Tasks.start(() -> ms(1));
                            tried.complete();
                        } catch (IllegalStateException refused) {
                            tried.fail(refused);
                        }
                    }
                },
                new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER));
        assertThatThrownBy(() -> tried.future().await(15, TimeUnit.SECONDS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("tasks run on an event loop, and this context is a WORKER");
        RunTest.close(vertx);
    }

    @Test
    void whatCannotBeCountedIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Supervision(-1, MINUTE, Backoff.NONE, null))
                .withMessageStartingWith("Supervision: -1 restarts within PT1M can't be counted");
        assertThatIllegalArgumentException().isThrownBy(() -> new Supervision(1, MINUTE.negated(), Backoff.NONE, null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.doubling(MINUTE.negated(), MINUTE))
                .withMessageContaining("the first pause must be zero or more");
    }

    @Test
    void aLimitThatHasPassedBeforeItIsSetLetsNothingRun() {
        VirtualRun<Void> run = VirtualRun.of(() -> {
            for (Duration none : new Duration[] {Duration.ZERO, MINUTE.negated()}) {
                Future<Object> never = Tasks.waitFor(
                        () -> {
                            throw new AssertionError("it ran");
                        },
                        none);
                never.onComplete(end -> assertThat(end.cause()).isInstanceOf(TaskTimeoutException.class));
            }
            return ms(1);
        });
        assertThat(run.outcome().isSuccess()).as("%s", run.outcome()).isTrue();
        assertThat(run.unhandled()).isEmpty();
    }

    @Test
    void ofManyFailuresThatNobodyLooksAtTheOldestAreReportedWhileTheTaskGoesOn() {
        int[] reported = {0};
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Vertx.currentContext().exceptionHandler(error -> reported[0]++);
            for (int i = 0; i < 150; i++) {
                Tasks.start(failsAfter(1, new IllegalStateException("bad " + i)));
            }
            return ms(10).onSuccess(v -> assertThat(reported[0]).isEqualTo(50)).compose(v -> ages());
        });
        assertThat(run.outcome().isSuccess()).as("%s", run.outcome()).isTrue();
        assertThat(reported[0]).isEqualTo(150);
    }
}
