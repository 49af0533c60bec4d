package io.vertask.direct;

import static io.vertask.direct.Direct.await;
import static io.vertask.direct.Direct.onLoop;
import static io.vertask.direct.Runs.WHY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.Outcome;
import io.vertask.task.Scripts;
import io.vertask.task.Task;
import io.vertask.task.TaskLocals;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = WHY)
class DirectTest {
    static {
        // before the first Vertx is made, as the key below
        new TaskLocals();
    }

    private static final ContextLocal<String> USER = ContextLocal.registerLocal(String.class, value -> value);

    private static VirtualRun<String> run(Callable<String> code) {
        return VirtualRun.of(Direct.body(code));
    }

    @Test
    void aBodyWaitsAndReturnsItsValue() {
        VirtualRun<String> run = run(() -> {
            Runs.sleep(300);
            return await(() -> Tasks.sleep(Duration.ofMillis(200)).map("slept"));
        });
        assertThat(Scripts.resultOf(run)).isEqualTo("slept");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void runGivesTheValueOfItsMain() {
        assertThat(Direct.<Integer>run(
                        () -> await(() -> Tasks.sleep(Duration.ofMillis(1)).map(7))))
                .isEqualTo(7);
    }

    @Test
    void aBodyMayWaitForAFutureThatSomebodyElseCompletes() {
        Promise<String> promise = Promise.promise();
        assertThat(Direct.<String>run(() -> {
                    new Thread(() -> promise.complete("from afar")).start();
                    String first = await(promise.future());
                    // complete already
                    return first + ", " + await(promise.future()) + ", " + await(Future.succeededFuture("now"));
                }))
                .isEqualTo("from afar, from afar, now");
    }

    @Test
    void checkedExceptionsPassAsTheyAreAndCanBeCaught() {
        IOException broken = new IOException("disk on fire");
        VirtualRun<String> run = run(() -> {
            Task<Void> task = Direct.start("failing", () -> {
                Runs.sleep(1);
                throw broken;
            });
            try {
                await(task);
                return "no failure";
            } catch (Exception e) {
                return e == broken ? "caught" : "another: " + e;
            }
        });
        assertThat(Scripts.resultOf(run)).isEqualTo("caught");
        assertThat(Scripts.failureOf(run(() -> await(() -> Future.failedFuture(broken)))))
                .isSameAs(broken);
        assertThatThrownBy(() -> Direct.run(() -> {
                    throw broken;
                }))
                .isSameAs(broken);
    }

    @Test
    void aFailureShowsWhereItWasMadeAndWhereItWasAwaited() {
        Throwable failure = Scripts.failureOf(run(DirectTest::outer));
        List<String> methods = List.of(failure.getStackTrace()).stream()
                .filter(frame -> frame.getClassName().startsWith(DirectTest.class.getName()))
                .map(StackTraceElement::getMethodName)
                .toList();
        assertThat(methods.get(0)).startsWith("lambda$inner");
        assertThat(methods).containsSubsequence("inner", "outer");
    }

    @Test
    void aFailureMadeInTheCodeItselfIsNotToldTwice() {
        Throwable failure = Scripts.failureOf(run(() -> Direct.timeout(Duration.ofSeconds(1), () -> {
            Runs.sleep(1);
            throw new IllegalStateException("here");
        })));
        long bodies = List.of(failure.getStackTrace()).stream()
                .filter(frame -> frame.getClassName().equals(StraightLine.class.getName())
                        && frame.getMethodName().equals("run"))
                .count();
        assertThat(bodies).isEqualTo(1);
    }

    private static String outer() {
        return inner();
    }

    private static String inner() {
        return await(() -> Tasks.sleep(Duration.ofMillis(1)).map(slept -> {
            throw new IllegalStateException("made on the event loop");
        }));
    }

    @Test
    void tasksAreStartedAndAwaitedInStraightLineCode() {
        VirtualRun<String> run = run(() -> {
            Task<String> child = Direct.start("child", () -> {
                Runs.sleep(5);
                return Task.current().orElseThrow().path();
            });
            Task<Integer> other = onLoop(() -> Tasks.start(() -> Future.succeededFuture(1)));
            Outcome<Integer> end = await(other::settled);
            return await(child) + " " + child.parent().isPresent() + " " + end.orElseThrow() + " "
                    + await(child.future());
        });
        assertThat(Scripts.resultOf(run)).isEqualTo("main/child false 1 main/child");
    }

    @Test
    @Tag("semantics-145")
    @Tag("semantics-146")
    void theValuesOfItsContextAreVisibleAndStayItsOwn() {
        List<String> seen = new CopyOnWriteArrayList<>();
        assertThat(Direct.<String>run(() -> {
                    ContextInternal mine = ContextInternal.current();
                    mine.putLocal(USER, AccessMode.CONCURRENT, "anna");
                    Task<Void> child = Direct.start("child", () -> {
                        seen.add(user());
                        Runs.turn();
                        ContextInternal.current().putLocal(USER, AccessMode.CONCURRENT, "bert");
                        Runs.turn();
                        seen.add(user());
                        // a new scope inherits them
                        seen.add(Direct.timeout(Duration.ofSeconds(5), DirectTest::user));
                    });
                    ContextInternal.current().putLocal(USER, AccessMode.CONCURRENT, "zoe");
                    await(child);
                    seen.add(await(() -> Future.succeededFuture(user())));
                    return user();
                }))
                .isEqualTo("zoe");
        assertThat(seen).containsExactly("anna", "bert", "bert", "zoe");
    }

    private static String user() {
        return Vertx.currentContext().getLocal(USER);
    }

    @Test
    void aVerbOnTheWrongThreadSaysHowToCallIt() {
        assertThat(Scripts.failureOf(
                        run(() -> await(Tasks.sleep(Duration.ofMillis(1)).map("never")))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Tasks.sleep was called on thread main, but task 'main' runs on its own event loop's thread"
                        + " only; straight-line code calls it inside await(() -> …)");
    }

    @Test
    void awaitOutsideStraightLineCodeIsRefused() {
        assertThatThrownBy(() -> await(Future.succeededFuture()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Direct.await was called on thread ")
                .hasMessageEndingWith("which runs no straight-line code and must not be made to wait; start some with "
                        + "Direct.start(…)");
        assertThat(Scripts.failureOf(VirtualRun.of(() -> {
                    await(() -> Tasks.sleep(Duration.ZERO));
                    return Future.succeededFuture();
                })))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Direct.start("nowhere", () -> 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMillionthOfAMillionAwaitsNeedsNoMoreStackThanTheFirst() {
        VirtualRun<String> run = run(() -> {
            int sum = 0;
            for (int i = 0; i < 100_000; i++) {
                sum += await(() -> Future.succeededFuture(1));
                if (i % 10 == 0) {
                    Runs.turn();
                }
            }
            return "" + sum;
        });
        assertThat(Scripts.resultOf(run)).isEqualTo("100000");
    }

    @Test
    void bodiesMayAwaitBodiesAsDeepAsOneLikes() {
        assertThat(Scripts.resultOf(run(() -> "" + depth(10_000)))).isEqualTo("10000");
    }

    private static int depth(int levels) {
        return levels == 0 ? 0 : await(Direct.body(() -> depth(levels - 1))) + 1;
    }

    @Test
    void anInterruptDoesNotEndAWaitAndIsKept() {
        assertThat(Scripts.resultOf(run(() -> {
                    Thread.currentThread().interrupt();
                    Runs.sleep(5);
                    return "" + Thread.interrupted();
                })))
                .isEqualTo("true");
    }
}
