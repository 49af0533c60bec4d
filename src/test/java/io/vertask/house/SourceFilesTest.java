package io.vertask.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a source file may look like. */
class SourceFilesTest {

    private static final int LONGEST = 400;
    private static final Path MAIN = Path.of("src/main/java");
    private static final Path APPLICATION = MAIN.resolve("io/vertask/app");

    private static final Pattern DOOR_PLATE = Pattern.compile(
            "/\\*\\*(?<text>.+?)\\*/\\s*@(org\\.jspecify\\.annotations\\.)?NullMarked\\s+package ", Pattern.DOTALL);
    private static final Pattern SENTENCE = Pattern.compile("\\w+\\W+\\w+.*?\\.(\\s|$)", Pattern.DOTALL);

    @Test
    void noFileIsLongerThan400Lines() throws IOException {
        assertThat(mainFiles())
                .allSatisfy(file -> assertThat(Files.readAllLines(file))
                        .as("lines of %s: is there a second idea in it?", file)
                        .hasSizeLessThanOrEqualTo(LONGEST));
    }

    @Test
    void everyPackageHasADoorPlate() throws IOException {
        assertThat(mainFiles().stream().map(Path::getParent).distinct())
                .allSatisfy(room -> assertThat(room.resolve("package-info.java"))
                        .content()
                        .as("package-info.java of %s: a Javadoc of at least a sentence, then @NullMarked", room)
                        .satisfies(content -> {
                            var plate = DOOR_PLATE.matcher(content);
                            assertThat(plate.find()).isTrue();
                            assertThat(plate.group("text").replaceAll("\\s*\\n \\*", "\n"))
                                    .containsPattern(SENTENCE);
                        }));
    }

    @Test
    void nothingIsLeftForLater() throws IOException {
        // split, so that this file does not find itself
        var later = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");
        assertThat(matching(
                        javaFiles(Path.of("src")), line -> later.matcher(line).find()))
                .isEmpty();
    }

    @Test
    void theLibraryNeverSleepsOnAThread() throws IOException {
        var library = mainFiles().stream()
                .filter(file -> !file.startsWith(APPLICATION))
                .toList();
        assertThat(matching(library, line -> line.contains("Thread.sleep") || line.contains("TimeUnit.sleep")))
                .isEmpty();
    }

    private static List<String> matching(List<Path> files, Predicate<String> wanted) throws IOException {
        var found = new ArrayList<String>();
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file, UTF_8);
            for (int i = 0; i < lines.size(); i++) {
                if (wanted.test(lines.get(i))) {
                    found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
            }
        }
        return found;
    }

    private static List<Path> mainFiles() throws IOException {
        List<Path> files = javaFiles(MAIN);
        assertThat(files)
                .as("sources found from %s", Path.of("").toAbsolutePath())
                .isNotEmpty();
        return files;
    }

    private static List<Path> javaFiles(Path below) throws IOException {
        try (var walk = Files.walk(below)) {
            return walk.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }
}
