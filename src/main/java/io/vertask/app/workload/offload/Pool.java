package io.vertask.app.workload.offload;

import io.vertask.app.job.CallStep;
import io.vertask.app.workload.CallClock;
import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;
import io.vertask.client.Reached;
import io.vertask.offload.Offload;
import io.vertask.offload.OffloadListener;
import io.vertask.offload.OffloadOptions;
import io.vertask.offload.StuckJobException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
    private final Calls calls;

    private Pool(@Nullable Offload offload, Calls calls) {
        this.offload = offload;
        this.calls = calls;
    }

    static Pool of(Vertx vertx, CallStep.Offload kind, int concurrency, Reached reached, Consumer<String> say) {
        return switch (kind) {
            case NONE -> new Pool(null, new Calls(reached));
            case CPU -> of(vertx, "vertask-cpu", Runtime.getRuntime().availableProcessors(), reached, say);
            case IO -> of(vertx, "vertask-io", Math.min(concurrency, MOST_WAITING), reached, say);
        };
    }

    private static Pool of(Vertx vertx, String name, int size, Reached reached, Consumer<String> say) {
        Calls calls = new Calls(reached);
        OffloadOptions options = OffloadOptions.threads(size)
                .withCloseLimit(CLOSE_LIMIT)
                .withListener(new OffloadListener() {
                    @Override
                    public void interrupted(String job, String thread) {
                        calls.reached(job, Reached.What.THREAD_INTERRUPTED);
                    }

                    @Override
                    public void stuck(StuckJobException stuck) {
                        stuck.jobs().forEach(job -> calls.reached(job, Reached.What.THREAD_LEFT));
                        say.accept(stuck.getMessage() + "; leaving it to die with the process.");
                    }
                });
        return new Pool(Offload.of(vertx, name, options), calls);
    }

    /** Runs {@code body} where it belongs; {@code phases} hears when it begins. */
    Future<Object> call(String name, PhaseListener phases, Callable<@Nullable Object> body) {
        if (offload == null) {
            phases.phase(Phase.RESPONSE);
            long began = System.nanoTime();
            try {
                Object value = body.call();
                // a future is a call that goes on
                if (!(value instanceof Future<?>)) {
                    returned(phases, System.nanoTime() - began);
                }
                return Future.succeededFuture(value);
            } catch (Exception | Error thrown) {
                returned(phases, System.nanoTime() - began);
                return Future.failedFuture(thrown);
            }
        }
        Context loop = Vertx.currentContext();
        Begun begun = new Begun(name, phases);
        calls.open.add(begun);
        Future<Object> called = offload.call(name, () -> {
            begun.running = true;
            loop.runOnContext(here -> begun.tell());
            long began = System.nanoTime();
            try {
                return body.call();
            } finally {
                begun.nanos = System.nanoTime() - began;
            }
        });
        return called.onComplete(end -> {
            calls.open.remove(begun);
            begun.over();
            if (begun.running && !(end.succeeded() && end.result() instanceof Future<?>)) {
                returned(phases, begun.nanos);
            }
        });
    }

    private static void returned(PhaseListener phases, long nanos) {
        if (phases instanceof CallClock clock) {
            clock.returned(nanos);
        }
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

    /** The calls that wait for a thread or have one; on the event loop. */
    private static final class Calls {
        private final Reached reached;
        private final List<Begun> open = new ArrayList<>();

        Calls(Reached reached) {
            this.reached = reached;
        }

        /** Counts it, and tells the call; of several calls with one name, one that was not told yet. */
        void reached(String name, Reached.What what) {
            reached.count(what);
            open.stream()
                    .filter(call -> call.running && call.name.equals(name) && call.reached.add(what))
                    .findFirst()
                    .ifPresent(call -> call.phases.reached(what));
        }
    }

    /** Tells, once and on the event loop, that a thread has begun the call; before its end at the latest. */
    private static final class Begun {
        private final String name;
        private final PhaseListener phases;
        private final Set<Reached.What> reached = EnumSet.noneOf(Reached.What.class);
        private volatile boolean running;
        /** The time that the call's own code took. */
        private volatile long nanos;

        private boolean told;

        Begun(String name, PhaseListener phases) {
            this.name = name;
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
