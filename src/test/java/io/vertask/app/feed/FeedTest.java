package io.vertask.app.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.Job;
import io.vertask.app.workload.StartFailure;
import io.vertask.stream.Streams;
import io.vertask.task.Outcome;
import io.vertask.testing.Jobs;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every source of items, from real files and streams. */
class FeedTest {
    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();

    private static Job job(String each) {
        return Jobs.read("test.yaml", "job: test\neach: " + each + "\ndo: {sleep: 1ms}\n", Map.of(), List.of());
    }

    private Outside outside(InputStream stdin) {
        return new Outside(stdin, Outside.none().database(), notes::add);
    }

    private VirtualRun<List<Offer>> play(Feed feed) {
        return VirtualRun.of(() -> feed.open().compose(source -> Streams.toList(source, 1_000_000)));
    }

    private List<Offer> offers(String each) {
        return offers(play(Feed.of(job(each), outside(InputStream.nullInputStream()))));
    }

    private static List<Offer> offers(VirtualRun<List<Offer>> run) {
        assertThat(run.outcome()).isInstanceOf(Outcome.Success.class);
        return Objects.requireNonNull(((Outcome.Success<List<Offer>>) run.outcome()).value());
    }

    private List<@Nullable Object> values(String each) {
        List<@Nullable Object> values = new ArrayList<>();
        offers(each).forEach(offer -> values.add(offer.item().value()));
        return values;
    }

    private String failure(String each) {
        Feed feed = Feed.of(job(each), outside(InputStream.nullInputStream()));
        Outcome<List<Offer>> outcome = play(feed).outcome();
        assertThat(outcome).isInstanceOf(Outcome.Failure.class);
        Throwable error = ((Outcome.Failure<List<Offer>>) outcome).error();
        assertThat(error).isInstanceOf(StartFailure.class);
        return String.valueOf(error.getMessage());
    }

