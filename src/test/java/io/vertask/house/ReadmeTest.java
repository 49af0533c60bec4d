package io.vertask.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.sync.AsyncSemaphore;
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
import org.junit.jupiter.api.Test;

/**
 * The README: its code runs, it is short, and the commands that others rely on stand in it. {@link GuideTest} has the
 * rest.
 */
class ReadmeTest {
    private static final Path README = Path.of("README.md");
    private final List<String> fetched = new ArrayList<>();

    private Future<String> fetch(String symbol) {
        return Tasks.sleep(Duration.ofMillis(1)).map(symbol).onSuccess(fetched::add);
    }

    private void shown() {
        // README begins
        AsyncSemaphore limit = AsyncSemaphore.of(5);

        Tasks.run(() -> Tasks.timeout(
                Duration.ofSeconds(10),
                () -> Tasks.gather(
                        () -> limit.withPermit(() -> fetch("AAPL")), () -> limit.withPermit(() -> fetch("GOOG")))));
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
    void itCanBeSkimmed() throws IOException {
        assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(135);
    }

    /** Other programs rely on these two. */
    @Test
    void itHasTheTwoCommands() throws IOException {
        assertThat(Files.readAllLines(README))
                .anyMatch(line -> line.matches("\\./run\\.sh( +#.*)?"))
                .anyMatch(line -> line.matches("mvn -B -ntp verify( +#.*)?"));
    }

    @Test
    void itNamesTheNettyThatThisIsBuiltWith() throws IOException {
        assertThat(linesForNetty()).contains("<version>" + pomProperty("netty.version") + "</version>");
    }

    /** The lines that a user of the library adds to a pom. */
    static String linesForNetty() throws IOException {
        return between(Files.readString(README), "```xml", "```");
    }

    /** A property of this project's pom. */
    static String pomProperty(String name) throws IOException {
        return between(Files.readString(Path.of("pom.xml")), "<" + name + ">", "</" + name + ">");
    }

    private static String between(String text, String begin, String end) {
        Matcher block = Pattern.compile(Pattern.quote(begin) + "\\R?(.*?)" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(text);
        assertThat(block.find()).as("a block from %s to %s", begin, end).isTrue();
        return block.group(1);
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }
}
