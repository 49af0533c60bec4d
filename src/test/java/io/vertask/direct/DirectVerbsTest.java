package io.vertask.direct;

import static io.vertask.direct.Direct.await;
import static io.vertask.direct.Runs.WHY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.Scripts;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Each verb in each of its forms: with and without a value, a name, a limit; on the event loop and in lines. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = WHY)
class DirectVerbsTest {
    private final List<String> log = new CopyOnWriteArrayList<>();

    private void line(String what) {
        Runs.sleep(1);
        log.add(what);
    }

    @Test
    void runWithoutAValueRuns() {
        Direct.run(() -> line("main"));
        assertThat(log).containsExactly("main");
    }

    @Test
    void startWithAndWithoutAValueOrAName() {
        Direct.run(() -> {
            Task<String> value = Direct.start(() -> "value");
            Task<Void> lines = Direct.start(() -> line("lines"));
            Task<Void> named =
                    Direct.start("named", () -> line(Thread.currentThread().getName()));
            assertThat(await(value)).isEqualTo("value");
            await(lines);
            await(named);
        });
        assertThat(log).containsExactlyInAnyOrder("lines", "named");
    }

    @Test
    void aGroupsChildrenAreStartedInLinesAndOnTheEventLoop() {
        assertThat(Direct.<String>run(() -> Direct.group("team", group -> {
                    Direct.start(group, "a", () -> line("a"));
                    return await(Direct.start(group, "b", () -> "b"));
                })))
                .isEqualTo("b");
        VirtualRun<String> run = VirtualRun.of(() -> TaskGroup.with(group -> {
            Direct.start(group, "c", () -> line("c"));
            return Direct.start(group, "d", () -> "d").future();
        }));
        assertThat(Scripts.resultOf(run)).isEqualTo("d");
        assertThat(log).containsExactly("a", "c");
    }

    @Test
    void aCleanupWithALimitOfItsOwnIsCutByIt() {
        VirtualRun<Void> run = VirtualRun.of(Direct.body(() -> {
            Direct.cleanup(Duration.ofMillis(50), () -> line("short"));
            Direct.cleanup(Duration.ofMillis(50), Runs::ages);
        }));
        assertThat(log).containsExactly("short");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(51));
        assertThat(run.unhandled()).hasSize(1);
    }

    @Test
    void anInterruptDoesNotEndAWaitAndIsStillThereAfterIt() {
        boolean[] flag = new boolean[2];
        Direct.run(() -> {
            Thread.currentThread().interrupt();
            line("waited");
            flag[0] = Thread.interrupted();
            line("waited again");
            flag[1] = Thread.interrupted();
        });
        assertThat(log).containsExactly("waited", "waited again");
        assertThat(flag).containsExactly(true, false);
    }

    @Test
    void anErrorOfTheMachineFailsTheBodyAndIsReportedToo() {
        for (Error error : List.of(new LinkageError("no such method"), new InternalError("broken"))) {
            VirtualRun<Void> run = VirtualRun.of(Direct.body(() -> {
                throw error;
            }));
            assertThat(run.outcome().errorOrNull()).isSameAs(error);
            assertThat(run.unhandled()).contains(error);
        }
    }

    @Test
    void aShortOrVeryLongTraceIsNotSpoilt() {
        StackTraceElement frame = new StackTraceElement("shop.Order", "pay", "Order.java", 7);
        IllegalStateException brief = new IllegalStateException("brief");
        brief.setStackTrace(new StackTraceElement[] {frame});
        assertThatThrownBy(() -> Direct.<Void>run(() -> await(Future.<Void>failedFuture(brief))))
                .isSameAs(brief);
        assertThat(brief.getStackTrace()[0]).isEqualTo(frame);
        assertThat(Arrays.toString(brief.getStackTrace())).contains("DirectVerbsTest");
        IllegalStateException deep = new IllegalStateException("deep");
        StackTraceElement[] many = new StackTraceElement[300];
        Arrays.fill(many, frame);
        deep.setStackTrace(many);
        assertThatThrownBy(() -> Direct.<Void>run(() -> await(Future.<Void>failedFuture(deep))))
                .isSameAs(deep);
        assertThat(deep.getStackTrace()).hasSize(300);
    }
}
