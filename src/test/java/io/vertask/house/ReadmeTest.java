package io.vertask.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README shows is what runs. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");
    private final List<String> fetched = new ArrayList<>();

    private Future<String> fetch(String symbol) {
        return Tasks.sleep(Duration.ofMillis(1)).map(symbol).onSuccess(fetched::add);
    }

    private void shown() {
        // README begins
        Tasks.run(() ->
                Tasks.timeout(Duration.ofSeconds(10), () -> Tasks.gather(() -> fetch("AAPL"), () -> fetch("GOOG"))));
        // README ends
    }

    @Test
    void theCodeInTheReadmeRuns() {
        shown();
        assertThat(fetched).containsExactlyInAnyOrder("AAPL", "GOOG");
    }

    @Test
    void theCodeInTheReadmeIsTheCodeHere() throws IOException {
        Path self = Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java");
        String here = between(Files.readString(self), "// README begins", "// README ends");
        String there = between(Files.readString(README), "```java", "```");
        assertThat(words(there)).isEqualTo(words(here));
    }

    @Test
    void theJobInTheReadmeIsTheOneInConf() throws IOException {
        String shown = between(Files.readString(README), "```yaml", "```");
        String conf = Files.readString(Path.of("conf/url_status.yaml"));
        assertThat(withoutComments(conf)).isEqualTo(withoutComments(shown));
    }

    @Test
    void everyRoomIsOnTheReadmesMap() throws IOException {
        String readme = Files.readString(README);
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<String> missing = files.filter(file -> file.endsWith("package-info.java"))
                    .map(file -> Path.of("src/main/java")
                            .relativize(file.getParent())
                            .toString()
                            .replace('/', '.'))
                    .filter(room -> !room.equals("io.vertask.app") && !room.startsWith("io.vertask.app.workload."))
                    .filter(room -> !readme.contains("| `" + room + "` |"))
                    .collect(Collectors.toList());
            assertThat(missing).isEmpty();
        }
    }

    private static String between(String text, String begin, String end) {
        Matcher block = Pattern.compile(Pattern.quote(begin) + "\\R(.*?)" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(text);
        assertThat(block.find()).as("a block from %s to %s", begin, end).isTrue();
        return block.group(1);
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static List<String> withoutComments(String yaml) {
        return yaml.lines()
                .map(line -> line.replaceFirst("\\s+#.*$", "").replaceFirst("^#.*$", ""))
                .filter(line -> !line.isBlank())
                .toList();
    }
}