    private String file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content).toString();
    }

    private String file(String name, String content) throws IOException {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theNumberOfItemsIsKnownAlsoWhenTheLastLineHasNoEnd() throws IOException {
        Feed feed =
                Feed.of(job("{file: \"" + file("items.txt", "a\n\nb") + "\"}"), outside(InputStream.nullInputStream()));
        assertThat(offers(play(feed))).hasSize(2);
        assertThat(feed.count()).isEqualTo(OptionalLong.of(2));
    }

    @Test
    void aLineIsAnItemAsItStandsWhateverEndsItAndBlankOnesAreNone() throws IOException {
        String name = file("items.txt", "\uFEFFfirst\r\n\n \t\n# no comment\n  two words \n\u00e4\uFFFD\nlast");
        assertThat(values("{file: " + name + "}"))
                .containsExactly("first", "# no comment", "  two words", "\u00e4\uFFFD", "last");
    }

    @Test
    void aLineIsANumberOnlyIfItLooksTheSameAsText() throws IOException {
        String name = file("items.txt", "7\n-12\n1.50\n007\n1e5\n0x1f\n-\n+1\ntrue\n99999999999999999999\n");
        assertThat(values("{file: " + name + "}"))
                .containsExactly(
                        7L,
                        -12L,
                        new java.math.BigDecimal("1.50"),
                        "007",
                        "1e5",
                        "0x1f",
                        "-",
                        "+1",
                        "true",
                        "99999999999999999999");
        assertThat(offers("{file: " + name + "}"))
                .extracting(offer -> offer.item().key())
                .startsWith("7", "-12", "1.50", "007");
    }

    @Test
    void linesAcrossReadsAreWholeAndCountedBeforeTheFirst() throws IOException {
        StringBuilder text = new StringBuilder();
        IntStream.range(0, 50_000).forEach(n -> text.append("item-").append(n).append('\n'));
        Feed feed = Feed.of(job("{file: " + file("items.txt", text.toString()) + "}"), Outside.none());
        Outcome<Object> outcome = VirtualRun.of(() -> feed.open().compose(source -> {
                    assertThat(feed.count()).isEqualTo(OptionalLong.of(50_000));
                    long[] n = {0};
                    return Streams.forEach(source, offer -> {
                                assertThat(offer.item().value()).isEqualTo("item-" + n[0]);
                                assertThat(offer.item().n()).isEqualTo(n[0]++);
                                return io.vertx.core.Future.succeededFuture();
                            })
                            .map(end -> (Object) n[0]);
                }))
                .outcome();
        assertThat(outcome).isEqualTo(new Outcome.Success<Object>(50_000L));
    }

    @Test
    void jsonLinesAreObjectsAndOneThatIsNoneIsAnItemThatFails() throws IOException {
        String name = file("items.jsonl", "{\"id\": 1}\n{\"id\":}\n[1]\n\"text\"\n");
        List<Offer> offers = offers("{file: " + name + "}");
        assertThat(offers).hasSize(4);
        assertThat(offers.get(0).item().value()).isEqualTo(new JsonObject().put("id", 1));
        assertThat(offers.get(1).flaw().orElseThrow()).startsWith("line 2 is not JSON: ");
        assertThat(offers.get(1).item().key()).isEqualTo("{\"id\":}");
        assertThat(offers.get(2).flaw()).contains("line 3 is a list; an item is one value or an object");
        assertThat(offers.get(3).item().value()).isEqualTo("text");
        assertThat(values("{file: " + name + ", format: lines}")).startsWith("{\"id\": 1}");
    }

    @Test
    void theKeyIsMadeOfTheSourcesValueAndAsOfItToo() throws IOException {
        String name = file("items.jsonl", "{\"id\": 1, \"url\": \"/a\"}\n{\"id\": 2}\n");
        List<Offer> offers = offers("{file: " + name + ", as: \"x{item.url}\", key: \"no. {item.id}\"}");
        assertThat(offers.get(0).item().value()).isEqualTo("x/a");
        assertThat(offers.get(0).item().key()).isEqualTo("no. 1");
        assertThat(offers.get(1).flaw().orElseThrow()).startsWith("each.as: {item.url}");
    }

    @Test
    void aKeyThatComesAgainIsSaidOnceAndBothAreItems() throws IOException {
        String name = file("items.txt", "a\nb\na\nb\n");
        assertThat(values("{file: " + name + "}")).containsExactly("a", "b", "a", "b");
        assertThat(notes)
                .containsExactly("test.yaml  note: the key `a` comes more than once; both run, but a resume takes"
                        + " them for one");
    }

    @Test
    void filesOfAPatternAreSortedAndHiddenOnesAreNone() throws IOException {
        for (String name : List.of("b.bin", "a.bin", "B.bin", "x.txt", ".hidden.bin", "sub/c.bin", "sub/deep/d.bin")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
        Files.createDirectory(folder.resolve("folder.bin"));
        String at = folder + "/";
        assertThat(values("{glob: \"" + at + "*.bin\"}")).containsExactly(at + "B.bin", at + "a.bin", at + "b.bin");
        assertThat(values("{glob: \"" + at + "**.bin\"}"))
                .containsExactly(at + "B.bin", at + "a.bin", at + "b.bin", at + "sub/c.bin", at + "sub/deep/d.bin");
        assertThat(values("{glob: \"" + at + "*/{c,d}.bin\"}")).containsExactly(at + "sub/c.bin");
        assertThat(values("{glob: \"" + at + ".hid*\"}")).containsExactly(at + ".hidden.bin");
        assertThat(values("{glob: pom.xm?}")).containsExactly("pom.xml");
        assertThat(notes).isEmpty();
    }

    @Test
    void aPatternThatFitsNothingIsANote() {
        assertThat(values("{glob: \"" + folder + "/none/*.bin\"}")).isEmpty();
        assertThat(notes).singleElement().asString().endsWith("note: no file fits each.glob " + folder + "/none/*.bin");
    }

    @Test
    void whatCannotBeReadSaysWhatAndWhereAndTheFix() throws IOException {
        String latin = file("latin.txt", new byte[] {'a', '\n', 'b', (byte) 0xe4, '\n'});
        String wide = file("wide.txt", "a\nb\n".getBytes(StandardCharsets.UTF_16));
        String endless = file("endless.txt", "x".repeat((1 << 20) + 1));
        assertThat(failure("{file: " + folder + "/none.txt}"))
                .startsWith("each.file: there is no file " + folder + "/none.txt in /");
        assertThat(failure("{file: " + folder + "}"))
                .isEqualTo("each.file: " + folder + " is a folder; for its files write glob: \"" + folder + "/*\"");
        assertThat(failure("{file: " + latin + "}"))
                .isEqualTo(latin + ":2 is not UTF-8; convert it, like: iconv -f ISO-8859-1 -t UTF-8");
        assertThat(failure("{file: " + wide + "}")).contains(":1 is not UTF-8", "iconv -f UTF-16");
        assertThat(failure("{file: " + endless + "}")).contains(":1 is a line of more than 1 MiB");
        Path locked = folder.resolve("locked.txt");
        Files.createFile(locked, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
        if (!Files.isReadable(locked)) { // root reads everything
            assertThat(failure("{file: " + locked + "}")).endsWith("can't be read: permission denied");
        }
    }

    @Test
    void linesOfStdinComeAsTheyAreWrittenAndNobodyWaitsForTheBufferToFill() throws IOException {
        PipedOutputStream keyboard = new PipedOutputStream();
        PipedInputStream stdin = new PipedInputStream(keyboard);
        Feed feed = Feed.of(job("{stdin: lines}"), outside(stdin));
        keyboard.write("one\ntw".getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
        VirtualRun<String> run = VirtualRun.of(() -> feed.open()
                .compose(source -> source.next().compose(first -> {
                    assertThat(feed.count()).isEmpty();
                    write(keyboard, "o\n");
                    return source.next().compose(second -> {
                        close(keyboard);
                        return source.next()
                                .map(end -> first.orElseThrow().item().value() + " "
                                        + second.orElseThrow().item().value() + " " + end.isPresent());
                    });
                })));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("one two false"));
    }

    @Test
    void theLinesBeforeOneThatIsNotUtf8AreItems() {
        byte[] bytes = {'a', '\n', 'b', '\n', (byte) 0xe4, '\n', 'c', '\n'};
        Feed feed = Feed.of(job("{stdin: lines}"), outside(new ByteArrayInputStream(bytes)));
        List<@Nullable Object> seen = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() -> feed.open()
                .compose(source -> Streams.forEach(source, offer -> {
                    seen.add(offer.item().value());
                    return Future.succeededFuture();
                })));
        assertThat(run.outcome()).isInstanceOf(Outcome.Failure.class);
        assertThat(((Outcome.Failure<Void>) run.outcome()).error()).hasMessageStartingWith("stdin:3 is not UTF-8");
        assertThat(seen).containsExactly("a", "b");
    }

    @Test
    void aNameThatCantBeAFileNameIsAFailureOfTheStart() {
        assertThat(failure("{file: \"a\\0b\"}"))
                .isEqualTo("each.file: `a\uFFFDb` can't be a file name here; it contains U+0000");
        assertThat(failure("{glob: \"a\\0*\"}"))
                .isEqualTo("each.glob: `a\uFFFD*` can't be a file name here; it contains U+0000");
    }

    private static void write(PipedOutputStream out, String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void close(PipedOutputStream out) {
        try {
            out.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void stdinMayHaveJsonLines() {
        byte[] text = "{\"a\": true}".getBytes(StandardCharsets.UTF_8);
        Feed feed = Feed.of(job("{stdin: jsonl}"), outside(new ByteArrayInputStream(text)));
        assertThat(offers(play(feed)).get(0).item().value()).isEqualTo(new JsonObject().put("a", true));
    }

    @Test
    void aProducersPaceIsBetweenItemsAndNotAfterTheLast() {
        VirtualRun<List<Offer>> run = play(Feed.of(job("{range: 1..5, every: 10ms}"), Outside.none()));
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void theFileIsReadNoFurtherThanNeededAndClosedWhenItsReaderLeaves() throws Exception {
        Path big = folder.resolve("big.txt");
        Files.writeString(big, "some line of some length\n".repeat(200_000));
        Feed feed = Feed.of(job("{file: " + big + "}"), Outside.none());
        VirtualRun.of(() -> feed.open().compose(source -> source.next().compose(first -> source.close())));
        io.vertask.testing.Command.await(
                Duration.ofSeconds(10),
                "no thread reads any more",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("vertask-in")
                                && thread.isAlive()
                                && thread.getThreadGroup()
                                        == Thread.currentThread().getThreadGroup()));
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(open.map(FeedTest::target)).doesNotContain(big.toString());
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException gone) {
            return "";
        }
    }

    @Test
    void aCancelAtAnyMomentLeavesNothingBehind() throws IOException {
        String name = file("items.txt", "a\nb\nc\n");
        VirtualRun.<Void>cancelledAtEveryTurn(
                () -> () -> Feed.of(job("{file: " + name + ", every: 1ms}"), Outside.none())
                        .open()
                        .compose(source ->
                                Streams.forEach(source, offer -> io.vertask.task.Tasks.sleep(Duration.ofMillis(1)))),
                (turn, run) -> {
                    assertThat(run.pendingTimers()).as("turn %s", turn).isZero();
                    assertThat(run.unhandled()).as("turn %s", turn).isEmpty();
                });
    }
}
