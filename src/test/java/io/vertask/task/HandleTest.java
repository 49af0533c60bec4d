package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The effects of a task's handle and of the listeners of its future on the task. */
class HandleTest {
    private final IllegalStateException bad = new IllegalStateException("bad");

    @Test
    @Tag("semantics-8")
    void aTaskCannotBeCompletedFromOutside() {
        resultOf(VirtualRun.of(() -> {
            Task<String> task = Tasks.start(after(1, "value"));
            assertThat(task).isNotInstanceOf(Completable.class).isNotInstanceOf(Future.class);
            return task.future();
        }));
    }

    @Test
    @Tag("semantics-11")
    void aListenerThatThrowsIsReportedAndHarmsNeitherTheTaskNorTheOthers() {
        List<String> log = new ArrayList<>();
        StackOverflowError fatal = new StackOverflowError("thrown on purpose");
        VirtualRun<String> run = VirtualRun.of(() -> {
            Task<String> task = Tasks.start(after(1, "value"));
            task.future().onComplete(end -> {
                throw bad;
            });
            task.future().onComplete(end -> {
                throw fatal;
            });
            task.future().onComplete(end -> log.add("third"));
            Task<Void> neighbour = Tasks.start(() -> ms(1).onSuccess(v -> log.add("neighbour")));
            return neighbour.future().compose(v -> task.future());
        });
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("value"));
        assertThat(run.unhandled()).containsExactly(bad, fatal);
        assertThat(log).containsExactly("neighbour", "third");
    }

    /** Each block answers its own request only, without the counter that asyncio needs for it. */
    @Test
    @Tag("semantics-29")
    void aBlockTakesBackExactlyItsOwnRequest() {
        List<String> log = new ArrayList<>();
        VirtualRun<Outcome<Object>> run = VirtualRun.of(() -> {
            Task<Object> task = Tasks.start(() -> Tasks.timeout(Duration.ofMillis(5), Scripts::<Object>ages)
                    .recover(e -> {
                        log.add(e.getClass().getSimpleName());
                        return TaskGroup.with(group ->
                                group.start(Scripts.<Object>failsAfter(1, bad)).future());
                    })
                    .recover(e -> {
                        log.add(e.getClass().getSimpleName());
                        return ms(1).mapEmpty();
                    })
                    .compose(v -> {
                        log.add("goes on");
                        // the limit passes while a foreign request has come already: that one stays
                        return Tasks.timeout(Duration.ofMillis(20), Scripts.<Object, Void>agesThen(() -> ms(30)));
                    })
                    .recover(e -> {
                        log.add(e.getClass().getSimpleName());
                        return ages();
                    }));
            return ms(20).compose(v -> task.cancelAndJoin());
        });
        assertThat(resultOf(run)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(log).containsExactly("TaskTimeoutException", "TaskGroupException", "goes on", "CancelledException");
    }
}
