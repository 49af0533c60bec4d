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
}
