package io.vertask.app.output;

import io.vertask.app.job.Job;
import io.vertask.app.job.Mask;
import io.vertask.app.journal.ItemEnd;
import io.vertask.app.journal.ItemFailure;
import io.vertask.app.ledger.FileTrouble;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.memory.OutOfMemory;
import io.vertask.app.run.KeptAnswer;
import io.vertask.app.run.PageRows;
import io.vertask.app.run.Result;
import io.vertask.app.run.Sink;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.StartFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The sink that writes results to stdout or a file, and then to the ledger. A result is always written before its line
 * of the ledger. The answer of an item that failed only after its call is kept before that line.
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
    private final Optional<Keeper> keeper;
    /** Whether a later run may call again when a result can't be written. */
    private final boolean repeatable;

    private final Patience patience;

    /** A queue without locks, because the event loop adds to it. */
    private final LinkedTransferQueue<Entry> queue = new LinkedTransferQueue<>();

    /** Items whose results the format has got and may still hold back. */
    private final List<Result> unrecorded = new ArrayList<>();

    /** The items of which the format has refused a page, until they end. */
    private final Map<Long, ItemFailure> refused = new HashMap<>();

    private final Promise<Closed> closed = Promise.promise();
    private final Thread thread = new Thread(this::serve, "vertask-out");
    private @Nullable Results results;
    private @Nullable Back run;
    private @Nullable Unwritable broken;
    private final AtomicLong recorded = new AtomicLong();

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
        this.keeper = ledger.map(open -> new Keeper(open, job));
        this.repeatable = job.step().isRepeatable();
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
    public boolean printsLines() {
        return output.format() == Format.LINES;
    }

    @Override
    public boolean mayRefuse() {
        return output.format().hasColumns();
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
    public Future<Closed> close() {
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
                closed.tryComplete(new Closed(false, recorded.get()));
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
            closed.tryComplete(new Closed(ended, recorded.get()));
        }
    }

    /** Frees the places of the results, also when nothing can be written any more, so that the run can end. */
    private void write(List<Entry> batch, boolean last) {
        Results out = Objects.requireNonNull(results);
        if (broken == null) {
            try {
                record(batch, last, out);
            } catch (Unwritable why) {
                broken(why, null);
            } catch (RuntimeException | Error bug) {
                OutOfMemory.check(bug);
                broken(new Unwritable(Optional.of("results can't be written: " + bug), false), bug);
            }
        }
        if (broken != null) {
            salvage(batch, broken);
        }
        for (Entry entry : batch) {
            if (entry instanceof Ended) {
                back().written();
            } else if (entry instanceof Page page) {
                told(page.rows());
            }
        }
    }

    private void told(PageRows page) {
        ItemFailure why = refused.get(page.n());
        if (why == null) {
            page.written().run();
        } else {
            page.refused().accept(why);
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

    private void broken(Unwritable why, @Nullable Throwable bug) {
        broken = why;
        back().broken(new Broken(why.words, bug));
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
                    add(page.rows(), out);
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
            throw new Unwritable(out.isReaderGone(failed) ? Optional.empty() : Optional.of(out.words(failed)), false);
        }
    }

    private void add(Result result, Results out) throws IOException {
        if (result.end().how() == ItemEnd.How.CANCELLED) {
            refused.remove(result.n());
            Result kept = cancelled(result);
            if (kept.end().how() == ItemEnd.How.FAILED) {
                out.add(kept);
                unrecorded.add(kept);
            }
            return;
        }
        Result known = known(result, out);
        if (!(onlyRows && known.end().ok())) {
            out.add(known);
        }
        unrecorded.add(known);
    }

    /** A cancelled item whose answer is kept; a failure when it has one that can't be kept. */
    private Result cancelled(Result result) {
        if (result.answer().isEmpty() || keeper.isEmpty()) {
            return result;
        }
        ItemEnd known = keeper.get().keepCancelled(result.end(), result.answer().get());
        return known.equals(result.end()) ? result : changed(result.end(), known);
    }

    /** The result to write: a failure when the format refuses it, or has refused a page of the item. */
    private Result known(Result result, Results out) {
        ItemEnd end = result.end();
        ItemFailure page = refused.remove(result.n());
        if (!end.ok()) {
            return kept(result, end, result.answer());
        }
        if (page != null) {
            return changed(end, end.failed(page));
        }
        Optional<String> why = onlyRows ? Optional.empty() : out.refuses(List.of(result));
        return why.isEmpty() ? result : kept(result, refused(end, why.get()), result.answer());
    }

    private void add(PageRows page, Results out) throws IOException {
        Optional<String> why = out.refuses(page.rows());
        if (why.isEmpty()) {
            for (Result row : page.rows()) {
                out.add(row);
            }
            return;
        }
        ItemEnd end = refused(page.rows().get(0).end(), why.get());
        // a page that is not recorded is simply fetched again
        ItemEnd known = page.page()
                .map(answer -> keeper.map(open -> open.keep(end, answer)).orElse(end))
                .orElseGet(() -> end.failed(end.failure().orElseThrow().ofCall()));
        refused.put(page.n(), known.failure().orElseThrow());
    }

    private ItemEnd refused(ItemEnd end, String why) {
        return end.failed(ItemFailure.after(KeptAnswer.OUTPUT, "output", mask.message(why)));
    }

    /** Keeps the answer of an item that has failed as {@code end}. */
    private Result kept(Result result, ItemEnd end, Optional<Answer> answer) {
        ItemEnd known = answer.isPresent() && keeper.isPresent() ? keeper.get().keep(end, answer.get()) : end;
        return known.equals(result.end()) ? result : changed(result.end(), known);
    }

    private Result changed(ItemEnd was, ItemEnd now) {
        back().changed(was, now);
        return Result.failed(now, Optional.empty());
    }

    private void record(List<Result> results) throws Unwritable {
        try {
            if (ledger.isPresent()) {
                ledger.get().append(results.stream().map(Result::end).toList());
                ledger.get().syncIfDue();
            }
            recorded.addAndGet(results.size());
        } catch (IOException failed) {
            throw new Unwritable(
                    Optional.of(ledger.orElseThrow().file() + " can't be written: " + FileTrouble.reason(failed)),
                    true);
        }
    }

    /**
     * Records the results that can't be written as failed, when their calls can't be repeated: a later run then writes
     * them and does not call again. The results of other calls are not recorded, and a later run does them again.
     */
    private void salvage(List<Entry> batch, Unwritable why) {
        List<Result> lost = new ArrayList<>(unrecorded);
        unrecorded.clear();
        if (repeatable || ledger.isEmpty() || why.ofLedger) {
            return;
        }
        Set<Long> known = lost.stream().map(Result::n).collect(Collectors.toSet());
        for (Entry entry : batch) {
            if (entry instanceof Ended ended && !known.contains(ended.result().n())) {
                Result result = ended.result();
                if (result.end().how() == ItemEnd.How.CANCELLED) {
                    Result kept = cancelled(result);
                    if (kept.end().how() == ItemEnd.How.FAILED) {
                        lost.add(kept);
                    }
                    continue;
                }
                lost.add(result.end().ok() ? result : kept(result, result.end(), result.answer()));
            }
        }
        String words = mask.message(why.words.orElse("nobody reads the results any more"));
        ItemFailure failure = ItemFailure.after(KeptAnswer.OUTPUT, "output", words);
        lost.replaceAll(
                result -> result.end().ok() ? kept(result, result.end().failed(failure), result.answer()) : result);
        try {
            record(lost);
        } catch (Unwritable full) {
            broken = full;
        }
    }

    /** The failure of a write; its words are empty when the reader has gone. */
    private static final class Unwritable extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Optional<String> words;
        private final boolean ofLedger;

        Unwritable(Optional<String> words, boolean ofLedger) {
            super(null, null, false, false);
            this.words = words;
            this.ofLedger = ofLedger;
        }
    }
}
