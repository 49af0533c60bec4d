package io.vertask.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SiteTest {
    @Test
    void noRoomOfTheLibraryIsTheProgramsOwn() throws IOException {
        try (Stream<Path> rooms = Files.list(Path.of("src/main/java/io/vertask"))) {
            List<String> taken = rooms.map(room -> room.getFileName().toString())
                    .filter(room -> !room.equals("app"))
                    .map(room -> "io.vertask." + room + ".Some")
                    .filter(Site::isOwn)
                    .toList();
            assertThat(taken).isEmpty();
        }
        assertThat(Site.isOwn("io.vertask.app.workload.Some")).isTrue();
        assertThat(Site.isOwn("com.example.Resize")).isTrue();
    }

    @Test
    void aFrameWithoutALineIsSaidOnlyWhenNoneOfTheProgramsHasOne() {
        StackTraceElement platform = new StackTraceElement("java.util.Random", "next", "Random.java", 7);
        StackTraceElement hidden = new StackTraceElement("com.example.Resize$$Lambda/0x01", "get", null, -1);
        StackTraceElement entered = new StackTraceElement("com.example.Resize", "lambda$run$0", "Resize.java", -1);
        StackTraceElement line = new StackTraceElement("com.example.Resize", "run", "Resize.java", 41);
        assertThat(Site.in(List.of(platform, hidden, entered, line))).isEqualTo("Resize.run (Resize.java:41)");
        assertThat(Site.in(List.of(platform, hidden, entered))).isEqualTo("Resize.lambda$run$0 (Resize.java)");
        assertThat(Site.in(List.of(platform, hidden))).isEqualTo("Random.next (Random.java:7)");
        assertThat(Site.in(List.of())).isNull();
    }
}
