package io.vertask.app.output;

import io.vertask.app.job.Job;
import io.vertask.app.job.Mask;
import io.vertask.app.journal.ItemEnd;
import io.vertask.app.ledger.FileTrouble;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.memory.OutOfMemory;
import io.vertask.app.run.PageRows;
import io.vertask.app.run.Result;
import io.vertask.app.run.Sink;
import io.vertask.app.workload.StartFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sink that writes results to stdout or a file, and then to the ledger. A result is always written before its line
 * of the ledger.
 *
 * <p>It has its own thread, so neither a slow reader of stdout nor a slow disk holds up the event loop. The run bounds
 * the length of its queue.
 *
 * <p><b>Threads.</b> As {@link Sink} says.
 */
public final class ResultSink implements Sink {
    private static final long LOOK_MILLIS = 50;
    private static final int BATCH = 500;

    /** An entry of the queue to be written. */
    private sealed interface Entry {}

    private record Ended(Result result) implements Entry {}

    private record Page(PageRows rows) implements Entry {}

    private record End() implements Entry {}

    /**
     * The wait for a slow reader of the results at the end of a run.
     *
     * @param length the time until {@code slow} is called, and the time to wait once {@code isOver} is true
     * @param isOver whether a stop was requested
     * @param slow reports that the results wait for their reader
     */
    public record Patience(Duration length, BooleanSupplier isOver, Runnable slow) {}

    private final Vertx vertx;
    private final Output output;
    private final OutputStream stdout;
    private final List<String> names;
    /** Whether an item's results are its rows; a good end then adds no result. */
    private final boolean onlyRows;

    private final Mask mask;
    private final Console console;
    private final Optional<Ledger> ledger;
    private final Patience patience;

    /** A queue without locks, because the event loop adds to it. */
    private final LinkedTransferQueue<Entry> queue = new LinkedTransferQueue<>();

    /** Items whose results the format has got and may still hold back. */
    private final List<ItemEnd> unrecorded = new ArrayList<>();

    private final Promise<Boolean> closed = Promise.promise();
    private final Thread thread = new Thread(this::serve, "vertask-out");
    private @Nullable Results results;
    private @Nullable Back run;
    private boolean isBroken;

    /** A sink for the results of {@code job}. */
    public ResultSink(
            Vertx vertx,
            Job job,
            Output output,
            OutputStream stdout,
            Mask mask,
            Console console,
            Optional<Ledger> ledger,
            Patience patience) {
        this.vertx = vertx;
        this.output = output;
        this.stdout = stdout;
        this.mask = mask;
        this.console = console;
        this.ledger = ledger;
        this.patience = patience;
        boolean paged = job.step().isPaged();
        this.onlyRows = paged && (job.into().isEmpty() || job.print().isPresent());
        // when pages are only recorded, an item's result has the counts of its rows and not the step's fields
        this.names = paged && !onlyRows ? List.of() : job.step().fields();
    }

    @Override
    public Future<Void> open(Back back) {
        run = back;
        return vertx.executeBlocking(
                () -> {
                    boolean goesOn =
                            ledger.map(open -> open.earlier().done() > 0).orElse(false);
                    try {
                        results = Results.open(output, stdout, names, goesOn, mask, console);
                    } catch (IOException e) {
                        throw new StartFailure(output.file().map(Path::toString).orElse("stdout")
                                + " can't be written: " + FileTrouble.reason(e));
                    }
                    thread.setDaemon(true);
                    thread.start();
                    return null;
                },
                false);
    }

    @Override
    public void ended(Result result) {
        queue.add(new Ended(result));
    }

    @Override
    public void rows(PageRows page) {
        queue.add(new Page(page));
    }

    @Override
    public Future<Boolean> close() {
        queue.add(new End());
        if (!closed.future().isComplete()) {
            watch();
        }
        return closed.future();
    }

    /** Reports a reader that is slow at the end of the run, and gives it up once a stop was requested. */
    private void watch() {
        long[] waited = {0, 0};
        vertx.setPeriodic(LOOK_MILLIS, timer -> {
            if (closed.future().isComplete()) {
                vertx.cancelTimer(timer);
                return;
            }
            long limit = patience.length().toMillis();
            boolean wasPatient = waited[0] < limit;
            waited[0] += LOOK_MILLIS;
            if (wasPatient && waited[0] >= limit) {
                patience.slow().run();
            }
            waited[1] += patience.isOver().getAsBoolean() ? LOOK_MILLIS : 0;
            if (waited[1] >= limit) {
                vertx.cancelTimer(timer);
                closed.tryComplete(false);
            }
        });
    }

    // ---- on the sink's thread

    private void serve() {
        List<Entry> batch = new ArrayList<>(BATCH);
        boolean ended = false;
        try {
            while (!ended) {
                batch.clear();
                Entry first = queue.poll(1, TimeUnit.SECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH - 1);
                }
                ended = batch.stream().anyMatch(End.class::isInstance);
                write(batch, ended);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeQuietly();
            closed.tryComplete(ended);
        }
    }

    /** Frees the places of the results, also when nothing can be written any more, so that the run can end. */
    private void write(List<Entry> batch, boolean last) {
        Results out = Objects.requireNonNull(results);
        if (!isBroken) {
            try {
                record(batch, last, out);
            } catch (Unwritable why) {
                broken(new Broken(why.words, null));
            } catch (RuntimeException | Error bug) {
                OutOfMemory.check(bug);
                broken(new Broken(Optional.of("results can't be written: " + bug), bug));
            }
        }
        for (Entry entry : batch) {
            if (entry instanceof Ended) {
                back().written();
            } else if (entry instanceof Page page) {
                page.rows().written().run();
            }
        }
    }

    /** Closes the output, which is closed already after a good end. */
    private void closeQuietly() {
        try {
            Objects.requireNonNull(results).close();
        } catch (IOException alreadyTold) {
            // an earlier write has failed and was reported
        }
    }

    private void broken(Broken why) {
        isBroken = true;
        back().broken(why);
    }

    private Back back() {
        return Objects.requireNonNull(run);
    }

    private void record(List<Entry> batch, boolean last, Results out) throws Unwritable {
        try {
            for (Entry entry : batch) {
                if (entry instanceof Ended ended) {
                    add(ended.result(), out);
                } else if (entry instanceof Page page) {
                    for (Result row : page.rows().rows()) {
                        out.add(row);
                    }
                }
            }
            if (last) {
                out.end();
            }
            boolean all = out.flush();
            record(all ? unrecorded : List.of());
            if (all) {
                unrecorded.clear();
            }
            if (last) {
                out.close();
            }
        } catch (IOException failed) {
            throw new Unwritable(out.isReaderGone(failed) ? Optional.empty() : Optional.of(out.words(failed)));
        }
    }

    private void add(Result result, Results out) throws IOException {
        ItemEnd end = result.end();
        if (end.how() == ItemEnd.How.CANCELLED) {
            return;
        }
        if (!(onlyRows && end.ok())) {
            out.add(result);
        }
        unrecorded.add(end);
    }

    private void record(List<ItemEnd> ends) throws Unwritable {
        if (ledger.isEmpty()) {
            return;
        }
        try {
            ledger.get().append(ends);
            ledger.get().syncIfDue();
        } catch (IOException failed) {
            throw new Unwritable(Optional.of(ledger.get().file() + " can't be written: " + FileTrouble.reason(failed)));
        }
    }

    /** The failure of a write; its words are empty when the reader has gone. */
    private static final class Unwritable extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Optional<String> words;

        Unwritable(Optional<String> words) {
            super(null, null, false, false);
            this.words = words;
        }
    }
}
