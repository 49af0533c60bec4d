package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The run of one main task for a plain thread that waits for it. */
final class MainTask {
    /** The time that the exit of the JVM waits for the cleanup of a main that it cancels. */
    private static final long EXIT_GRACE_SECONDS = 10;

    private MainTask() {}

    /** Runs {@code main} on a Vertx of its own with one event loop, which is closed before this returns. */
    static <T> @Nullable T alone(Coroutine<T> main) {
        refuseOnVertxThread();
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            return on(vertx, main);
        } finally {
            Latch latch = new Latch();
            vertx.close().onComplete(closed -> latch.countDown());
            latch.forIt(() -> {});
        }
    }

    /** Runs {@code main} on an event loop of {@code vertx}. */
    static <T> @Nullable T on(Vertx vertx, Coroutine<T> main) {
        refuseOnVertxThread();
        ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
        RunningTask<T> task = RunningTask.startSeen(Home.of(context), context, "main", main);
        Latch latch = new Latch();
        task.result().onComplete(end -> latch.countDown());
        Thread hook = new Thread(() -> interrupted(task, latch), "vertask-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            latch.forIt(() -> task.cancel(CancelReason.user("the thread that ran it was interrupted")));
        } finally {
            forget(hook);
        }
        Future<T> end = task.result();
        if (end.failed()) {
            throw MainTask.<RuntimeException>asIs(end.cause());
        }
        return end.result();
    }

    private static void refuseOnVertxThread() {
        if (Vertx.currentContext() != null && Thread.currentThread().getName().startsWith("vert.x")) {
            throw new IllegalStateException(
                    "Tasks.run waits for its main and would block this Vert.x thread; use Tasks.start there");
        }
    }

    /** Cancels the main task when the JVM is going down (Ctrl-C, SIGTERM), and gives it time for its cleanup. */
    private static void interrupted(RunningTask<?> task, CountDownLatch ended) {
        task.cancel(CancelReason.SHUTDOWN);
        try {
            boolean inTime = ended.await(EXIT_GRACE_SECONDS, TimeUnit.SECONDS);
            if (!inTime) {
                System.err.println("still running " + EXIT_GRACE_SECONDS + " s after the exit was asked for: " + task);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException goingDown) {
            // the hook is running now, and ends by itself
            return;
        }
    }

    /** Throws the very exception of the main, a checked one too. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E asIs(Throwable error) throws E {
        throw (E) error;
    }

    /** A latch whose wait goes on after an interrupt, so that the cleanup is not cut. The interrupt is kept. */
    private static final class Latch extends CountDownLatch {
        Latch() {
            super(1);
        }

        void forIt(Runnable onInterrupt) {
            boolean interrupted = false;
            while (true) {
                try {
                    await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                    onInterrupt.run();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
