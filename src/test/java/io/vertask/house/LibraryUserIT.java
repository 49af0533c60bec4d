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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A Maven project outside this one, with Vert.x's dependency list, the library and the testkit: it compiles, its tests
 * on the virtual clock pass with the oldest and the newest JUnit, and what belongs to the application alone does not
 * come with them.
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

    /** JUnit as a project may have it. */
    private enum JUnit {
        /** The one that vertx-junit5 brings. */
        OF_VERTX("5.9.3", "io.vertx", "vertx-junit5", null),
        LAST_5("5.14.4", "org.junit.jupiter", "junit-jupiter", "5.14.4"),
        OF_THIS_BUILD("6.1.3", "org.junit.jupiter", "junit-jupiter", "6.1.3");

        private final String version;
        private final String dependency;

        JUnit(String version, String group, String artifact, @Nullable String asked) {
            this.version = version;
            this.dependency = "<dependency><groupId>" + group + "</groupId><artifactId>" + artifact + "</artifactId>"
                    + (asked == null ? "" : "<version>" + asked + "</version>") + "<scope>test</scope></dependency>";
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(300)
    void aProjectElsewhereUsesTheLibraryAndTheTestkit(JUnit junit) throws IOException, InterruptedException {
        Path repository = publish();
        Path project = folder.resolve("library-user");
        copy(Path.of("src/test/resources/library-user"), project);
        complete(project.resolve("pom.xml"), junit);
        Path output = folder.resolve("output.txt");
        Process maven = new ProcessBuilder(
                        Path.of(property("vertask.maven"), "bin", "mvn").toString(),
                        "-B",
                        "-ntp",
                        "-Dmaven.repo.local=" + LOCAL_REPOSITORY,
                        "-Dvertask.version=" + version,
                        "-Djunit.version=" + junit.version,
                        "-Dvertx.version=" + ReadmeTest.pomProperty("vertx.version"),
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

    /** Puts the lines that the README names, and {@code junit}, into the project's pom. */
    private static void complete(Path pom, JUnit junit) throws IOException {
        Files.writeString(
                pom,
                Files.readString(pom)
                        .replace("<!-- the README's lines for Netty -->", ReadmeTest.linesForNetty())
                        .replace("<!-- JUnit -->", junit.dependency));
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
