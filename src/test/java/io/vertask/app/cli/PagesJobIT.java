package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.PagedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                "pages: \"/offset/{item}\", next: {offset: offset, size: 10}                     | 3",
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

    @Test
    void withoutPrintARowIsALineOfJson() throws IOException, InterruptedException {
        try (PagedServer server = PagedServer.start(3, 0)) {
            Path job = job(server, "[a]", "pages: \"/link/{item}\", next: link, pick: {n: number}");
            assertThat(Command.run(Map.of(), job.toString()).lines())
                    .containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
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
