package io.vertask.app.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.app.journal.ItemEnd;
import io.vertask.app.journal.ItemFailure;
import io.vertask.app.ledger.EarlierItems.Known;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunsTest {
    private static final Runs.Of JOB = new Runs.Of("nightly", "job.yaml", "d0", "0.1.0");

    @TempDir
    private Path folder = Path.of("");

    private final List<String> notes = new ArrayList<>();
    private Path home = Path.of("");
    private int second;

    @BeforeEach
    void home() {
        home = folder.resolve(".vertask");
    }

    /** Each run begins a second after the one before. */
    private Runs runs() {
        Instant now = Instant.parse("2026-11-24T02:00:00Z").plusSeconds(second++);
        return new Runs(home, Clock.fixed(now, ZoneOffset.UTC), notes::add);
    }

    private Ledger begin(StartMode.Kind kind) {
        return runs().begin(JOB, StartMode.of(kind));
    }

    private static ItemEnd ok(long n, String key) {
        return new ItemEnd(n, key, ItemEnd.How.OK, 1, Duration.ofMillis(5), Optional.empty(), false);
    }

    private static ItemEnd failed(long n, String key, boolean again) {
        ItemFailure error = new ItemFailure(
                "http_status", "404", OptionalInt.of(404), Optional.of("response"), "404 Not Found", false);
        return new ItemEnd(n, key, ItemEnd.How.FAILED, 1, Duration.ofMillis(51), Optional.of(error), again);
    }

    private Path done(int exit, ItemEnd... entries) throws IOException {
        Ledger ledger = begin(StartMode.Kind.FRESH);
        ledger.append(List.of(entries));
        ledger.end(exit);
        return ledger.file();
    }

    @Test
    void theLatestRunIsTheOneThatBeganLastNotTheOneThatEndedLast() throws IOException {
        Path first = done(4, ok(0, "a")).getParent();
        Path second = done(4, ok(0, "a"), ok(1, "b")).getParent();
        Ledger other = runs().begin(new Runs.Of("other", "o.yaml", "d1", "0.1.0"), StartMode.of(StartMode.Kind.FRESH));
        other.end(0);
        Instant began = Instant.parse("2026-11-24T02:00:00Z");
        Files.setLastModifiedTime(first, FileTime.from(began.plusSeconds(7_200)));
        Files.setLastModifiedTime(second, FileTime.from(began.plusSeconds(60)));
        Files.setLastModifiedTime(other.file().getParent(), FileTime.from(began.plusSeconds(3_600)));
        try (Ledger resumed = begin(StartMode.Kind.RESUME)) {
            assertThat(resumed.name())
                    .isEqualTo(String.valueOf(Objects.requireNonNull(second).getFileName()));
        }
    }

    @Test
    void aLineIsAsTheContractShowsIt() throws IOException {
        Path file = done(1, ok(4, "a/b"), failed(5, "acme/gone", false), failed(6, "c", true));
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "{\"n\":4,\"key\":\"a/b\",\"ok\":true,\"attempts\":1,\"ms\":5}",
                        "{\"n\":5,\"key\":\"acme/gone\",\"ok\":false,\"attempts\":1,\"ms\":51,\"error\":"
                                + "{\"kind\":\"http_status\",\"status\":404,\"phase\":\"response\","
                                + "\"message\":\"404 Not Found\",\"retryable\":false}}",
                        "{\"n\":6,\"key\":\"c\",\"ok\":false,\"attempts\":1,\"ms\":51,\"error\":"
                                + "{\"kind\":\"http_status\",\"status\":404,\"phase\":\"response\","
                                + "\"message\":\"404 Not Found\",\"retryable\":false},\"again\":true}");
    }

    @Test
    void aResumedRunKnowsWhatIsDoneAndAppends() throws IOException {
        Path file = done(143, ok(0, "a"), failed(1, "b", false));
        Ledger resumed = begin(StartMode.Kind.RESUME);
        assertThat(resumed.file()).isEqualTo(file);
        assertThat(resumed.earlier().retriesFailed()).isFalse();
        assertThat(resumed.earlier().take("a")).isEqualTo(Known.OK);
        assertThat(resumed.earlier().take("a"))
                .as("the same key again is another item")
                .isEqualTo(Known.NOTHING);
        assertThat(resumed.earlier().take("b")).isEqualTo(Known.FAILED);
        assertThat(resumed.earlier().take("c")).isEqualTo(Known.NOTHING);
        resumed.append(List.of(ok(2, "c")));
        resumed.end(0);
        assertThat(Files.readAllLines(file)).hasSize(3);
    }

    @Test
    void aFailureThatWasDoneAgainCountsOnce() throws IOException {
        done(1, failed(0, "a", false), failed(0, "a", true), failed(1, "b", false), ok(1, "b"));
        EarlierItems earlier = begin(StartMode.Kind.RETRY_FAILED).earlier();
        assertThat(earlier.retriesFailed()).isTrue();
        assertThat(earlier.done()).isEqualTo(3);
        assertThat(earlier.take("a")).isEqualTo(Known.FAILED);
        assertThat(earlier.take("a")).isEqualTo(Known.NOTHING);
        assertThat(earlier.take("b")).isEqualTo(Known.OK);
        assertThat(earlier.take("b")).as("two items with one key").isEqualTo(Known.FAILED);
    }

    @Test
    void aTornLastLineIsCutOffAtEveryByte() throws IOException {
        Path file = done(143, ok(0, "a"), ok(1, "bä"));
        byte[] whole = Files.readAllBytes(file);
        int first = Files.readString(file).indexOf('\n') + 1;
        for (int length = first; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            try (Ledger resumed = begin(StartMode.Kind.RESUME)) {
                assertThat(Files.size(file)).as("of %s bytes", length).isEqualTo(first);
                assertThat(resumed.earlier().done()).isEqualTo(1);
            }
        }
    }

    @Test
    void zerosThatACrashOfTheMachineLeftAreCutOff() throws IOException {
        Path file = done(143, ok(0, "a"));
        long size = Files.size(file);
        Files.write(file, new byte[100], StandardOpenOption.APPEND);
        begin(StartMode.Kind.RESUME).close();
        assertThat(file).hasSize(size);
    }

    @Test
    void aDamagedLineBeforeTheLastIsAMistakeWithItsNumber() throws IOException {
        Path file = done(143, ok(0, "a"), ok(1, "b"));
        Files.writeString(file, "{\"n\":0,\n" + Files.readString(file));
        assertThatThrownBy(() -> begin(StartMode.Kind.RESUME))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("results.jsonl:1 is not a line of a ledger");
    }

    @Test
    void aChangedDoIsAMistakeThatSaysWhatToDo() throws IOException {
        done(143, ok(0, "a"));
        Runs.Of changed = new Runs.Of("nightly", "job.yaml", "d1", "0.1.0");
        assertThatThrownBy(() -> runs().begin(changed, StartMode.of(StartMode.Kind.RESUME)))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.isUsage()).isTrue())
                .hasMessageContaining("job.yaml: `do` has changed since run")
                .hasMessageContaining("Undo the change to resume, or do all items again with --fresh");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "d0/i1 | `into` has changed since run",
                "d0    | `into` has changed since run",
                "d1/i0 | `do` has changed since run",
                "d1/i1 | `do` and `into` have changed since run",
                "d1    | `do` and `into` have changed since run"
            })
    void theMessageNamesTheSectionThatHasChanged(String fingerprint, String message) throws IOException {
        try (Ledger run = runs().begin(
                        new Runs.Of("nightly", "job.yaml", "d0/i0", "0.1.0"), StartMode.of(StartMode.Kind.FRESH))) {
            run.append(List.of(ok(0, "a")));
        }
        Runs.Of changed = new Runs.Of("nightly", "job.yaml", fingerprint, "0.1.0");
        assertThatThrownBy(() -> runs().begin(changed, StartMode.of(StartMode.Kind.RESUME)))
                .hasMessageContaining("job.yaml: " + message);
    }

    @Test
    void theLatestRunOfTheSameJobIsGoneOnWith() throws IOException {
        done(0, ok(0, "old"));
        Path latest = done(143, ok(0, "new"));
        runs().begin(new Runs.Of("other", "o.yaml", "d0", "0.1.0"), StartMode.of(StartMode.Kind.FRESH))
                .close();
        try (Ledger resumed = begin(StartMode.Kind.RESUME)) {
            assertThat(resumed.file()).isEqualTo(latest);
        }
    }

    @Test
    void aRunCanBeNamedAndAWrongNameTellsTheRightOnes() throws IOException {
        Ledger first = begin(StartMode.Kind.FRESH);
        first.append(List.of(ok(0, "a")));
        first.end(143);
        done(0, ok(0, "b"));
        StartMode named = new StartMode(StartMode.Kind.RESUME, Optional.of(first.name()));
        try (Ledger resumed = runs().begin(JOB, named)) {
            assertThat(resumed.name()).isEqualTo(first.name());
        }
        for (String wrong : List.of("zzzz", "../" + first.name(), "")) {
            assertThatThrownBy(() -> runs().begin(JOB, new StartMode(StartMode.Kind.RESUME, Optional.of(wrong))))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("there is no run " + wrong + " in ")
                    .hasMessageContaining(first.name());
        }
        Runs.Of other = new Runs.Of("other", "o.yaml", "d0", "0.1.0");
        assertThatThrownBy(() -> runs().begin(other, named))
                .hasMessageContaining("is of the job nightly, not of other");
    }

    @Test
    void aRunIsOfOneProcess() throws IOException {
        try (Ledger open = begin(StartMode.Kind.FRESH)) {
            open.append(List.of(ok(0, "a")));
            assertThatThrownBy(() -> begin(StartMode.Kind.RESUME))
                    .isInstanceOfSatisfying(
                            LedgerException.class, e -> assertThat(e.isUsage()).isFalse())
                    .hasMessageContaining("is in use by another process");
            begin(StartMode.Kind.NEW).close();
            assertThat(notes).as("a run that goes on is not unfinished").isEmpty();
        }
    }

    @Test
    void aNewRunTellsOfAnUnfinishedOneAndAFreshOneDoesNot() throws IOException {
        done(143, ok(0, "a"));
        begin(StartMode.Kind.FRESH).abandon();
        assertThat(notes).isEmpty();
        begin(StartMode.Kind.NEW).abandon();
        assertThat(notes).singleElement().asString().contains("was not finished; --resume continues it");
        notes.clear();
        done(1, ok(0, "a"), failed(1, "b", false));
        begin(StartMode.Kind.NEW).abandon();
        assertThat(notes).isEmpty();
    }

    @Test
    void withoutAnEarlierRunAResumeIsANewRunAndARetryIsAMistake() throws IOException {
        try (Ledger first = begin(StartMode.Kind.RESUME)) {
            assertThat(first.earlier().done()).isZero();
            assertThat(notes).singleElement().asString().contains("has no run of nightly; this is the first one");
        }
        Runs.Of other = new Runs.Of("other", "o.yaml", "d0", "0.1.0");
        assertThatThrownBy(() -> runs().begin(other, StartMode.of(StartMode.Kind.RETRY_FAILED)))
                .hasMessageContaining("there is nothing to retry");
    }

    @Test
    void anAbandonedRunLeavesNoFolder() throws IOException {
        Ledger ledger = begin(StartMode.Kind.NEW);
        ledger.abandon();
        assertThat(home).isEmptyDirectory();
        Ledger kept = begin(StartMode.Kind.NEW);
        kept.append(List.of(ok(0, "a")));
        kept.abandon();
        assertThat(kept.file()).exists();
    }

    @Test
    void aFileInPlaceOfTheFolderIsOneMessage() throws IOException {
        Files.writeString(home, "");
        assertThatThrownBy(() -> begin(StartMode.Kind.NEW))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.isUsage()).isFalse())
                .hasMessageContaining(".vertask can't be written: it is a file, not a folder");
    }
}
