package io.vertask.task;

import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.doing;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The user's own values on a context. */
class ValuesTest {
    private static void set(String value) {
        Vertx.currentContext().putLocal(TestLocals.WHO, value);
    }

    private static @Nullable String who() {
        Context context = Vertx.currentContext();
        return context == null ? "no context" : context.getLocal(TestLocals.WHO);
    }

    @Test
    @Tag("semantics-145")
    void aChildInheritsASnapshotAndNothingLeaksBack() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            set("parent");
            Task<Void> child = Tasks.start(() -> {
                log.add("child " + who());
                set("child");
                return ms(5).onSuccess(v -> log.add("child " + who()));
            });
            set("changed later");
            return child.future().onSuccess(v -> log.add("parent " + who()));
        }));
        assertThat(log).containsExactly("child parent", "child child", "parent changed later");
    }

    @Test
    @Tag("semantics-145")
    void everyVerbsBodyInheritsAndItsEndComesBackInTheCallersContext() {
        List<String> seen = new ArrayList<>();
        Coroutine<Void> body = () -> {
            seen.add(who());
            set("inside");
            return ms(1);
        };
        resultOf(VirtualRun.of(() -> {
            set("caller");
            return Tasks.gather(body)
                    .onSuccess(v -> seen.add("then " + who()))
                    .compose(v -> Tasks.settle(body))
                    .onSuccess(v -> seen.add("then " + who()))
                    .compose(v -> Tasks.timeout(Duration.ofSeconds(1), body))
                    .onSuccess(v -> seen.add("then " + who()))
                    .compose(v -> Tasks.shield(body))
                    .onSuccess(v -> seen.add("then " + who()))
                    .compose(v -> TaskGroup.with(group -> group.start(body).future()))
                    .onSuccess(v -> seen.add("then " + who()))
                    .compose(v -> Tasks.finallyDo(doing(() -> {}), body))
                    .onSuccess(v -> seen.add("then " + who()));
        }));
        assertThat(seen)
                .containsExactlyElementsOf(IntStream.range(0, 12)
                        .mapToObj(i -> i % 2 == 0 ? "caller" : "then caller")
                        .toList());
    }

    @Test
    @Tag("semantics-145")
    void aGroupsChildInheritsFromWhoeverStartsIt() {
        List<String> seen = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            set("opener");
            TaskGroup group = TaskGroup.open("pages");
            return Tasks.start(() -> {
                        set("starter");
                        return group.start(doing(() -> seen.add(who())))
                                .future()
                                .onSuccess(v -> seen.add(who()));
                    })
                    .future()
                    .compose(v -> group.close())
                    .onSuccess(v -> seen.add(who()));
        }));
        assertThat(seen).containsExactly("starter", "starter", "opener");
    }

    @Test
    @Tag("semantics-146")
    void valuesSurviveClientsTimersPoolsAndForeignThreadsAndNeverBleed() {
        List<String> wrong = new ArrayList<>();
        Tasks.run(() -> {
            Vertx vertx = Vertx.currentContext().owner();
            return Tasks.gather(IntStream.range(0, 50)
                    .<Coroutine<Void>>mapToObj(i -> () -> {
                        String mine = "task " + i;
                        set(mine);
                        Runnable check = () -> {
                            if (!mine.equals(who()) || Task.current().isEmpty()) {
                                wrong.add(mine + " found " + who());
                            }
                        };
                        return ms(i % 7)
                                .onSuccess(v -> check.run())
                                .compose(v -> vertx.timer(1 + i % 5).mapEmpty())
                                .onSuccess(v -> check.run())
                                .compose(v -> vertx.fileSystem().exists("/"))
                                .onSuccess(v -> check.run())
                                .compose(v -> vertx.executeBlocking(() -> who(), false))
                                .onSuccess(in -> {
                                    if (!mine.equals(in)) {
                                        wrong.add(mine + " found " + in + " in the worker");
                                    }
                                    check.run();
                                })
                                // not an executor, for whose lock the event loop might have to wait
                                .compose(v -> Waiter.<Void>await(
                                        "a foreign thread", wait -> new Thread(() -> wait.resume(null)).start()))
                                .onSuccess(v -> check.run())
                                .compose(v -> Tasks.timeout(Duration.ofMillis(1), () -> ages()))
                                .recover(e -> Future.succeededFuture())
                                .onSuccess(v -> check.run())
                                .mapEmpty();
                    })
                    .toList());
        });
        assertThat(wrong).isEmpty();
    }
}
