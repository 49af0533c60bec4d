package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.PagedServer;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code do: {pages: ...}} as a user runs it. */
class PagesJobIT {
    @TempDir
    private Path folder;

    private Path job(PagedServer server, String each, String step, String... more) throws IOException {
        Path file = folder.resolve("pages.yaml");
        Files.writeString(
                file,
                "job: pages\nclients: {api: {url: \"" + server.url() + "\", token: hunter2hunter2}}\neach: " + each
                        + "\ndo: {" + step + ", client: api}\n" + String.join("\n", more) + "\n");
        return file;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pages: \"/link/{item}\", next: link                                             | 3",
                "pages: \"/page/{item}\", next: {page: page}                                     | 4",
                "pages: \"/cursor/{item}\", next: {cursor: meta.next, param: after}, rows: items | 3",
                "pages: \"/offset/{item}\", next: {offset: offset, size: 10}                     | 4",
                "pages: \"/offset/{item}\", next: {offset: offset, size: 99}                     | 4",
            })
    void everyWayOfPagingGivesAllRowsInOrder(String step, int fetches) throws IOException, InterruptedException {
        try (PagedServer server = PagedServer.start(23, 0)) {
            Path job = job(server, "[a, b]", step + ", pick: {n: number, of: =item}", "print: \"{of} {n}\"");
            End end = Command.run(Map.of(), job.toString());
            List<String> expected = new ArrayList<>();
            for (String item : List.of("a", "b")) {
                for (int n = 1; n <= 23; n++) {
                    expected.add(item + " " + n);
                }
            }
            assertThat(end.lines()).as(end.err()).isEqualTo(expected);
            assertThat(end.code()).isZero();
            assertThat(server.fetches())
                    .hasSize(2 * fetches)
                    .allSatisfy((url, times) -> assertThat(times).isEqualTo(1));
            assertThat(server.authorizations()).containsOnly("Bearer hunter2hunter2");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "next: {offset: offset, size: 10, step: size, total: total} | 3",
                "next: {offset: offset, size: 10, step: size, more: more}   | 3",
                "next: {offset: offset, size: 10, step: size, end: 404}     | 4",
                "next: {page: page, more: more}                             | 3",
                "next: {page: page, end: [404, 410]}                        | 4",
            })
    void aServerThatFiltersAfterPagingGivesAllItsRows(String next, int fetches)
            throws IOException, InterruptedException {
        try (PagedServer server = PagedServer.start(23, 0)) {
            Path job = job(server, "[a]", "pages: \"/filtered?strict=1\", rows: items, " + next, "print: \"{number}\"");
            End end = Command.run(Map.of(), job.toString());
            // the second page is empty
            assertThat(end.lines())
                    .as(end.err())
                    .containsExactly("1", "2", "3", "4", "6", "7", "8", "9", "21", "22", "23");
            assertThat(end.code()).isZero();
            assertThat(server.fetches()).hasSize(fetches);
            assertThat(end.err()
                            .contains(" before the last had fewer rows than size 10, the first GET"
                                    + " /filtered?strict=1&offset=0 with 8; `step: size` went on by 10"))
                    .isEqualTo(next.contains("offset"));
        }
    }

    @Test
    void aServerThatGivesFewerRowsAtOnceIsToldInTheSummary() throws IOException, InterruptedException {
        try (PagedServer server = PagedServer.start(23, 0)) {
            Path job = job(server, "[a]", "pages: /offset, next: {offset: offset, size: 100}, pick: {n: nmber}");
            End end = Command.run(Map.of(), job.toString());
            assertThat(end.lines()).hasSize(23);
            assertThat(end.err())
                    .contains("  note: 2 pages before the last had fewer rows than size 100, the first"
                            + " GET /offset?offset=0 with 10; `step: rows` went on by the rows received")
                    .contains("  note: pick {n: nmber} was in none of 23 rows\n");
            assertThat(Command.run(Map.of(), job.toString(), "-q").err()).isEmpty();
        }
    }

    @Test
    void withoutPrintARowIsALineOfJson() throws IOException, InterruptedException {
        try (PagedServer server = PagedServer.start(3, 0)) {
            Path job = job(server, "[a]", "pages: \"/link/{item}\", next: link, pick: {n: number}");
            assertThat(Command.run(Map.of(), job.toString()).lines())
                    .containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachFormatHasARowForEachRow(Format format) throws IOException, InterruptedException {
        try (PagedServer server = PagedServer.start(2, 0)) {
            Path job = job(
                    server,
                    "[a, b]",
                    "pages: \"/link/{item}?per_page=1\", next: link, pick: {of: =item, n: number, title: title}");
            End end = Command.run(Map.of(), job.toString(), "-o", format.name().toLowerCase(Locale.ROOT));
            assertThat(end.out()).as(end.err()).isEqualTo(format.expected);
            assertThat(end.code()).isZero();
        }
    }

    /** What comes out for two items of two pages with a row each. */
    enum Format {
        JSONL("""
                {"n":0,"key":"a","ok":true,"result":{"of":"a","n":1,"title":"issue 1"}}
                {"n":0,"key":"a","ok":true,"result":{"of":"a","n":2,"title":"issue 2"}}
                {"n":1,"key":"b","ok":true,"result":{"of":"b","n":1,"title":"issue 1"}}
                {"n":1,"key":"b","ok":true,"result":{"of":"b","n":2,"title":"issue 2"}}
                """),
        CSV("of,n,title\r\na,1,issue 1\r\na,2,issue 2\r\nb,1,issue 1\r\nb,2,issue 2\r\n"),
        TABLE("""
                item  of  n  title
                a     a   1  issue 1
                a     a   2  issue 2
                b     b   1  issue 1
                b     b   2  issue 2
                """);

        private final String expected;

        Format(String expected) {
            this.expected = expected;
        }
    }

    @Test
    void aRedirectThatAsksForAPauseGoesOnFromWhereItLed() throws IOException, InterruptedException {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            server.on(
                    "/a", new Reply.Respond(302, Map.of("Location", "/b", "Retry-After", "1"), ""), new Reply.HangUp());
            server.on("/b", Reply.ok("[1, 2]"));
            Files.writeString(
                    folder.resolve("job.yaml"),
                    "job: pages\neach: [a]\ndo: {pages: \"" + server.url() + "/{item}\", next: link}\n");
            End end = Command.run(folder, Map.of(), "job.yaml");
            assertThat(end.lines()).as(end.err()).containsExactly("1", "2");
            assertThat(end.err()).contains("said Retry-After 1s");
            assertThat(server.requestLines()).containsExactly("GET /a", "GET /b");
        }
    }

    @Test
    void unorderedRowsOfAQuickItemDoNotWaitForThoseOfASlowOneAndKeepTheirOwnOrder() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            server.on("/a", new Reply.When(gate, Reply.ok("[1, 2]")), Reply.ok("[]"));
            server.on("/b", Reply.ok("[3, 4]"), Reply.ok("[5]"), Reply.ok("[]"));
            Files.writeString(
                    folder.resolve("job.yaml"),
                    "job: pages\neach: [a, b]\ndo: {pages: \"" + server.url() + "/{item}\", next: {page: page}}\n");
            try (Command command = Command.start(folder, Map.of(), "job.yaml", "--unordered", "--out", "out.txt")) {
                Path out = folder.resolve("out.txt");
                Command.await(
                        Duration.ofSeconds(30),
                        "all of b is printed",
                        () -> Files.exists(out) && Files.readString(out).equals("3\n4\n5\n"));
                gate.complete(null);
                assertThat(command.end().code()).isZero();
                assertThat(out).hasContent("3\n4\n5\n1\n2\n");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pages: /circle, next: link                        | names a page as its next that was there before | 4",
                "pages: /same, next: {page: page}                  | page 2 is page 1 again                         | 2",
                "pages: /link, next: link, max_pages: 2            | more than 2 pages; raise do.max_pages          | 2",
                "pages: /elsewhere, next: link                     | the next link goes to another origin           | 1",
                "pages: /cursor, next: link                        | `.` of the answer is an object, not an array   | 1",
                "pages: /link, next: link, rows: items             | `items` of the answer is not there             | 1",
                "pages: /gone, next: link                          | 404 Not Found                                  | 1",
                "pages: /gone, next: {page: page, end: 404}        | 404 Not Found                                  | 1",
                "pages: /same, next: {offset: offset, size: 10}    | page 2 is page 1 again                         | 2",
                "pages: /filtered, next: {page: page, more: mre}, rows: items | next.more: `mre` of the answer is not there | 1",
                "pages: /filtered, next: {page: page, total: total}, rows: items | is empty, but next.total says      | 2",
                "pages: /unchanged, next: link                     | 304 Not Modified                               | 1",
            })
    void whatHasNoGoodEndIsAFailureOfItsItem(String step, String message, int fetches)
            throws IOException, InterruptedException {
        try (PagedServer server = PagedServer.start(1_000, 0)) {
            End end = Command.run(Map.of(), job(server, "[a]", step).toString());
            assertThat(end.lines()).last().asString().startsWith("a: ERROR - ").contains(message);
            assertThat(end.code()).isEqualTo(1);
            assertThat(server.fetches().values().stream().mapToInt(n -> n).sum())
                    .isLessThanOrEqualTo(fetches);
            assertThat(end.out() + end.err()).doesNotContain("hunter2").doesNotContain("\tat ");
        }
    }
}
