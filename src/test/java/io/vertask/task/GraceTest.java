package io.vertask.task;

import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The report of a cancelled group when its grace period has passed. */
@Timeout(60)
class GraceTest {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private final TaskGroup.Options options = TaskGroup.Options.named("pages").grace(GRACE);

    @Test
    void itsBodyIsNamedAndOfManyChildrenOnlySome() {
        VirtualRun<Object> run = VirtualRun.of(() -> TaskGroup.with(options, group -> {
            for (int i = 0; i < 30; i++) {
                group.start("child " + i, agesThen(() -> ms(8_000)));
            }
            // a cleanup is no task: it is a part of the body
            return Tasks.finallyDo(
                    () -> ms(1).onSuccess(v -> group.cancel(CancelReason.USER)).compose(v -> ages()), () -> ms(9_000));
        }));
        assertThat(run.unhandled()).singleElement().isInstanceOfSatisfying(StillRunningException.class, e -> {
            assertThat(e.tasks()).hasSize(16).startsWith("its body");
            assertThat(e.tasks().subList(1, 16)).allMatch(name -> name.startsWith("task 'main/child "));
        });
    }

    @Test
    void whoEndsAsTheGraceEndsIsNotReported() throws InterruptedException {
        List<Throwable> unhandled = new CopyOnWriteArrayList<>();
        Vertx vertx = Vertx.vertx().exceptionHandler(unhandled::add);
        HandTimers timers = HandTimers.installedIn(vertx, GRACE);
        Tasks.run(
                vertx,
                () -> TaskGroup.with(options, group -> {
                    group.start(Scripts::ages).future().onComplete(end -> timers.goOff());
                    return ms(1).onSuccess(v -> group.cancel(CancelReason.USER));
                }));
        assertThat(timers.isSet()).isTrue();
        RunTest.close(vertx);
        assertThat(unhandled).isEmpty();
    }

    @Test
    void withoutAnyoneLeftNothingIsSaid() {
        VirtualRun<Object> run = VirtualRun.of(() -> TaskGroup.with(options, group -> {
            group.cancel(CancelReason.USER);
            return ages();
        }));
        assertThat(run.unhandled()).isEmpty();
        assertThat(run.pendingTimers()).isZero();
    }
}
