package io.vertask.app.ledger;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The runs of a working directory, in its folder {@code .vertask}.
 *
 * <p><b>Failure.</b> {@link LedgerException}.
 */
public final class Runs {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TRIES = 100;
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path home;
    private final Clock clock;
    private final Consumer<String> note;

    /** The runs of the folder {@code home}; {@code note} takes messages that are no failures. */
    public Runs(Path home, Clock clock, Consumer<String> note) {
        this.home = home;
        this.clock = clock;
        this.note = note;
    }

    /**
     * The job of a run, by the facts that identify it.
     *
     * @param file the job file, for messages
     * @param fingerprint of the section {@code do}; behind a slash, of {@code into}
     */
    public record Of(String job, String file, String fingerprint, String version) {}

    /** A random short name, which may be taken. */
    public static String name() {
        byte[] bytes = new byte[2];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Begins or resumes a run, as {@code mode} says. */
    public Ledger begin(Of what, StartMode mode) {
        if (mode.goesOn()) {
            Optional<RunInfo> run =
                    mode.run().isPresent() ? Optional.of(named(what, mode.run().get())) : latest(what.job());
            if (run.isPresent()) {
                return goOn(run.get(), what, mode);
            }
            if (mode.kind() == StartMode.Kind.RETRY_FAILED) {
                throw LedgerException.asked(home + " has no run of " + what.job() + ": there is nothing to retry");
            }
            note.accept(what.file() + "  note: " + home + " has no run of " + what.job() + "; this is the first one");
        } else if (mode.kind() == StartMode.Kind.NEW) {
            latest(what.job()).filter(run -> !run.isFinished()).ifPresent(run -> tell(run, what));
        }
        return create(what);
    }

    private void tell(RunInfo run, Of what) {
        if (!RunLock.isTaken(home.resolve(run.run()))) {
            note.accept(what.file() + "  note: run " + run.run() + " of " + WHEN.format(run.began())
                    + " UTC was not finished; --resume continues it, --fresh suppresses this note");
        }
    }

    private Ledger goOn(RunInfo run, Of what, StartMode mode) {
        if (!run.fingerprint().equals(what.fingerprint())) {
            throw LedgerException.asked(what.file() + ": " + changed(run, what) + " since run " + run.run() + " of "
                    + WHEN.format(run.began()) + " UTC, so its results do not belong to this job. "
                    + "Undo the change to resume, or do all items again with --fresh");
        }
        Path folder = home.resolve(run.run());
        RunLock lock;
        try {
            lock = RunLock.take(folder)
                    .orElseThrow(() -> LedgerException.file("run " + run.run()
                            + " is in use by another process; wait until that ends, or begin another run "
                            + "with --fresh"));
        } catch (IOException e) {
            throw LedgerException.file(folder + " can't be locked: " + FileTrouble.reason(e));
        }
        Path results = folder.resolve(Ledger.RESULTS);
        try {
            EarlierItems earlier = EarlierItems.nothing(mode.kind() == StartMode.Kind.RETRY_FAILED);
            long length = Files.exists(results) ? LedgerReader.read(results, earlier) : 0;
            return Ledger.open(folder, run.goesOn(what.file(), now()), lock, earlier, false, length);
        } catch (IOException e) {
            close(lock);
            throw LedgerException.file(results + " can't be written: " + FileTrouble.reason(e));
        } catch (RuntimeException e) {
            close(lock);
            throw e;
        }
    }

    private static String changed(RunInfo run, Of what) {
        String[] before = run.fingerprint().split("/", 2);
        String[] now = what.fingerprint().split("/", 2);
        boolean isStep = !before[0].equals(now[0]);
        boolean isInto = !Arrays.equals(before, 1, before.length, now, 1, now.length);
        return isStep && isInto ? "`do` and `into` have changed" : isInto ? "`into` has changed" : "`do` has changed";
    }

    private static void close(RunLock lock) {
        try {
            lock.close();
        } catch (IOException gone) {
            // nothing was written under this lock
        }
    }

    private Ledger create(Of what) {
        Path folder = home;
        try {
            Files.createDirectories(home);
            folder = free();
            RunLock lock =
                    RunLock.take(folder).orElseThrow(() -> new IOException("another process has just locked it"));
            RunInfo info = new RunInfo(
                    String.valueOf(folder.getFileName()),
                    what.job(),
                    what.file(),
                    what.fingerprint(),
                    what.version(),
                    now(),
                    OptionalInt.empty());
            return Ledger.open(folder, info, lock, EarlierItems.nothing(false), true, 0);
        } catch (IOException e) {
            throw LedgerException.file(folder + " can't be written: " + FileTrouble.reason(e)
                    + ". A run records its results in " + home + " of the working directory, to be resumable");
        }
    }

    private Path free() throws IOException {
        for (int i = 1; ; i++) {
            try {
                return Files.createDirectory(home.resolve(name()));
            } catch (FileAlreadyExistsException taken) {
                if (i == TRIES) {
                    throw new IOException("it has too many runs; remove old ones", taken);
                }
            }
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private RunInfo named(Of what, String run) {
        Path folder = home.resolve(run.matches("[A-Za-z0-9]+") ? run : "-");
        RunInfo info = RunInfo.read(folder).orElse(null);
        if (info == null) {
            List<String> known = all().stream()
                    .filter(other -> other.job().equals(what.job()))
                    .sorted(Comparator.comparing(RunInfo::began).reversed())
                    .limit(5)
                    .map(RunInfo::run)
                    .toList();
            throw LedgerException.asked("there is no run " + run + " in " + home + "; "
                    + (known.isEmpty()
                            ? "it has no run of " + what.job()
                            : "its runs of " + what.job() + ", latest first: " + String.join(" ", known)));
        }
        if (!info.job().equals(what.job())) {
            throw LedgerException.asked("run " + run + " is of the job " + info.job() + ", not of " + what.job());
        }
        return info;
    }

    /**
     * The run of {@code job} whose latest process began last.
     *
     * <p>A folder changes when a process of its run begins, or later. So the folders are read in the order of their
     * changes, and those that changed before the best run began can't hold a better one.
     */
    private Optional<RunInfo> latest(String job) {
        RunInfo best = null;
        for (Changed folder : byChange()) {
            if (best != null && folder.at().compareTo(best.began()) < 0) {
                break;
            }
            RunInfo run = RunInfo.readOf(job, folder.path()).orElse(null);
            if (run != null && (best == null || run.began().isAfter(best.began()))) {
                best = run;
            }
        }
        return Optional.ofNullable(best);
    }

    /** A folder, and the time of its last change. */
    private record Changed(Path path, Instant at) {}

    private List<Changed> byChange() {
        List<Changed> all = new ArrayList<>();
        folders(folder -> {
            try {
                BasicFileAttributes seen = Files.readAttributes(folder, BasicFileAttributes.class);
                if (seen.isDirectory()) {
                    all.add(new Changed(folder, seen.lastModifiedTime().toInstant()));
                }
            } catch (IOException gone) {
                // removed meanwhile
            }
        });
        all.sort(Comparator.comparing(Changed::at).reversed());
        return all;
    }

    private List<RunInfo> all() {
        List<RunInfo> all = new ArrayList<>();
        folders(folder -> RunInfo.read(folder).ifPresent(all::add));
        return all;
    }

    private void folders(Consumer<Path> each) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(home)) {
            folders.forEach(each);
        } catch (NoSuchFileException | NotDirectoryException none) {
            // no run yet
        } catch (DirectoryIteratorException e) {
            throw unreadable(Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private LedgerException unreadable(IOException why) {
        return LedgerException.file(home + " can't be read: " + FileTrouble.reason(why));
    }
}
