package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.TaskInfo.Hold;
import io.vertask.task.TaskInfo.OpenBlock;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A survey of the tasks of one event loop. */
class SurveyTest {
    private static TaskInfo seen(Survey survey, String name) {
        return survey.tasks().stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + survey));
    }

    private static <T> Survey surveyAfter(long ms, Coroutine<T> program) {
        return Objects.requireNonNull(resultOf(VirtualRun.of(() -> {
            Task<?> watched = Tasks.start("watched", program);
            return ms(ms).map(v -> Survey.here())
                    .compose(survey -> watched.cancelAndJoin().map(survey));
        })));
    }

    @Test
    @Tag("semantics-149")
    void exactlyTheUnfinishedTasksAreListedWithAllThatIsKnownOfThem() {
        Survey survey = surveyAfter(5, () -> {
            Tasks.start("over", after(1, "value"));
            Task<?> cancelled = Tasks.start("cancelling", agesThen(() -> ms(50)));
            Tasks.start("canceller", () -> ms(2).onSuccess(v -> cancelled.cancel()));
            return Tasks.start("child", Scripts::ages).future();
        });
        assertThat(survey.tasks())
                .extracting(TaskInfo::path)
                .containsExactly("main", "main/watched", "main/watched/cancelling", "main/watched/child");
        TaskInfo watched = seen(survey, "watched");
        TaskInfo child = seen(survey, "child");
        assertThat(child.parent()).isEqualTo(watched.id());
        assertThat(seen(survey, "main").parent()).isNull();
        assertThat(child.hold()).isEqualTo(Hold.AWAITED);
        assertThat(child.age()).isEqualTo(Duration.ofMillis(5));
        assertThat(child.state()).isEqualTo(Task.State.RUNNING);
        assertThat(child.waits()).extracting(TaskInfo.Wait::what).containsExactly("sleep 86400s");
        TaskInfo cancelling = seen(survey, "cancelling");
        assertThat(cancelling.state()).isEqualTo(Task.State.CANCELLING);
        assertThat(cancelling.hold()).isEqualTo(Hold.NONE);
        assertThat(cancelling.blocks()).extracting(OpenBlock::kind).containsExactly("cleanup");
        assertThat(survey.silent()).isEmpty();
    }

    @Test
    @Tag("semantics-149")
    void aTaskThatHasNotBegunIsQueued() {
        assertThat(resultOf(VirtualRun.of(() -> {
                    Task<?> next = Tasks.start("next", after(1, "value"));
                    TaskInfo info = seen(Survey.here(), "next");
                    return next.future().map(info);
                })))
                .satisfies(info -> {
                    assertThat(info.state()).isEqualTo(Task.State.QUEUED);
                    assertThat(info.waits()).isEmpty();
                    assertThat(info.age()).isZero();
                });
    }

    @Test
    @Tag("semantics-149")
    void everyBranchOfATaskIsListedWithTheBlockItWaitsIn() {
        Survey survey = surveyAfter(5, () -> {
            Tasks.timeout(
                    Duration.ofMillis(25),
                    () -> Waiter.await("the first", wait -> {}).compose(v -> ages()));
            return TaskGroup.with("both", group -> {
                group.start("in the group", Scripts::ages);
                return Waiter.await("the second", wait -> {});
            });
        });
        TaskInfo watched = seen(survey, "watched");
        assertThat(watched.blocks())
                .containsExactly(
                        new OpenBlock("timeout", null, Duration.ofMillis(20), TaskInfo.BODY),
                        new OpenBlock("group", "both", null, TaskInfo.BODY));
        assertThat(watched.waits())
                .containsExactly(
                        new TaskInfo.Wait("the first", 0, List.of()), new TaskInfo.Wait("the second", 1, List.of()));
        TaskInfo child = seen(survey, "in the group");
        assertThat(child.block()).isEqualTo(1);
        assertThat(child.hold()).isEqualTo(Hold.BLOCK);
    }

    @Test
    @Tag("semantics-149")
    void blocksStandInEachOther() {
        Survey survey = surveyAfter(
                5,
                () -> Tasks.timeout(
                        Duration.ofSeconds(1),
                        () -> Tasks.<Object>gather(Scripts::ages, () -> Tasks.shield(Scripts::ages))));
        TaskInfo watched = seen(survey, "watched");
        assertThat(watched.blocks())
                .extracting(OpenBlock::kind, OpenBlock::outer)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("timeout", TaskInfo.BODY),
                        org.assertj.core.groups.Tuple.tuple("gather", 0));
        List<TaskInfo> gathered = survey.tasks().stream()
                .filter(task -> Objects.equals(task.parent(), watched.id()))
                .toList();
        assertThat(gathered).hasSize(2).allSatisfy(task -> {
            assertThat(task.block()).isEqualTo(1);
            assertThat(task.hold()).isEqualTo(Hold.BLOCK);
        });
        TaskInfo shielding = gathered.get(1);
        assertThat(shielding.waits())
                .singleElement()
                .satisfies(wait -> assertThat(survey.tasks())
                        .filteredOn(task -> wait.tasks().contains(task.id()))
                        .singleElement()
                        .extracting(TaskInfo::hold)
                        .isEqualTo(Hold.SHIELD));
    }

    @Test
    @Tag("semantics-149")
    void aTimeoutWithoutALimitHasNothingLeftOfIt() {
        Survey survey = surveyAfter(
                5,
                () -> Tasks.<Object>gather(
                        () -> Timeout.with(null, limit -> ages()),
                        () -> Timeout.with(Duration.ofMillis(50), limit -> {
                            limit.reschedule(null);
                            return ages();
                        }),
                        () -> Timeout.with(null, limit -> {
                            limit.reschedule(Duration.ofMillis(50));
                            return ages();
                        })));
        assertThat(survey.tasks())
                .flatExtracting(TaskInfo::blocks)
                .filteredOn(block -> !block.kind().equals("gather"))
                .extracting(OpenBlock::kind, OpenBlock::remaining)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("scope", null),
                        org.assertj.core.groups.Tuple.tuple("scope", null),
                        org.assertj.core.groups.Tuple.tuple("timeout", Duration.ofMillis(45)));
    }

    @Test
    @Tag("semantics-149")
    void whoTakesThemAsTheyEndWaitsForThoseThatRun() {
        Survey survey = surveyAfter(
                5,
                () -> Tasks.<Object, Object>asCompleted(
                        List.of(() -> ms(1).mapEmpty(), Scripts::ages, Scripts::ages),
                        completed -> completed.next().compose(first -> completed.next())));
        TaskInfo watched = seen(survey, "watched");
        List<TaskInfo> running = survey.tasks().stream()
                .filter(task -> Objects.equals(task.parent(), watched.id()))
                .toList();
        assertThat(watched.blocks()).containsExactly(new OpenBlock("asCompleted", null, null, TaskInfo.BODY));
        assertThat(running).hasSize(2).extracting(TaskInfo::hold).containsOnly(Hold.NONE);
        assertThat(watched.waits())
                .containsExactly(new TaskInfo.Wait(
                        "the next of 3 to end",
                        0,
                        running.stream().map(TaskInfo::id).toList()));
    }

    @Test
    @Tag("semantics-149")
    void whateverTheInterleavingTheUnfinishedAreListedAndNoOthers() {
        for (long seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            List<Task<?>> all = new ArrayList<>();
            List<String> wrong = new ArrayList<>();
            Runnable check = () -> {
                Set<Long> alive = all.stream()
                        .filter(task -> !task.state().isDone())
                        .map(Task::id)
                        .collect(Collectors.toSet());
                Set<Long> listed =
                        Survey.here().tasks().stream().map(TaskInfo::id).collect(Collectors.toSet());
                if (!alive.equals(listed)) {
                    wrong.add(alive + " but listed " + listed);
                }
            };
            VirtualRun<Void> run = VirtualRun.seeded(seed, () -> {
                all.add(Task.current().orElseThrow());
                return program(random, all, check, 3);
            });
            assertThat(run.outcome()).as("seed %s", seed).isInstanceOf(Outcome.Success.class);
            assertThat(wrong).as("seed %s", seed).isEmpty();
        }
    }

    private static Future<Void> program(Random random, List<Task<?>> all, Runnable check, int depth) {
        check.run();
        if (depth == 0) {
            return ms(random.nextInt(3)).onSuccess(v -> check.run());
        }
        int kind = random.nextInt(4);
        Scripts.Part<Void> started = () -> {
            Task<Void> task = Tasks.start(() -> program(random, all, check, depth - 1));
            all.add(task);
            Future<Void> end = task.settled().mapEmpty();
            return random.nextInt(4) == 0
                    ? ms(1).compose(v -> task.cancelAndJoin()).mapEmpty()
                    : end;
        };
        if (kind == 0) {
            return Tasks.timeout(Duration.ofMillis(random.nextInt(4)), started).otherwiseEmpty();
        } else if (kind == 1) {
            return TaskGroup.with(group -> {
                all.add(group.start(() -> program(random, all, check, depth - 1)));
                all.add(group.start(() -> ms(random.nextInt(3)).onSuccess(v -> check.run())));
                return ms(random.nextInt(2));
            });
        }
        return ms(random.nextInt(2)).compose(v -> started.call()).onComplete(end -> check.run());
    }

    @Test
    void whatATaskWaitsForIsGoneWithTheWait() {
        Promise<Waiter<String>> waiting = Promise.promise();
        Survey survey = surveyAfter(
                5,
                () -> Waiter.<String>await("the first", waiting::complete)
                        .compose(v -> Waiter.await("the second", wait -> {})));
        assertThat(seen(survey, "watched").waits())
                .extracting(TaskInfo.Wait::what)
                .containsExactly("the first");
        Survey later = surveyAfter(
                5,
                () -> Waiter.<String>await("the first", wait -> wait.resume(""))
                        .compose(v -> Waiter.await("the second", wait -> {})));
        assertThat(seen(later, "watched").waits())
                .extracting(TaskInfo.Wait::what)
                .containsExactly("the second");
    }
}
