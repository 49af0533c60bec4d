package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.cli.steps.Stubborn;
import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/digests.yaml}, and steps of a user's own. */
@Tag("jdk")
class CallJobIT {
    private static final String STEPS = "io.vertask.app.cli.steps.";

    @TempDir
    Path folder;

    /** Where this test's own classes are: the class path of a user. */
    private static Map<String, String> classPath() {
        try {
            return Map.of(
                    "VERTASK_CLASSPATH",
                    Path.of(Objects.requireNonNull(
                                            Stubborn.class.getProtectionDomain().getCodeSource())
                                    .getLocation()
                                    .toURI())
                            .toString());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private String job(String step, String more) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), "job: it\ndo: {call: " + STEPS + step + more)
                .toString();
    }

    @Test
    void theDigestsOfRealFilesAreThoseOfSha256sum() throws Exception {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.write(data.resolve("large.bin"), large);
        Files.write(data.resolve("empty.bin"), new byte[0]);
        Files.write(data.resolve("other.txt"), large);
        End end = Command.run(Map.of(), "conf/digests.yaml", "--set", "each.glob=" + data + "/*.bin");
        assertThat(end.code()).as(end.err()).isZero();
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(large));
        assertThat(end.lines())
                .containsExactly(
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  " + data + "/empty.bin",
                        digest + "  " + data + "/large.bin");
        assertThat(end.err()).contains("ok 2   failed 0");
    }

    @Test
    void noFileForTheDigestsIsANoteAndNoError() throws Exception {
        End end = Command.run(Map.of(), "conf/digests.yaml", "--set", "each.glob=" + folder + "/*.bin");
        assertThat(end.code()).isZero();
        assertThat(end.out()).isEmpty();
        assertThat(end.err()).startsWith("conf/digests.yaml  note: no file fits each.glob " + folder + "/*.bin");
    }

    @Test
    void aStepGetsItsItemAndItsParametersAndItsFieldsAreNames() throws Exception {
        String job = job(
                "Greeting",
                ", with: {word: Hello, times: 2, name: \"{item}\"}}\nprint: \"{greeting} ({result.times})\"\n");
        End end = Command.run(classPath(), job, "Ada", "Bob");
        assertThat(end.lines()).containsExactly("Hello Hello Ada (2)", "Hello Hello Bob (2)");
        assertThat(end.code()).as(end.err()).isZero();
    }

    @Test
    void aStepThatBlocksTheLoopIsNamedWithItsItemAndItsLine() throws Exception {
        End end = Command.run(classPath(), job("Blocking", "}\n"), "a", "b", "img/37.png", "c");
        assertThat(end.code()).as(end.err()).isZero();
        assertThat(end.lines()).containsExactly("slept a", "slept b", "blocked img/37.png", "slept c");
        assertThat(end.err())
                .containsPattern("(?m)^loop-0 was blocked \\d{3,} ms by step `Blocking`, item img/37\\.png"
                        + " \\(Blocking\\.java:\\d+\\)\\. \\d tasks? waited\\. Add `offload: io`\\.$")
                .containsPattern("loop stalls [1-9]");
    }

    @Test
    void theSameStepOffloadedBlocksNobody() throws Exception {
        End end = Command.run(classPath(), job("Blocking", ", offload: io}\n"), "a", "b", "img/37.png", "c");
        assertThat(end.code()).as(end.err()).isZero();
        assertThat(end.lines()).containsExactly("slept a", "slept b", "blocked img/37.png", "slept c");
        assertThat(end.err()).doesNotContain("was blocked");
    }

    @Test
    void aTimeoutInterruptsTheThread() throws Exception {
        String job = job("Sleeper", ", offload: io}\nlimits: {timeout: 300ms}\n");
        End end = Command.run(classPath(), job, "a", "b");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lines())
                .containsExactly(
                        "a: ERROR - timed out after 300ms in Sleeper", "b: ERROR - timed out after 300ms in Sleeper");
        assertThat(end.err()).contains("timed out: 2 threads interrupted; still running: 0");
    }

    @Test
    void aThreadThatIgnoresItsInterruptIsNamedAndLeftBehind() throws Exception {
        String job = job("Stubborn", ", offload: cpu}\nlimits: {timeout: 300ms}\n");
        End end = Command.run(classPath(), job, "a");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lines()).containsExactly("a: ERROR - timed out after 300ms in Stubborn");
        assertThat(end.err())
                .containsPattern("(?m)^thread vertask-cpu-\\d+ ignored interrupt for 10s in Stubborn\\.\\w+"
                        + " \\(Stubborn\\.java:\\d+\\); leaving it to die with the process\\.$")
                .contains("1 thread interrupted; still running: 1")
                .doesNotContain("SEVERE");
    }

    @Test
    void aClassThatIsNotThereIsAMistakeOfTheFile() throws Exception {
        End end = Command.run(Map.of(), job("Greeting", "}\n"), "a");
        assertThat(end.code()).isEqualTo(2);
        assertThat(end.err())
                .contains("job.yaml:2:12  do.call must be a class on the class path, and `" + STEPS
                        + "Greeting` is not there")
                .contains("VERTASK_CLASSPATH=my.jar ./run.sh ... adds to it");
    }

    @Test
    void aStepThatThrowsIsAFailedItemAndTriedAgainIfTheJobSaysSo() throws Exception {
        String limits = "}\nlimits: {retries: 1, backoff: 1ms}\n";
        End end = Command.run(classPath(), job("Failing", ", offload: io, retry_unsafe: true" + limits), "a");
        assertThat(end.code()).isEqualTo(1);
        assertThat(Stream.of(end.out().strip())).containsExactly("a: ERROR - no luck with a (2 attempts)");
        End once = Command.run(classPath(), job("Failing", ", offload: io" + limits), "a");
        assertThat(Stream.of(once.out().strip())).containsExactly("a: ERROR - no luck with a");
        assertThat(once.err())
                .contains(
                        "note: limits.retries has no effect on a call that has begun; if Failing may run twice for an "
                                + "item, set do.retry_unsafe: true");
    }

    @Test
    void whatAStepReturnsAndNobodyCanReadIsTheStepsFailure() throws Exception {
        End end = Command.run(classPath(), job("Odd", "}\n"), "circle", "rude", "plain");
        assertThat(end.lines())
                .containsExactly(
                        "circle: ERROR - what Odd returned can't be read: java.lang.StackOverflowError",
                        "rude: ERROR - what Odd returned can't be read: java.lang.IllegalStateException: no name",
                        "plain");
        assertThat(end.code()).as(end.err()).isEqualTo(1);
    }

    @Test
    void anErrorOfAStepIsItsItemsFailureToo() throws Exception {
        for (String offload : List.of("", ", offload: io")) {
            End end = Command.run(classPath(), job("Odd", offload + "}\n"), "deep", "missing", "plain");
            assertThat(end.lines())
                    .containsExactly(
                            "deep: ERROR - Odd threw StackOverflowError", "missing: ERROR - com/example/None", "plain");
            assertThat(end.code()).as(end.err()).isEqualTo(1);
        }
    }

    /** A copy of the script beside a jar has nothing to build, and makes its start-up archive. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a bash script")
    void runShAddsTheClassPathOfItsUser() throws Exception {
        Path script = Files.copy(Path.of("run.sh"), folder.resolve("run.sh"), StandardCopyOption.COPY_ATTRIBUTES);
        Path jar = Path.of(System.getProperty("vertask.jar")).toAbsolutePath();
        Files.copy(jar, Files.createDirectory(folder.resolve("target")).resolve("vertask.jar"));
        Map<String, String> env = new HashMap<>(classPath());
        env.put("JAVA_HOME", System.getProperty("java.home"));
        job("Greeting", ", with: {word: Hello, times: 1, name: \"{item}\"}}\nprint: \"{greeting}\"\n");
        End end = Command.bash(folder, env, "'" + script + "' job.yaml Ada -q");
        assertThat(end.lines()).containsExactly("Hello Ada");
        assertThat(end.err()).isEmpty();
        assertThat(end.code()).isZero();
        env.remove("VERTASK_CLASSPATH");
        assertThat(Command.bash(folder, env, "'" + script + "' job.yaml Ada -q").err())
                .contains("Greeting` is not there");
    }
}
