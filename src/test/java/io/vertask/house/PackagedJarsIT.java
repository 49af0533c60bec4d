package io.vertask.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What stands in the jars that the build makes, and what does not. */
@Tag("jdk")
class PackagedJarsIT {

    private static final Path PROGRAM = Path.of(Objects.requireNonNull(System.getProperty("vertask.jar")));
    private static final Path TARGET = Objects.requireNonNull(PROGRAM.getParent());
    private static final Path DEMO_LIB = TARGET.resolve("demo-lib");

    @Test
    void theProgramStartsWithItsMainClassAndMayUseNativeCode() throws IOException {
        assertThat(manifest(PROGRAM))
                .containsAllEntriesOf(Map.of(
                        Attributes.Name.MAIN_CLASS,
                        "io.vertask.app.Main",
                        Attributes.Name.MULTI_RELEASE,
                        "true",
                        new Attributes.Name("Enable-Native-Access"),
                        "ALL-UNNAMED"));
    }

    @Test
    void theProgramFindsExactlyTheDemosLibraries() throws IOException {
        assertThat(manifest(PROGRAM).getValue(Attributes.Name.CLASS_PATH).split(" "))
                .containsExactlyInAnyOrderElementsOf(demoLibraries().stream()
                        .map(jar -> "demo-lib/" + jar.getFileName())
                        .toList());
    }

    @Test
    void noClassIsBothInTheProgramAndInTheDemosLibraries() throws IOException {
        List<String> program = classes(PROGRAM);
        for (Path jar : demoLibraries()) {
            assertThat(classes(jar)).as(jar.toString()).doesNotContainAnyElementsOf(program);
        }
    }

    @Test
    void theProgramHasNoTestsNoSignaturesAndNoModules() throws IOException {
        assertThat(entries(PROGRAM))
                .noneMatch(name -> name.matches("io/vertask/house/.*|.*(Test|IT)\\.class"))
                .noneMatch(name -> name.startsWith("org/junit/"))
                .noneMatch(name -> name.matches("META-INF/.*\\.(SF|DSA|RSA)"))
                .noneMatch(name -> name.matches("(META-INF/versions/\\d+/)?module-info\\.class"));
    }

    @Test
    void whatTheLibrariesRegisterWithVertxIsMerged() throws IOException {
        try (var jar = new JarFile(PROGRAM.toFile())) {
            var providers =
                    jar.getInputStream(jar.getEntry("META-INF/services/io.vertx.core.spi.VertxServiceProvider"));
            assertThat(providers).asString(UTF_8).contains("TransactionPropagationLocal");
        }
    }

    @Test
    void theLibraryIsWithoutTheApplicationAndTheTestkit() throws IOException {
        assertThat(entries(built("vertask-[0-9][^a-z]*(-SNAPSHOT)?\\.jar")))
                .contains("io/vertask/task/package-info.class", "META-INF/LICENSE")
                .noneMatch(name -> name.startsWith("io/vertask/app/"))
                .noneMatch(name -> name.startsWith("io/vertask/testkit/"))
                .noneMatch(name -> name.startsWith("conf/"))
                .noneMatch(name -> name.startsWith("io/vertx/"));
    }

    @Test
    void theTestkitIsAJarOfItsOwn() throws IOException {
        assertThat(entries(built("vertask-.*-testkit\\.jar")))
                .contains("io/vertask/testkit/VirtualLoop.class", "META-INF/LICENSE")
                .allMatch(name -> name.matches("(META-INF/|io/vertask/testkit/).*|io/|io/vertask/"));
        assertThat(entries(PROGRAM)).noneMatch(name -> name.startsWith("io/vertask/testkit/"));
    }

    private static Path built(String name) throws IOException {
        try (var files = Files.list(TARGET)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<Path> demoLibraries() throws IOException {
        try (var files = Files.list(DEMO_LIB)) {
            return files.toList();
        }
    }

    private static Attributes manifest(Path path) throws IOException {
        try (var jar = new JarFile(path.toFile())) {
            return jar.getManifest().getMainAttributes();
        }
    }

    private static List<String> classes(Path path) throws IOException {
        return entries(path).stream()
                .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
                .toList();
    }

    private static List<String> entries(Path path) throws IOException {
        try (var jar = new JarFile(path.toFile())) {
            return jar.stream().map(JarEntry::getName).toList();
        }
    }
}
