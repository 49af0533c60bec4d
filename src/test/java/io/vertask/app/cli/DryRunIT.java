package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.RecordingHttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --dry-run}, as a user runs it. */
class DryRunIT {
    @TempDir
    private Path folder;

    @Test
    void itShowsThreeCallsTheirNumberAndTheLeastTimeAndSendsNothing() throws IOException, InterruptedException {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            Path items = Files.writeString(folder.resolve("items.txt"), "a\nb\nc\nd\n");
            Path job = Files.writeString(folder.resolve("job.yaml"), """
                    job: x
                    clients: {api: {url: "%s", token: "${TOKEN}"}}
                    each: {file: %s}
                    do: {post: "/x/{item}", client: api, json: {id: "{item}"}}
                    limits: {rate: 30/m}
                    """.formatted(server.url(), items));
            End end = Command.run(Map.of("TOKEN", "planted-in-the-environment"), job.toString(), "--dry-run");
            assertThat(end.code()).as(end.err()).isZero();
            assertThat(end.lines())
                    .startsWith("a", "  POST /x/a at " + server.url())
                    .contains("  Authorization: ••••", "  {\"id\":\"c\"}", "items: 4", "least time: 6s")
                    .doesNotContain("d")
                    .endsWith("nothing was sent");
            assertThat(end.out() + end.err()).doesNotContain("planted");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void itemsThatCannotBeReadAreExit3() throws IOException, InterruptedException {
        Path job =
                Files.writeString(folder.resolve("job.yaml"), "job: x\neach: {file: nowhere.txt}\ndo: {sleep: 1s}\n");
        End end = Command.run(Map.of(), job.toString(), "--dry-run");
        assertThat(end.code()).isEqualTo(3);
        assertThat(end.err()).contains("nowhere.txt").doesNotContain("\tat ");
        assertThat(end.out()).isEmpty();
    }
}
