package io.vertask.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Maven project outside this one, with the library and the testkit as its dependencies: it compiles, its tests on the
 * virtual clock pass, and what belongs to the application alone does not come with them.
 */
@Tag("jdk")
class LibraryUserIT {
    private static final Path TARGET =
            Objects.requireNonNull(Path.of(property("vertask.jar")).getParent());
    private static final Path LOCAL_REPOSITORY = Path.of(property("vertask.local.repository"));
    private static final String HERE = "io/vertask/vertask/";
    /** A version that nothing else has, taken out of the local repository again at the end. */
    private final String version = "0-it-" + ProcessHandle.current().pid();

    @TempDir
    Path folder = Path.of("");

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }

    @Test
    @Timeout(300)
    void aProjectElsewhereUsesTheLibraryAndTheTestkit() throws IOException, InterruptedException {
        Path repository = publish();
        Path project = folder.resolve("library-user");
        copy(Path.of("src/test/resources/library-user"), project);
        addNetty(project.resolve("pom.xml"));
        Path output = folder.resolve("output.txt");
        Process maven = new ProcessBuilder(
                        Path.of(property("vertask.maven"), "bin", "mvn").toString(),
                        "-B",
                        "-ntp",
                        "-Dmaven.repo.local=" + LOCAL_REPOSITORY,
                        "-Dvertask.version=" + version,
                        "-Dnetty.version=" + ReadmeTest.pomProperty("netty.version"),
                        "-Dvertask.repository=" + repository,
                        "test")
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(maven.waitFor(280, TimeUnit.SECONDS)).isTrue();
        } finally {
            maven.destroyForcibly();
        }
        assertThat(maven.exitValue()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output)).containsPattern("Tests run: \\d+, Failures: 0, Errors: 0, Skipped: 0");
    }

    /** Puts the lines that the README names into the project's pom. */
    private static void addNetty(Path pom) throws IOException {
        Files.writeString(
                pom,
                Files.readString(pom).replace("<!-- the README's lines for Netty -->", ReadmeTest.linesForNetty()));
    }

    /** The jars of this build and their pom, laid out as a repository. */
    private Path publish() throws IOException {
        Path repository = folder.resolve("repository");
        Path here = Files.createDirectories(repository.resolve(HERE + version));
        String pom = Files.readString(Path.of("pom.xml"));
        String built = pom.replaceFirst("(?s).*?<version>(.*?)</version>.*", "$1");
        Files.writeString(
                here.resolve("vertask-" + version + ".pom"),
                pom.replaceFirst("<version>" + built + "</version>", "<version>" + version + "</version>"));
        for (String jar : List.of(".jar", "-testkit.jar")) {
            Files.copy(TARGET.resolve("vertask-" + built + jar), here.resolve("vertask-" + version + jar));
        }
        return repository;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(Objects.requireNonNull(copy.getParent()));
                Files.copy(file, copy);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @AfterEach
    void takeItOutOfTheLocalRepository() throws IOException {
        Path cached = LOCAL_REPOSITORY.resolve(HERE + version);
        if (!Files.isDirectory(cached)) {
            return;
        }
        Files.walkFileTree(cached, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }
        });
        Files.delete(cached);
    }
}
