package io.vertask.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Tasks;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The public API is what {@code api.txt} says: a change of it is seen in review. After a wanted change the file is
 * written anew by {@code mvn test -Dtest=PublicApiTest -Dapi.write=true}.
 */
class PublicApiTest {
    private static final Path API = Path.of("src/test/resources/api.txt");

    @Test
    void thePublicApiIsTheOneOnFile() throws IOException, URISyntaxException {
        String now = ApiDump.ofTheLibrary(Path.of(
                Tasks.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
        if (Boolean.getBoolean("api.write")) {
            Files.writeString(API, now);
        }
        assertThat(now)
                .as("the public API; when the change is wanted: mvn test -Dtest=PublicApiTest -Dapi.write=true")
                .isEqualTo(Files.readString(API));
    }
}
