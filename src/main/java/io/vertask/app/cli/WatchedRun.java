package io.vertask.app.cli;

import io.vertask.app.job.Job;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.output.Console;
import io.vertask.app.output.EventLines;
import io.vertask.app.output.ResultSink;
import io.vertask.app.run.Run;
import io.vertx.core.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A run on the console as the {@link StopWatchdog} sees it.
 *
 * @param loop a context of the run's event loop
 * @param note takes lines that are not needed; it does not block
 * @param began the start of the run, by {@link System#nanoTime}
 */
record WatchedRun(
        Run run,
        Job job,
        Context loop,
        long began,
        ResultSink sink,
        Console console,
        Consumer<String> note,
        Optional<Ledger> ledger)
        implements StopWatchdog.Stoppable {
    private static final long WRITE_SECONDS = 2;

    @Override
    public OptionalLong deadline() {
        Optional<Duration> deadline = job.limits().deadline();
        return deadline.isPresent() ? OptionalLong.of(began + deadline.get().toNanos()) : OptionalLong.empty();
    }

    @Override
    public String blocked(Thread thread, Duration since) {
        return EventLines.blocked(run.occupied(thread, since));
    }

    @Override
    public String advice() {
        return job.step().loopCall().isPresent() ? " Add `offload: io`." : "";
    }

    @Override
    public String next() {
        return ledger.isPresent() ? " Go on with --resume." : "";
    }

    @Override
    public void tell(String line) {
        note.accept(line);
    }

    @Override
    public void salvage(ExitCode code) {
        run.handOut();
        CountDownLatch closed = new CountDownLatch(1);
        AtomicBoolean whole = new AtomicBoolean();
        sink.close().onComplete(end -> {
            whole.set(end.succeeded() && end.result().isWhole());
            closed.countDown();
        });
        try {
            if (!closed.await(WRITE_SECONDS, TimeUnit.SECONDS) || !whole.get() || ledger.isEmpty()) {
                return; // its thread may still write; each line that it has written is with the system
            }
            ledger.get().end(code.code());
        } catch (IOException unrecorded) {
            console.say(ledger.orElseThrow().file() + " has no end: " + unrecorded.getMessage());
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void say(String line) {
        console.say(line, console.paint()::failure);
    }
}
