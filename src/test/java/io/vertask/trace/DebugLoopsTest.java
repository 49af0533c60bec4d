package io.vertask.trace;

import static io.vertask.trace.Watched.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.CancelReason;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Debug mode on several event loops, and at the end of a verticle. */
@Timeout(60)
class DebugLoopsTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final Watched.Log log = new Watched.Log();

    @AfterEach
    void close() throws InterruptedException {
        Watched.await(vertx.close());
    }

    @Test
    @Tag("semantics-4")
    void aTaskOfAnotherLoopCountsAsAWayOut() throws InterruptedException {
        Tracing.of(vertx).debug(true);
        Context here = vertx.getOrCreateContext();
        Promise<Task<Void>> first = Promise.promise();
        Task<Void> second =
                Tasks.start(vertx, "second", () -> Tasks.await(first.future()).compose(Task::future));
        Task<Void> one = Tasks.start(here, "first", () -> ms(50).compose(v -> second.future()));
        first.complete(one);
        // a turn of that loop later it would have been found
        Watched.await(Tasks.start(here, "later", () -> ms(200)).future());
        assertThat(one.state()).isEqualTo(Task.State.RUNNING);
        assertThat(Watched.await(one.cancelAndJoin(CancelReason.USER))).isInstanceOf(Outcome.Cancelled.class);
        Watched.await(second.settled());
    }

    @Test
    void aTaskThatHasEndedWhenItIsLookedAtIsInNoCycle() {
        Tracing.of(vertx).debug(true);
        String value = Tasks.run(vertx, () -> {
            Task<String> over = Tasks.startEager(() -> Future.succeededFuture("value"));
            return Tasks.start("brief", over::settled).future().map(end -> String.valueOf(end.orElseThrow()));
        });
        assertThat(value).isEqualTo("value");
    }

    @Test
    @Tag("semantics-153")
    void aVerticleWithoutUnfinishedTasksHasForgottenNothing() throws InterruptedException {
        List<Throwable> unhandled = new CopyOnWriteArrayList<>();
        Tracing.of(vertx).debug(true).listen(log);
        String id = Watched.await(vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                context.exceptionHandler(unhandled::add);
                // failed just now and not yet reported: so its context still waits for the end
                Promise<Void> failed = Promise.promise();
                Tasks.start("fails", () -> {
                    // some turns later it is over
                    vertx.runOnContext(v -> vertx.runOnContext(w -> vertx.runOnContext(x -> failed.complete())));
                    return Future.failedFuture("bad");
                });
                return failed.future();
            }
        }));
        Watched.await(vertx.undeploy(String.valueOf(id)));
        assertThat(unhandled).hasSize(1);
        assertThat(log.lines).noneMatch(line -> line.startsWith("forgotten"));
    }
}
