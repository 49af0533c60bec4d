package io.vertask.testkit;

import io.vertask.task.Scheduling;
import io.vertask.task.Survey;
import io.vertask.task.Timers;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A Vertx that can report the tasks, timers and errors left behind in it. */
final class WatchedVertx {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long CLOSE_SECONDS = 40;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final CountingTimers timers = new CountingTimers();
    private final List<Throwable> unhandled = new CopyOnWriteArrayList<>();

    WatchedVertx() {
        Scheduling.install(vertx, new Scheduling(timers, null));
        vertx.exceptionHandler(unhandled::add);
    }

    Vertx vertx() {
        return vertx;
    }

    /** Closes the Vertx and describes what was left behind; empty when nothing was. */
    String close() {
        long until = Timers.SYSTEM.nanoTime() + PATIENCE_NANOS;
        String left = left();
        while (!left.isEmpty() && Timers.SYSTEM.nanoTime() < until) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            left = left();
        }
        CountDownLatch closed = new CountDownLatch(1);
        vertx.close().onComplete(end -> closed.countDown());
        try {
            if (!closed.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                return "the Vertx did not close within " + CLOSE_SECONDS + " s; " + left;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return left;
    }

    private String left() {
        List<String> all = new ArrayList<>(stillRunning());
        if (timers.pending() > 0) {
            all.add(timers.pending() + " timers are still set");
        }
        if (!unhandled.isEmpty()) {
            all.add("reached the exception handler: " + unhandled);
        }
        return String.join("; ", all);
    }

    private List<String> stillRunning() {
        // a CompletableFuture, because the event loop that completes it must not take a lock
        CompletableFuture<Survey> answer = new CompletableFuture<>();
        Survey.of(vertx).onSuccess(answer::complete);
        try {
            Survey survey = answer.get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            return Stream.concat(
                            survey.tasks().stream().map(task -> "task '" + task.path() + "' is still " + task.state()),
                            survey.silent().stream().map(loop -> loop.loop() + " is blocked"))
                    .toList();
        } catch (TimeoutException | ExecutionException silent) {
            return List.of("the event loops don't answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    AssertionError leftBehind(String left) {
        AssertionError error = new AssertionError("left behind: " + left);
        unhandled.forEach(error::addSuppressed);
        return error;
    }
}
