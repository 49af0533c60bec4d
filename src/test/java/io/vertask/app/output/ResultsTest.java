package io.vertask.app.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.app.job.Mask;
import io.vertask.app.journal.ItemEnd;
import io.vertask.app.journal.ItemFailure;
import io.vertask.app.run.Result;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> refused = new ArrayList<>();
    private long n;

    private static Output output(Format format, Optional<Path> file, Terminal.Color color) {
        return new Output(format, file, false, Progress.Mode.NONE, color, false, false);
    }

    private String written(Output output, List<String> names, boolean goesOn, Result... rows) throws IOException {
        Terminal none = new Terminal(false, false, Map.of());
        out.reset();
        try (Console console =
                        new Console(new PrintStream(err, true, StandardCharsets.UTF_8), Mask.NONE, output, none);
                Results results = Results.open(output, out, names, goesOn, Mask.NONE, console)) {
            for (Result row : rows) {
                Optional<String> why = results.refuses(List.of(row));
                why.ifPresent(refused::add);
                if (why.isEmpty()) {
                    results.add(row);
                }
            }
            results.end();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private String written(Format format, Result... rows) throws IOException {
        return written(output(format, Optional.empty(), Terminal.Color.AUTO), List.of(), false, rows);
    }

    private Result ok(String key, @Nullable Object value) {
        ItemEnd entry = new ItemEnd(n++, key, ItemEnd.How.OK, 1, Duration.ofMillis(1), Optional.empty(), false);
        return new Result(entry, Optional.of(key + "!"), value);
    }

    private Result failed(String key) {
        ItemFailure error = new ItemFailure(
                "no_connection", "no connection", OptionalInt.empty(), Optional.empty(), "refused", true);
        ItemEnd entry = new ItemEnd(n++, key, ItemEnd.How.FAILED, 3, Duration.ofMillis(1), Optional.of(error), false);
        return new Result(entry, Optional.of(key + ": ERROR - refused"), null);
    }

    private static JsonObject object(Object... namesAndValues) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    @Test
    void linesHaveFailuresAmongThem() throws IOException {
        assertThat(written(Format.LINES, ok("a", 1), failed("b"), ok("c", 2)))
                .isEqualTo("a!\nb: ERROR - refused\nc!\n");
    }

    @Test
    void colourIsOnlyWhereItIsAskedFor() throws IOException {
        Output coloured = output(Format.LINES, Optional.empty(), Terminal.Color.ALWAYS);
        assertThat(written(coloured, List.of(), false, ok("a", 1), failed("b")))
                .isEqualTo("a!\n\u001b[31mb: ERROR - refused\u001b[0m\n");
    }

    @Test
    void jsonlHasAnObjectForEachItem() throws IOException {
        assertThat(written(Format.JSONL, ok("a", object("x", 1)), ok("b", null), failed("c")))
                .isEqualTo("{\"n\":0,\"key\":\"a\",\"ok\":true,\"result\":{\"x\":1}}\n"
                        + "{\"n\":1,\"key\":\"b\",\"ok\":true,\"result\":null}\n"
                        + "{\"n\":2,\"key\":\"c\",\"ok\":false,\"error\":{\"kind\":\"no_connection\","
                        + "\"message\":\"refused\",\"retryable\":true}}\n");
    }

    @Test
    void csvIsThatOfRfc4180AndFailuresGoToStderr() throws IOException {
        assertThat(written(
                        Format.CSV,
                        failed("z"),
                        ok("a", object("x", "a,b", "y", "say \"hi\"")),
                        ok("b", object("y", "two\nlines", "x", new BigDecimal("1E+2"))),
                        ok("c", null),
                        ok("d", new JsonArray().add(object("x", true)).add(object("y", object("z", 1))))))
                .isEqualTo(
                        "x,y\r\n\"a,b\",\"say \"\"hi\"\"\"\r\n100,\"two\nlines\"\r\ntrue,\r\n,\"{\"\"z\"\":1}\"\r\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("z: ERROR - refused\n");
    }

    @Test
    void aRecordWithALaterFieldIsRefusedAndAMissingFieldIsAnEmptyCell() throws IOException {
        for (Format format : List.of(Format.CSV, Format.TABLE)) {
            refused.clear();
            String text = written(
                    format,
                    ok("z", new JsonArray().add(object("first", 1)).add(object("first", 1, "more", 2))),
                    ok("a", object("x", 1, "y", 2)),
                    ok("b", object("x", 3, "late", 4)),
                    ok("c", object("y", 5)),
                    ok("d", 6),
                    ok("e", new JsonArray().add(object("x", 7)).add(object("late", 8))),
                    ok("f", new JsonArray()),
                    ok("g", object()));
            assertThat(text)
                    .doesNotContain("first", "late", "4", "6", "7", "8")
                    .contains("x")
                    .contains("5");
            assertThat(refused)
                    .containsExactly(
                            "-o " + name(format) + ": the field `more` is not among the columns: first"
                                    + ". Name the columns with do.pick, or choose -o jsonl",
                            "-o " + name(format) + ": the field `late` is not among the columns: x y"
                                    + ". Name the columns with do.pick, or choose -o jsonl",
                            "-o " + name(format) + ": a value that is no object is not among the columns: x y"
                                    + ". Name the columns with do.pick, or choose -o jsonl",
                            "-o " + name(format) + ": the field `late` is not among the columns: x y"
                                    + ". Name the columns with do.pick, or choose -o jsonl");
        }
    }

    private static String name(Format format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    @Test
    void aFirstRecordWithoutFieldsMakesNoColumns() throws IOException {
        assertThat(written(Format.CSV, ok("a", object()), ok("b", object("x", 1))))
                .isEqualTo("x\r\n1\r\n");
        assertThat(refused).singleElement().asString().contains("the first record has no fields to make columns of");
    }

    @Test
    void declaredColumnsThatTheFileLacksAreRefusedAtTheStart(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("out.csv");
        Files.writeString(file, "x\r\n1\r\n");
        Output csv = output(Format.CSV, Optional.of(file), Terminal.Color.AUTO);
        assertThatThrownBy(() -> written(csv, List.of("x", "y"), true))
                .isInstanceOf(IOException.class)
                .hasMessage("its columns are x, and the job gives y too; choose another file");
        assertThat(file).hasContent("x\r\n1\r\n");
        written(csv, List.of("x"), true, ok("b", object("x", 2)));
        assertThat(file).hasContent("x\r\n1\r\n2\r\n");
    }

    @Test
    void aResultThatIsNoObjectIsOneColumn() throws IOException {
        assertThat(written(Format.CSV, ok("a", 7), ok("b", ""))).isEqualTo("value\r\n7\r\n\"\"\r\n");
    }

    @Test
    void aTableIsAlignedAndNumbersAreOnTheRight() throws IOException {
        assertThat(written(
                        Format.TABLE,
                        ok("python/cpython", object("stars", 66_214, "what", "a\tb")),
                        failed("acme/gone"),
                        ok("a/b", object("stars", 7, "what", "ä"))))
                .isEqualTo("""
                        item            stars  what
                        python/cpython  66214  a b
                        acme/gone       ERROR - refused
                        a/b                 7  ä
                        """);
    }

    @Test
    void aTableHoldsNoMoreThanItsFirstRows() throws IOException {
        Output table = output(Format.TABLE, Optional.empty(), Terminal.Color.AUTO);
        Terminal none = new Terminal(false, false, Map.of());
        try (Console console = new Console(new PrintStream(err, true, StandardCharsets.UTF_8), Mask.NONE, table, none);
                Results results = Results.open(table, out, List.of("x"), false, Mask.NONE, console)) {
            for (int i = 1; i <= 99; i++) {
                results.add(ok("k" + i, object("x", i)));
            }
            assertThat(results.flush()).isFalse();
            assertThat(out.size()).isZero();
            results.add(ok("k100", object("x", 100)));
            assertThat(results.flush()).isTrue();
            assertThat(out.toString(StandardCharsets.UTF_8)).hasLineCount(101);
            results.add(ok("a key that is wider than all before", object("x", 1)));
            assertThat(results.flush()).isTrue();
        }
    }

    @Test
    void aRunThatGoesOnAddsToItsFileAfterATornLine(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("out.csv");
        Output csv = output(Format.CSV, Optional.of(file), Terminal.Color.AUTO);
        written(csv, List.of(), false, ok("a", object("x", 1, "y", 2)));
        Files.writeString(file, Files.readString(file) + "3,");
        written(csv, List.of(), true, ok("b", object("y", 4, "x", 3)));
        assertThat(file).hasContent("x,y\r\n1,2\r\n3,4\r\n");
        written(csv, List.of("x", "y"), false, ok("b", object("y", 4, "x", 3)));
        assertThat(file).hasContent("x,y\r\n3,4\r\n");
    }
}
