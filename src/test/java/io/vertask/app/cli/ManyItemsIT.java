package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.CountingServer;
import io.vertask.testing.Footprint;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many items from a file through many calls at once: all of them, in order, in little memory. */
class ManyItemsIT {
    private static final int AT_ONCE = 256;

    @TempDir
    private Path folder;

    private Path list(int items) throws IOException {
        List<String> numbers =
                IntStream.rangeClosed(1, items).mapToObj(Integer::toString).toList();
        return Files.write(folder.resolve("items.txt"), numbers);
    }

    private Command start(CountingServer server, String memory) throws IOException {
        Files.writeString(folder.resolve("job.yaml"), """
                job: many
                each: {file: items.txt}
                do: {get: "%s/{item}", body: discard}
                print: "{item}"
                limits: {concurrency: %d, timeout: 30s}
                """.formatted(server.url(), AT_ONCE));
        return Command.start(folder, Map.of("VERTASK_JAVA_OPTS", memory), "job.yaml");
    }

    private void assertWhole(End end, CountingServer server, Path list) throws IOException {
        List<String> all = Files.readAllLines(list);
        assertThat(end.code()).as(end.err()).isZero();
        assertThat(end.lines()).isEqualTo(all);
        assertThat(end.err()).contains("ok " + all.size()).contains("in flight: peak " + AT_ONCE + " of " + AT_ONCE);
        assertThat(server.peak()).isLessThanOrEqualTo(AT_ONCE);
        assertThat(server.count()).isEqualTo(all.size());
        assertThat(recordedKeys()).isEqualTo(all);
    }

    private List<String> recordedKeys() throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve(".vertask"))) {
            Path only = runs.reduce((one, other) -> {
                        throw new AssertionError("two runs");
                    })
                    .orElseThrow();
            try (Stream<String> lines = Files.lines(only.resolve("results.jsonl"))) {
                return lines.map(JsonObject::new)
                        .filter(line -> line.getBoolean("ok"))
                        .map(line -> line.getString("key"))
                        .toList();
            }
        }
    }

    @Test
    void twentyThousandItemsOfAFileTakeLittleMemoryAndComeInOrder() throws Exception {
        Path list = list(20_000);
        try (CountingServer server = CountingServer.start(0);
                Command command = start(server, "-Xmx64m")) {
            assertWhole(command.end(), server, list);
        }
    }

    @Test
    @Tag("stress")
    void twoHundredThousandItemsOfAFileTake96MegabytesAndNoMoreLateThanEarly() throws Exception {
        int items = 200_000;
        Path list = list(items);
        try (CountingServer server = CountingServer.start(0);
                Command command = start(server, "-Xmx96m")) {
            Footprint early = footprint(command, server, items / 4);
            Footprint late = footprint(command, server, items - items / 20);
            assertWhole(command.end(Duration.ofMinutes(5)), server, list);
            System.out.println("a quarter done: " + early + "; nearly all: " + late);
            assertThat(late.live()).as("%s, then %s", early, late).isLessThan(early.live() + (4 << 20));
            assertThat(late.resident()).as("%s, then %s", early, late).isLessThan(early.resident() + (32 << 20));
        }
    }

    private static Footprint footprint(Command command, CountingServer server, int requests) throws Exception {
        Command.await(Duration.ofMinutes(4), requests + " requests", () -> server.count() >= requests);
        return Footprint.of(command.pid());
    }
}
