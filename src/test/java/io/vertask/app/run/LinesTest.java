package io.vertask.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.Item;
import io.vertask.app.job.Mask;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.ledger.Past;
import io.vertask.app.ledger.Runs;
import io.vertask.app.output.Console;
import io.vertask.app.output.Format;
import io.vertask.app.output.Output;
import io.vertask.app.output.Progress;
import io.vertask.app.output.Results;
import io.vertask.app.output.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinesTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("");

    private final AtomicInteger written = new AtomicInteger();
    private final List<String> told = new ArrayList<>();

    private static ItemResult line(long n, String text) {
        return ItemResult.ok(new Item(n, n, "k" + n), Optional.of(text), null, 1, Duration.ZERO);
    }

    private Ledger ledger() {
        return new Runs(folder.resolve(".vertask"), Clock.systemUTC(), note -> {})
                .begin(new Runs.Of("x", "x.yaml", "d", "0"), Past.of(Past.Kind.FRESH));
    }

    /** On their way to {@code out}; what could not be written is in {@link #told}. */
    private Lines lines(OutputStream out, Format format, Ledger ledger) throws IOException {
        Output output =
                new Output(format, Optional.empty(), false, Progress.Mode.NONE, Terminal.Color.NEVER, false, false);
        try (Console console = new Console(
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                Mask.NONE,
                output,
                new Terminal(false, false, Map.of()))) {
            return new Lines(
                    new Recording(
                            Results.open(output, out, List.of(), false, Mask.NONE, console),
                            Optional.of(ledger),
                            Mask.NONE,
                            false),
                    written::incrementAndGet,
                    why -> told.add(why.words().orElse("nobody reads")));
        }
    }

    /** Writes {@code count} lines and closes. */
    private Lines write(OutputStream out, Format format, Ledger ledger, int count) throws IOException {
        Lines lines = lines(out, format, ledger);
        for (int i = 0; i < count; i++) {
            lines.add(line(i, "ä" + i));
        }
        lines.add(ItemResult.cancelled(new Item(count, null, "c"), 1, Duration.ZERO));
        assertThat(lines.close(LONG, () -> true, () -> {})).isTrue();
        return lines;
    }

    @Test
    void everyLineIsWrittenAndRecordedAndItsPlaceGivenBack() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Ledger ledger = ledger();
        write(out, Format.LINES, ledger, 2);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("ä0\nä1\n");
        assertThat(written).hasValue(3);
        assertThat(Files.readAllLines(ledger.file()))
                .as("a cancelled item is to be done again")
                .hasSize(2);
    }

    @Test
    void whatATableHeldBackIsRecordedOnceItIsOut() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Ledger ledger = ledger();
        write(out, Format.TABLE, ledger, 7);
        assertThat(out.toString(StandardCharsets.UTF_8)).hasLineCount(8);
        assertThat(Files.readAllLines(ledger.file())).hasSize(7);
    }

    @Test
    void aReaderThatHasGoneIsToldOnceAndNothingBlocksAndNothingUnreadIsRecorded() throws IOException {
        Ledger ledger = ledger();
        Lines lines = write(failing("Broken pipe"), Format.LINES, ledger, 10);
        assertThat(lines.isReaderGone()).isTrue();
        assertThat(told).containsExactly("nobody reads");
        assertThat(written).hasValue(11);
        assertThat(ledger.file()).isEmptyFile();
    }

    @Test
    void aFullDiskIsNoReaderThatHasGone() throws IOException {
        Lines lines = write(failing("No space left on device"), Format.LINES, ledger(), 3);
        assertThat(lines.isReaderGone()).isFalse();
        assertThat(told).containsExactly("stdout can't be written: No space left on device");
    }

    @Test
    void aLedgerThatCanNotBeWrittenStopsTheWriting() throws IOException {
        Ledger closed = ledger();
        closed.close();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, Format.LINES, closed, 2_000);
        assertThat(told).singleElement().asString().contains("results.jsonl can't be written: ");
        assertThat(written).hasValue(2_001);
    }

    @Test
    void aBugWhileWritingIsToldAndNothingBlocks() throws IOException {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) {
                throw new IllegalStateException("a bug");
            }
        };
        Lines lines = write(broken, Format.LINES, ledger(), 3);
        assertThat(told).containsExactly("results can't be written: java.lang.IllegalStateException: a bug");
        assertThat(Objects.requireNonNull(lines.broken()).bug()).containsInstanceOf(IllegalStateException.class);
        assertThat(written).hasValue(4);
    }

    @Test
    void aSlowReaderIsWaitedForAsLongAsNobodyAsksForTheEnd() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger slow = new AtomicInteger();
        OutputStream stuck = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int from, int length) {
                try {
                    assertThat(gate.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                super.write(bytes, from, length);
            }
        };
        Lines lines = lines(stuck, Format.LINES, ledger());
        lines.add(line(0, "x"));
        boolean all = lines.close(Duration.ofMillis(150), () -> slow.get() > 0, slow::incrementAndGet);
        assertThat(all).as("once the end is asked for it waits no longer").isFalse();
        assertThat(slow).as("it waited, and said so").hasValue(1);
        assertThat(written).hasValue(0);
        gate.countDown();
        assertThat(lines.close(LONG, () -> false, () -> {})).isTrue();
        assertThat(stuck).hasToString("x\n");
        assertThat(written).hasValue(1);
    }

    private static OutputStream failing(String reason) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        };
    }
}
