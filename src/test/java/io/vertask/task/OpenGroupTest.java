package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.doing;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Groups that are opened and closed by hand. */
class OpenGroupTest {
    private final IllegalStateException bad = new IllegalStateException("bad");

    @Test
    @Tag("semantics-64")
    void closeWaitsForTheChildrenAndCallsBackInTheCallersScope() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            TaskGroup group = TaskGroup.open("pages");
            group.start(() -> ms(10).onSuccess(v -> log.add("child")));
            Task<Void> closer = Tasks.start(
                    "closer",
                    () -> group.close().compose(v -> {
                        log.add("closed, in " + Task.current().orElseThrow().name());
                        assertThatThrownBy(() -> group.start(doing(() -> log.add("late"))))
                                .isInstanceOf(ClosedException.class);
                        return group.close();
                    }));
            return closer.future();
        }));
        assertThat(log).containsExactly("child", "closed, in closer");
    }

    @Test
    @Tag("semantics-64")
    void cancellingWhoeverClosesEndsItsWaitAndNotTheGroups() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            TaskGroup group = TaskGroup.open("pages");
            group.start(() -> ms(10).onSuccess(v -> log.add("child")));
            Task<Void> closer = Tasks.start("closer", () -> group.close());
            return ms(1).compose(v -> closer.cancelAndJoin())
                    .onSuccess(end -> log.add(end.getClass().getSimpleName()))
                    .compose(v -> group.close());
        }));
        assertThat(log).containsExactly("Cancelled", "child");
    }

    @Test
    @Tag("semantics-63")
    void aGroupLeftOpenEndsWithItsTask() {
        AtomicInteger cleaned = new AtomicInteger();
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.start(() -> {
                    TaskGroup.open("forgotten").start(agesThen(() -> ms(5).onSuccess(v -> cleaned.incrementAndGet())));
                    TaskGroup.open("empty");
                    return after(1, "value").call();
                })
                .future());
        assertThat(resultOf(run)).isEqualTo("value");
        assertThat(cleaned).hasValue(1);
    }

    @Test
    void cancellingItsTaskCancelsAnOpenGroup() {
        AtomicInteger cleaned = new AtomicInteger();
        cancelOf(VirtualRun.of(() -> {
            TaskGroup group = TaskGroup.open("pages");
            group.start(agesThen(() -> ms(5).onSuccess(v -> cleaned.incrementAndGet())));
            Task<?> me = Task.current().orElseThrow();
            Tasks.start(() -> ms(1).onSuccess(v -> me.cancel()));
            return ages();
        }));
        assertThat(cleaned).hasValue(1);
    }

    @Test
    @Tag("semantics-46")
    void aFailedChildEndsAnOpenGroupAndCloseTells() {
        VirtualRun<Void> run = VirtualRun.of(() -> {
            TaskGroup group = TaskGroup.open("pages");
            group.start(failsAfter(1, bad));
            Future<Void> closed = group.close();
            return closed;
        });
        assertThat(failureOf(run)).isInstanceOf(TaskGroupException.class).hasCause(bad);
    }

    @Test
    @Tag("semantics-6")
    void theFailureOfAnOpenGroupThatNobodyIsClosingIsReportedOnce() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            TaskGroup group = TaskGroup.open("pages");
            group.start(failsAfter(1, bad));
            return ms(10).compose(v -> {
                        assertThatThrownBy(() -> group.start(Scripts::ages)).isInstanceOf(ClosedException.class);
                        return group.close().recover(e -> ms(1).mapEmpty());
                    })
                    .map("value");
        });
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled())
                .singleElement()
                .satisfies(e ->
                        assertThat(e).isInstanceOf(TaskGroupException.class).hasCause(bad));
    }

    @Test
    @Tag("semantics-55")
    void aCancelledOpenGroupEndsWithoutError() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            TaskGroup group = TaskGroup.open("pages");
            group.start(agesThen(() -> ms(5).onSuccess(v -> log.add("cleaned"))));
            return ms(1).compose(v -> {
                        group.cancel(CancelReason.USER);
                        return group.close();
                    })
                    .onSuccess(v -> log.add("closed"))
                    .compose(v -> ms(1));
        }));
        assertThat(log).containsExactly("cleaned", "closed");
    }

    @Test
    void itIsOpenedInAContextAndKnowsItsName() {
        assertThatThrownBy(() -> TaskGroup.open("pollers"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("TaskGroup.open('pollers') needs a Vert.x context: call it in a verticle");
        resultOf(VirtualRun.of(() -> {
            TaskGroup group = TaskGroup.open("pollers");
            assertThat(group.name()).isEqualTo("pollers");
            Task<String> eager = group.startEager("first", () -> Future.succeededFuture("at once"));
            assertThat(eager.name()).isEqualTo("first");
            assertThat(eager.resultNow()).isEqualTo("at once");
            return group.close();
        }));
    }

    @Test
    void whoClosesItWaitsForItsChildrenAndForNothingElse() {
        resultOf(VirtualRun.of(() -> {
            TaskGroup group = TaskGroup.open("pages");
            Task<Void> child = group.start("child", () -> ms(10));
            return ms(1).compose(v -> {
                Future<Void> closed = group.close();
                // now: the wait for the close is still there, on its way out
                assertThat(Survey.here().tasks())
                        .flatExtracting(TaskInfo::waits)
                        .filteredOn(wait -> wait.what().equals("the end of group 'pages'"))
                        .singleElement()
                        .extracting(TaskInfo.Wait::tasks)
                        .isEqualTo(List.of(child.id()));
                return closed;
            });
        }));
    }

    @Test
    void aGroupThatClosesByItselfNeedNotBeClosed() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> TaskGroup.with(group -> {
                    group.start(() -> ms(5).onSuccess(v -> log.add("child")));
                    return group.close().onSuccess(v -> log.add("nothing to wait for"));
                })
                .onSuccess(v -> log.add("over"))));
        assertThat(log).containsExactly("nothing to wait for", "child", "over");
    }
}
