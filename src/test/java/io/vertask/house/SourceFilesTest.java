package io.vertask.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules for source files. */
class SourceFilesTest {

    /** A file beyond this number of lines needs a reason in {@link #REASONS}. */
    private static final int LONG = 250;

    private static final Path MAIN = Path.of("src/main/java");
    private static final Path HOUSE = MAIN.resolve("io/vertask");
    private static final Path APPLICATION = HOUSE.resolve("app");

    /** The long files, each with the reason for its length. */
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry(
                    "app/job/yaml/Fields.java",
                    "the readers of a job file's fields: one method for each type of value"),
            Map.entry(
                    "app/journal/Tally.java", "one counter for each number of the totals, and the events that move it"),
            Map.entry("app/ledger/Runs.java", "the runs of a folder: how one begins, goes on and is found again"),
            Map.entry("app/output/ResultSink.java", "the way of a result out: queue, order of writing, patience"),
            Map.entry("app/run/ItemTask.java", "the life of one item: attempts, retries and pauses"),
            Map.entry("app/run/ItemsTask.java", "the items of one run: how they begin and how they are stopped"),
            Map.entry("app/run/Run.java", "one run from its deployment to its end, and why it ended"),
            Map.entry("client/HttpCall.java", "one call through its phases, redirects and limits"),
            Map.entry("client/HttpCalls.java", "the verbs of one client: one method a verb"),
            Map.entry("client/SqlCalls.java", "the verbs of one pool: one method a verb"),
            Map.entry("client/SqlSession.java", "one connection: its statements, their cancellation and its return"),
            Map.entry("direct/Direct.java", "the verbs of straight-line code: one method a verb"),
            Map.entry("offload/Offload.java", "the public operations of a pool: mostly Javadoc"),
            Map.entry("offload/OffloadedJob.java", "one state machine, whose transitions share a lock"),
            Map.entry("queue/AsyncQueue.java", "the public operations of a queue: mostly Javadoc"),
            Map.entry("queue/QueueState.java", "one state machine, whose transitions share a lock"),
            Map.entry("task/Ready.java", "the order of turns on one event loop: one state machine"),
            Map.entry("task/TaskGroup.java", "the public operations of a group: mostly Javadoc"),
            Map.entry("task/RunningTask.java", "the life of a task: one state machine"),
            Map.entry("task/Scope.java", "the tree of scopes: one state machine"),
            Map.entry("task/Tasks.java", "the public verbs for tasks: mostly Javadoc"),
            Map.entry("task/Waiter.java", "the one state of a wait, with its public operations"));

    private static final Pattern DOOR_PLATE = Pattern.compile(
            "/\\*\\*(?<text>.+?)\\*/\\s*@(org\\.jspecify\\.annotations\\.)?NullMarked\\s+package ", Pattern.DOTALL);
    private static final Pattern SENTENCE = Pattern.compile("\\w+\\W+\\w+.*?\\.(\\s|$)", Pattern.DOTALL);

    @Test
    void aLongFileHasAReason() throws IOException {
        var lengths = new TreeMap<String, Integer>();
        for (Path file : mainFiles()) {
            int lines = Files.readAllLines(file).size();
            if (lines > LONG) {
                lengths.put(HOUSE.relativize(file).toString().replace('\\', '/'), lines);
            }
        }
        assertThat(lengths.keySet())
                .as("files of more than %d lines: each needs a reason of one line here, and a shorter one none", LONG)
                .containsExactlyInAnyOrderElementsOf(REASONS.keySet());
    }

    @Test
    void noSimpleNameStandsForTwoTypes() throws IOException {
        var files = new TreeMap<String, List<String>>();
        for (Path file : mainFiles()) {
            String name = file.getFileName().toString();
            if (!name.equals("package-info.java")) {
                files.computeIfAbsent(name, first -> new ArrayList<>())
                        .add(HOUSE.relativize(file).toString());
            }
        }
        assertThat(files.values().stream().filter(same -> same.size() > 1))
                .as("files whose types have the same simple name")
                .isEmpty();
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
