package io.vertask.app.cli;

import io.vertask.app.job.Job;
import io.vertask.app.job.Mask;
import io.vertask.app.job.Version;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.ledger.FileTrouble;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.ledger.LedgerException;
import io.vertask.app.ledger.Runs;
import io.vertask.app.ledger.StartMode;
import io.vertask.app.output.Console;
import io.vertask.app.output.EventLines;
import io.vertask.app.output.LedgerSkips;
import io.vertask.app.output.Output;
import io.vertask.app.output.Progress;
import io.vertask.app.output.ResultSink;
import io.vertask.app.output.Summary;
import io.vertask.app.output.Terminal;
import io.vertask.app.run.Ports;
import io.vertask.app.run.Run;
import io.vertask.app.run.RunEnd;
import io.vertask.app.workload.sql.Databases;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A run of a job on the console: results on stdout, messages and progress on stderr, a ledger, signals, and an exit
 * code.
 *
 * <p><b>Threads.</b> {@link #run} blocks its caller, a plain thread.
 */
final class ConsoleRun {
    private static final Path HOME = Path.of(".vertask");

    /**
     * The time until a slow reader of the results is reported; after a request to stop, the time until it is given up.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Map<String, String> env;
    private final InputStream stdin;
    private final OutputStream stdout;
    private final PrintStream stderr;
    private final Output output;
    private final StartMode mode;

    /**
     * Makes a console for runs.
     *
     * @param output the choices of the output flags
     * @param mode how the run begins in relation to earlier runs
     */
    ConsoleRun(
            Vertx vertx,
            Map<String, String> env,
            InputStream stdin,
            OutputStream stdout,
            PrintStream stderr,
            Output output,
            StartMode mode) {
        this.vertx = vertx;
        this.env = env;
        this.stdin = stdin;
        this.stdout = stdout;
        this.stderr = stderr;
        this.output = output;
        this.mode = mode;
    }

    /** Runs {@code job}, closes everything that it opened, and returns the exit code. */
    ExitCode run(Job job, Stopper stopper, StopWatchdog watchdog) {
        Mask mask = Mask.of(job, env);
        try (Console console = new Console(stderr, mask, output, Terminal.of(env))) {
            Optional<String> overwritten = Overwriting.of(output, job, HOME, env);
            if (overwritten.isPresent()) {
                console.say(overwritten.get());
                return ExitCode.USAGE;
            }
            Optional<Ledger> ledger;
            try {
                ledger = ledger(job, console);
            } catch (LedgerException reason) {
                console.say(String.valueOf(reason.getMessage()));
                return reason.isUsage() ? ExitCode.USAGE : ExitCode.NOT_STARTED;
            }
            try {
                return run(job, stopper, watchdog, mask, console, ledger);
            } finally {
                ledger.ifPresent(Ledger::abandon);
            }
        }
    }

    private Optional<Ledger> ledger(Job job, Console console) {
        if (mode.kind() == StartMode.Kind.UNRECORDED) {
            return Optional.empty();
        }
        Runs runs = new Runs(HOME, Clock.systemUTC(), note(console));
        return Optional.of(runs.begin(new Runs.Of(job.name(), job.file(), job.fingerprint(), Version.TEXT), mode));
    }

    private Consumer<String> note(Console console) {
        return output.quiet() ? line -> {} : console::say;
    }

    private ExitCode run(
            Job job, Stopper stopper, StopWatchdog watchdog, Mask mask, Console console, Optional<Ledger> ledger) {
        boolean resumed = ledger.map(Ledger::isResumed).orElse(false);
        Consumer<String> note = note(console);
        job.notes().forEach(note);
        Databases.notes(job, env).forEach(note);
        job.resumeNote().filter(line -> resumed).ifPresent(note);
        long began = System.nanoTime();
        // after the deadline nobody waits longer for a reader than after a stop
        BooleanSupplier isOver = () -> stopper.isAsked()
                || job.limits()
                        .deadline()
                        .filter(limit -> System.nanoTime() - began >= limit.toNanos())
                        .isPresent();
        ResultSink sink = new ResultSink(
                vertx,
                job,
                output,
                stdout,
                mask,
                console,
                ledger,
                new ResultSink.Patience(
                        PATIENCE, isOver, () -> console.tell("the run is over; its results wait for their reader")));
        Ports ports = Ports.of(ledger.map(Ledger::name).orElseGet(Runs::name), sink)
                .env(env)
                .stdin(stdin)
                .unordered(output.unordered())
                .listener(new EventLines(console, output))
                .listener(stopper::listen)
                .note(output.quiet() ? line -> {} : line -> console.tell(MessageText.oneLine(line)));
        Run run = Run.start(vertx, job, resumed ? ports.resuming(LedgerSkips.of(ledger.orElseThrow(), job)) : ports);
        stopper.attach(run, vertx, console::tell);
        watchdog.watch(new WatchedRun(
                run,
                job,
                vertx.getOrCreateContext(),
                began,
                sink,
                console,
                output.quiet() ? line -> {} : console::tell,
                ledger));
        console.follow(progress(run, job, began));
        RunEnd end;
        try {
            end = Blocking.await(run.end());
        } finally {
            watchdog.leave();
            stopper.detach();
            console.follow(() -> null);
        }
        return ended(end, stopper.code(), console, ledger);
    }

    /**
     * A source of progress that asks the event loop and returns its previous answer, so it never waits for a busy loop.
     */
    private static Supplier<@Nullable Progress> progress(Run run, Job job, long began) {
        AtomicReference<@Nullable Progress> last = new AtomicReference<>();
        return () -> {
            run.totals().onSuccess(totals -> {
                OptionalLong all = totals.items();
                last.set(new Progress(
                        job.name(),
                        all.isPresent() ? OptionalLong.of(all.getAsLong() - totals.skipped()) : all,
                        totals.ok(),
                        totals.failed(),
                        totals.inFlight(),
                        Duration.ofNanos(System.nanoTime() - began)));
            });
            return last.get();
        };
    }

    private ExitCode ended(RunEnd end, @Nullable ExitCode asked, Console console, Optional<Ledger> ledger) {
        RunEnd.Cause cause = end.cause();
        if (end.bug().isPresent()) {
            StringWriter trace = new StringWriter();
            end.bug().get().printStackTrace(new PrintWriter(trace));
            console.say("this is a bug in Vertask, please report it:\n" + trace);
        }
        if (cause == RunEnd.Cause.NOT_STARTED || cause == RunEnd.Cause.NOT_DEPLOYED) {
            end.words().ifPresent(console::say);
            return cause == RunEnd.Cause.NOT_STARTED ? ExitCode.NOT_STARTED : ExitCode.NOT_DEPLOYED;
        }
        ExitCode code = end.bug().isPresent() ? ExitCode.BUG : code(end, asked);
        if (cause != RunEnd.Cause.READER_GONE) {
            if (!output.quiet()) {
                Summary.of(end, ledger.map(Ledger::file)).forEach(line -> console.say(line, console.paint()::summary));
            }
            if (!output.quiet() || code == ExitCode.STOPPED_EARLY) {
                why(end, asked)
                        .map(why -> Summary.cut(end, why, ledger.isPresent()))
                        .ifPresent(line -> console.say(line, console.paint()::failure));
            }
        }
        return ledger.isPresent() ? recorded(code, ledger.get(), console) : code;
    }

    private static ExitCode code(RunEnd end, @Nullable ExitCode asked) {
        return switch (end.cause()) {
            case FINISHED -> end.isWithinAllowed() ? ExitCode.OK : ExitCode.FAILURES;
            case ASKED -> Objects.requireNonNull(asked);
            default -> ExitCode.STOPPED_EARLY;
        };
    }

    /** The reason why the run ended before its input; empty when it did not. */
    private static Optional<String> why(RunEnd end, @Nullable ExitCode asked) {
        if (end.cause() != RunEnd.Cause.ASKED) {
            return end.words();
        }
        String unread = end.written() ? "" : " while results waited for their reader";
        return Optional.of("stopped by " + Objects.requireNonNull(asked).signal() + unread);
    }

    private static ExitCode recorded(ExitCode code, Ledger ledger, Console console) {
        try {
            ledger.end(code.code());
            return code;
        } catch (IOException e) {
            console.say(ledger.file() + " can't be written: " + FileTrouble.reason(e) + "; --resume continues from it");
            return code == ExitCode.OK || code == ExitCode.FAILURES ? ExitCode.STOPPED_EARLY : code;
        }
    }
}
