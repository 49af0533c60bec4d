package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.ms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Code on a thread of its own that takes turns with its context; a plain thread here, as on a JDK without others. */
@Timeout(60)
class StrandTest {
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<Throwable> unhandled = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)).exceptionHandler(unhandled::add);

    @AfterEach
    void close() throws InterruptedException {
        RunTest.close(vertx);
        threads.shutdown();
    }

    /** {@code code} as a body: it runs on a thread of its own, from its first turn on. */
    private Future<Void> body(Consumer<Strand> code) {
        Strand strand = Strand.open();
        Promise<Void> end = strand.context().promise();
        strand.begin((go, refused) -> {
            if (refused != null) {
                end.fail(refused);
                return;
            }
            threads.execute(() -> {
                code.accept(strand);
                strand.end(end::complete);
            });
        });
        return end.future();
    }

    /** Keeps this thread until {@code operation} has ended. */
    private static <T> @Nullable T await(Strand strand, Coroutine<T> operation) {
        CompletableFuture<@Nullable T> answer = new CompletableFuture<>();
        strand.await(operation, (value, error) -> {
            if (error == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(error);
            }
        });
        return answer.join();
    }

    @Test
    void oneOfAContextRunsAtATimeAndAnotherOnlyAtAnAwait() {
        Tasks.run(
                vertx,
                () -> Tasks.gather(
                        () -> body(strand -> {
                            log.add("a");
                            log.add(String.valueOf(await(strand, after(5, "a waited"))));
                        }),
                        () -> body(strand -> {
                            log.add("b");
                            await(strand, () -> Future.succeededFuture("at once"));
                            log.add("b again");
                        }),
                        () -> {
                            log.add("c");
                            return ms(1);
                        }));
        assertThat(log).containsExactly("c", "a", "b", "b again", "a waited");
    }

    @Test
    void whatAForeignThreadCompletesGivesTheTurnBackOnTheLoop() {
        Tasks.run(
                vertx,
                () -> body(strand -> log.add(String.valueOf(await(strand, () -> {
                    Promise<String> promise = Promise.promise();
                    threads.execute(() -> promise.complete("from outside"));
                    return promise.future();
                })))));
        assertThat(log).containsExactly("from outside");
    }

    @Test
    void twoWhoseWaitsEndInOneTurnGoOnOneAfterTheOther() {
        Tasks.run(vertx, () -> {
            Promise<String> both = Strand.open().context().promise();
            Coroutine<Void> waits = () -> body(strand -> {
                String value = String.valueOf(await(strand, both::future));
                log.add("begins");
                log.add(value + " ends");
            });
            return Tasks.gather(waits, waits, () -> ms(5).onSuccess(v -> both.complete("it")));
        });
        assertThat(log).containsExactly("begins", "it ends", "begins", "it ends");
    }

    @Test
    void inACancelledScopeThereIsNoFirstTurn() {
        assertThatThrownBy(() -> Tasks.run(vertx, () -> {
                    Future<Void> never = body(strand -> log.add("ran"));
                    Task.current().orElseThrow().cancel();
                    return never;
                }))
                .isInstanceOf(CancelledException.class);
        assertThat(log).isEmpty();
    }

    @Test
    void aVerbCalledOnItsThreadIsRefusedAndToldTheWay() {
        Tasks.run(
                vertx,
                () -> body(strand -> {
                    var before = strand.context().beginDispatch();
                    try {
                        assertThatThrownBy(() -> Tasks.sleep(java.time.Duration.ZERO))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageEndingWith("; straight-line code calls it inside await(() -> …)");
                        log.add("refused");
                    } finally {
                        strand.context().endDispatch(before);
                    }
                }));
        assertThat(log).containsExactly("refused");
    }

    @Test
    void whatTheEndThrowsIsReportedAndTheTurnGoesToTheOthers() {
        IllegalStateException bad = new IllegalStateException("bad");
        String value = Tasks.run(vertx, () -> {
            Strand strand = Strand.open();
            strand.begin((go, refused) -> threads.execute(() -> strand.end(() -> {
                throw bad;
            })));
            return after(5, "went on").call();
        });
        assertThat(value).isEqualTo("went on");
        assertThat(unhandled).containsExactly(bad);
    }

    @Test
    void onALoopThatHasEndedAnAwaitSaysSo() throws InterruptedException {
        Vertx brief = Vertx.vertx();
        Strand left = Objects.requireNonNull(Tasks.run(brief, () -> Future.succeededFuture(Strand.open())));
        RunTest.close(brief);
        assertThatThrownBy(() -> left.await(() -> ages(), (value, error) -> {}))
                .isInstanceOf(ClosedException.class)
                .hasMessage("the event loop of task 'main' has ended");
        left.end(() -> log.add("nobody is told"));
        assertThat(log).isEmpty();
    }
}
