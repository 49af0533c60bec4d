package io.vertask.trace;

import static io.vertask.trace.Watched.ages;
import static io.vertask.trace.Watched.ms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertask.task.Gather;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The words in which what runs is shown. */
class InMessagesTest {
    @Test
    void aTimeIsAsExactAsItIsOfUse() {
        assertThat(DisplayText.of(Duration.ofMillis(412))).isEqualTo("412ms");
        assertThat(DisplayText.of(Duration.ofMillis(2_399))).isEqualTo("2.3s");
        assertThat(DisplayText.of(Duration.ofMillis(599_999))).isEqualTo("599.9s");
        assertThat(DisplayText.of(Duration.ofMinutes(10))).isEqualTo("10m 0s");
        assertThat(DisplayText.of(Duration.ofSeconds(4_503))).isEqualTo("75m 3s");
    }

    @Test
    void aLineOfCodeIsShownAlsoWhenItHasNoNumberOrNoFile() {
        StackTraceElement compiled = new StackTraceElement("shop.Order$$Lambda", "run", null, -1);
        StackTraceElement bare = new StackTraceElement("shop.Order", "pay", "Order.java", -1);
        assertThat(Site.in(List.of(compiled, bare))).isEqualTo("Order.pay (Order.java)");
        assertThat(Site.in(List.of())).isNull();
    }

    @Test
    void aLimitThatNothingReachesIsFine() throws Exception {
        Vertx vertx = Vertx.vertx();
        assertThat(Tracing.of(vertx)
                        .slowAfter(Duration.ofSeconds(Long.MAX_VALUE))
                        .slowNanos())
                .isEqualTo(Long.MAX_VALUE);
        vertx.close().await(15, TimeUnit.SECONDS);
    }

    @Test
    void aLimitOfNoTimeOrLessIsRefused() throws Exception {
        Vertx vertx = Vertx.vertx();
        for (Duration limit : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tracing.of(vertx).slowAfter(limit))
                    .withMessage("Tracing.slowAfter: the limit is " + limit + ", and must be more than zero");
        }
        vertx.close().await(15, TimeUnit.SECONDS);
    }

    @Test
    void theTreeOfAVertxIsThatOfAllItsLoops() throws Exception {
        Vertx vertx = Vertx.vertx();
        Task<Object> task = Tasks.start(vertx, "abroad", Watched::<Object>ages);
        TaskTree tree = Objects.requireNonNull(Watched.await(TaskTree.of(vertx)));
        assertThat(tree.pstree())
                .contains("abroad (#" + tree.survey().tasks().get(0).id() + ")");
        task.cancel();
        vertx.close().await(15, TimeUnit.SECONDS);
    }

    @Test
    void aLimitThatHasPassedALimitedGatherAndTheEndOfAGroupAreNamed() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            Task<Object> late = Tasks.start(
                    "late",
                    () -> Tasks.timeout(
                            Duration.ofMillis(50), () -> Tasks.finallyDo(Watched::<Object>ages, () -> ms(100))));
            Task<List<Object>> gather = Tasks.start(
                    "gather", () -> Gather.limit(2).all(List.of(Watched::<Object>ages, Watched::<Object>ages)));
            Task<Void> closer = Tasks.start("closer", () -> {
                TaskGroup group = TaskGroup.open("pollers");
                group.start("poller", () -> ages());
                return group.close();
            });
            return ms(60).compose(v -> {
                String tree = TaskTree.here().pstree();
                return late.cancelAndJoin()
                        .compose(end -> gather.cancelAndJoin())
                        .compose(end -> closer.cancelAndJoin())
                        .map(tree);
            });
        });
        assertThat(run.outcome().orElseThrow())
                .contains("timeout, limit passed")
                .contains("── gather")
                .contains("the end of group 'pollers'");
    }

    @Test
    void aListenerMayLeaveOutWhatItDoesNotWantToHear() {
        TaskListener deaf = new TaskListener() {};
        VirtualRun<Void> run =
                Watched.heardBy(deaf, () -> Tasks.start(() -> ms(1)).future());
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled()).isEmpty();
    }
}
