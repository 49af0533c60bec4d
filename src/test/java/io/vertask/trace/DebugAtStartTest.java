package io.vertask.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Tasks;
import io.vertask.testing.OwnCode;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debug mode from the beginning, which is for a JVM to be started with. */
@Timeout(120)
class DebugAtStartTest {
    /** What the JVM runs: says whether its first task is watched. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            Vertx vertx = Vertx.vertx();
            String tree = Tasks.run(
                    vertx,
                    () -> OwnCode.start(
                                    "first",
                                    () -> Watched.ms(1).map(v -> TaskTree.here().ps()))
                            .future());
            System.out.println(Tracing.of(vertx).isDebug() + " " + tree);
            vertx.close();
        }
    }

    private static String printedBy(Path out, String... flags) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> line = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        line.addAll(List.of(flags));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
        Process process = new ProcessBuilder(line)
                .redirectOutput(out.toFile())
                .redirectError(out.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String printed = Files.readString(out, UTF_8);
        assertThat(ended).as(printed).isTrue();
        return printed;
    }

    @Test
    @Tag("semantics-152")
    void theSystemPropertyTurnsItOnBeforeTheFirstTask(@TempDir Path dir) throws IOException, InterruptedException {
        assertThat(printedBy(dir.resolve("on"), "-Dvertask.debug=true"))
                .startsWith("true ")
                .containsPattern("main/first .*OwnCode.start \\(OwnCode.java:\\d+\\)");
        assertThat(printedBy(dir.resolve("off"))).startsWith("false ").doesNotContain("OwnCode");
    }
}
