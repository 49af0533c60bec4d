package io.vertask.app.workload.offload;

import io.vertask.app.job.CallStep;
import io.vertask.app.workload.Threads;
import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;
import io.vertask.offload.Offload;
import io.vertask.offload.OffloadListener;
import io.vertask.offload.OffloadOptions;
import io.vertask.offload.StuckJobException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The place where a step's calls run: the event loop, or threads of a pool. */
final class Pool {
    /** A pool for work that waits has as many threads as items may run at once, up to this. */
    private static final int MOST_WAITING = 256;

    /** No task is left when it is closed, so a thread that still runs has ignored its interrupt before. */
    private static final Duration CLOSE_LIMIT = Duration.ofMillis(100);

    private final @Nullable Offload offload;

    private Pool(@Nullable Offload offload) {
        this.offload = offload;
    }

    static Pool of(Vertx vertx, CallStep.Offload kind, int concurrency, Threads threads, Consumer<String> say) {
        return switch (kind) {
            case NONE -> new Pool(null);
            case CPU -> of(vertx, "vertask-cpu", Runtime.getRuntime().availableProcessors(), threads, say);
            case IO -> of(vertx, "vertask-io", Math.min(concurrency, MOST_WAITING), threads, say);
        };
    }

    private static Pool of(Vertx vertx, String name, int size, Threads threads, Consumer<String> say) {
        OffloadOptions options = OffloadOptions.threads(size)
                .withCloseLimit(CLOSE_LIMIT)
                .withListener(new OffloadListener() {
                    @Override
                    public void interrupted(String job, String thread) {
                        threads.interrupted();
                    }

                    @Override
                    public void stuck(StuckJobException stuck) {
                        threads.stuck();
                        say.accept(stuck.getMessage() + "; leaving it to die with the process.");
                    }
                });
        return new Pool(Offload.of(vertx, name, options));
    }

    /** Runs {@code body} where it belongs; {@code phases} hears when it begins. */
    Future<Object> call(String name, PhaseListener phases, Callable<@Nullable Object> body) {
        if (offload == null) {
            phases.phase(Phase.RESPONSE);
            try {
                return Future.succeededFuture(body.call());
            } catch (Exception | Error thrown) {
                return Future.failedFuture(thrown);
            }
        }
        Context loop = Vertx.currentContext();
        Begun begun = new Begun(phases);
        Future<Object> called = offload.call(name, () -> {
            begun.running = true;
            loop.runOnContext(here -> begun.tell());
            return body.call();
        });
        return called.onComplete(end -> begun.over());
    }

    /** Closes the pool; threads that don't leave their calls have been reported before. */
    Future<Void> close() {
        return offload == null
                ? Future.succeededFuture()
                : offload.close()
                        .recover(error -> error instanceof StuckJobException
                                ? Future.succeededFuture()
                                : Future.failedFuture(error));
    }

    /** Tells, once and on the event loop, that a thread has begun the call; before its end at the latest. */
    private static final class Begun {
        private final PhaseListener phases;
        private volatile boolean running;
        private boolean told;

        Begun(PhaseListener phases) {
            this.phases = phases;
        }

        void tell() {
            if (!told) {
                told = true;
                phases.phase(Phase.RESPONSE);
            }
        }

        void over() {
            if (running) {
                tell();
            }
            told = true;
        }
    }
}
