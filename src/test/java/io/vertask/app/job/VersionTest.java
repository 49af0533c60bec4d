package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VersionTest {
    @Test
    void itIsThePomsWithoutTheSnapshot() throws IOException {
        String pom = Files.readString(Path.of("pom.xml")).replaceFirst("(?s).*?<version>(.*?)</version>.*", "$1");
        assertThat(Version.TEXT).isEqualTo(pom.replace("-SNAPSHOT", "")).matches("\\d+\\.\\d+\\.\\d+.*");
    }
}
