package io.vertask.app.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.Mask;
import io.vertask.app.journal.ItemEnd;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.ledger.Runs;
import io.vertask.app.ledger.StartMode;
import io.vertask.app.run.Result;
import io.vertask.app.run.Sink;
import io.vertask.testing.Blocked;
import io.vertask.testing.Jobs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultSinkTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("");

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger written = new AtomicInteger();
    private final CountDownLatch oneWritten = new CountDownLatch(1);
    private final List<Sink.Broken> told = new ArrayList<>();
    private final List<ItemEnd> changed = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        return Blocked.on(future);
    }

    private static ItemEnd end(long n, ItemEnd.How how) {
        return new ItemEnd(n, "k" + n, how, 1, Duration.ZERO, Optional.empty(), false);
    }

    private Ledger ledger() {
        return new Runs(folder.resolve(".vertask"), Clock.systemUTC(), note -> {})
                .begin(new Runs.Of("x", "x.yaml", "d", "0"), StartMode.of(StartMode.Kind.FRESH));
    }

    private ResultSink sink(OutputStream out, Format format, Ledger ledger, ResultSink.Patience patience) {
        Output output =
                new Output(format, Optional.empty(), false, Progress.Mode.NONE, Terminal.Color.NEVER, false, false);
        Console console = new Console(
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                Mask.NONE,
                output,
                new Terminal(false, false, Map.of()));
        ResultSink sink = new ResultSink(
                vertx,
                Jobs.read("x.yaml", "job: x\ndo: {sleep: 1ms}\n", Map.of(), List.of()),
                output,
                out,
                Mask.NONE,
                console,
                Optional.of(ledger),
                patience);
        await(sink.open(new Sink.Back() {
            @Override
            public void written() {
                written.incrementAndGet();
                oneWritten.countDown();
            }

            @Override
            public void changed(ItemEnd was, ItemEnd now) {
                changed.add(now);
            }

            @Override
            public void broken(Sink.Broken why) {
                told.add(why);
            }
        }));
        console.close();
        return sink;
    }

    private static ResultSink.Patience patient() {
        return new ResultSink.Patience(LONG, () -> true, () -> {});
    }

    private static void line(ResultSink sink, long n, String text) {
        sink.ended(new Result(end(n, ItemEnd.How.OK), Optional.of(text), null));
    }

    /** Writes {@code count} lines and the end of a cancelled item, and closes. */
    private void write(OutputStream out, Format format, Ledger ledger, int count) {
        ResultSink sink = sink(out, format, ledger, patient());
        for (int i = 0; i < count; i++) {
            line(sink, i, "ä" + i);
        }
        sink.ended(new Result(end(count, ItemEnd.How.CANCELLED), Optional.empty(), null));
        assertThat(await(sink.close()).isWhole()).isTrue();
    }

    private String words() {
        assertThat(told).hasSize(1);
        return told.get(0).words().orElse("nobody reads");
    }

    @Test
    void everyLineIsWrittenAndRecordedAndItsPlaceGivenBack() throws Exception {
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
    void whatATableHeldBackIsRecordedOnceItIsOut() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Ledger ledger = ledger();
        write(out, Format.TABLE, ledger, 7);
        assertThat(out.toString(StandardCharsets.UTF_8)).hasLineCount(8);
        assertThat(Files.readAllLines(ledger.file())).hasSize(7);
    }

    @Test
    void aReaderThatHasGoneIsToldOnceAndNothingBlocksAndNothingUnreadIsRecorded() throws Exception {
        Ledger ledger = ledger();
        write(failing("Broken pipe"), Format.LINES, ledger, 10);
        assertThat(words()).isEqualTo("nobody reads");
        assertThat(written).hasValue(11);
        assertThat(ledger.file()).isEmptyFile();
    }

    @Test
    void aFullDiskIsNoReaderThatHasGone() {
        write(failing("No space left on device"), Format.LINES, ledger(), 3);
        assertThat(words()).isEqualTo("stdout can't be written: No space left on device");
    }

    @Test
    void aLedgerThatCanNotBeWrittenStopsTheWriting() throws Exception {
        Ledger closed = ledger();
        closed.close();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, Format.LINES, closed, 2_000);
        assertThat(words()).contains("results.jsonl can't be written: ");
        assertThat(written).hasValue(2_001);
    }

    @Test
    void aBugWhileWritingIsToldAndNothingBlocks() throws Exception {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) {
                throw new IllegalStateException("a bug");
            }
        };
        write(broken, Format.LINES, ledger(), 3);
        assertThat(words()).isEqualTo("results can't be written: java.lang.IllegalStateException: a bug");
        assertThat(told.get(0).bug()).isInstanceOf(IllegalStateException.class);
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
        ResultSink sink = sink(
                stuck,
                Format.LINES,
                ledger(),
                new ResultSink.Patience(Duration.ofMillis(150), () -> slow.get() > 0, slow::incrementAndGet));
        line(sink, 0, "x");
        assertThat(await(sink.close()).isWhole())
                .as("once the end is asked for it waits no longer")
                .isFalse();
        assertThat(slow).as("it waited, and said so").hasValue(1);
        assertThat(written).hasValue(0);
        gate.countDown();
        assertThat(oneWritten.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(stuck).hasToString("x\n");
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
