package io.vertask.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run.sh} does with what it is given, seen by a {@code java} that only tells how it was called. */
@Tag("jdk")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a bash script")
class RunScriptIT {

    private static final Path SCRIPT = Path.of("run.sh").toAbsolutePath();

    @TempDir
    private Path temp;

    /** The script keeps one start-up archive for each Java version: this one is nobody's. */
    private final String version = "17.0.0-test-" + ProcessHandle.current().pid();

    @AfterEach
    void removeTheArchive() throws IOException {
        Files.deleteIfExists(Path.of("target", "start-" + version + ".jsa"));
    }

    @Test
    void argumentsAndInputGoThroughUnchanged() throws Exception {
        var result = run(SCRIPT, fakeJava(version), "input", "a b", "", "*", "$HOME");
        assertThat(result.exit).isEqualTo(7);
        assertThat(result.out.lines().toList()).endsWith("<a b>", "<>", "<*>", "<$HOME>", "stdin: input");
        assertThat(result.err).isEmpty();
    }

    @Test
    void theScriptBecomesTheJvmSoThatSignalsReachIt() throws Exception {
        var result = run(SCRIPT, fakeJava(version), "");
        assertThat(result.out).startsWith("pid " + result.pid + "\n").contains("lock: closed");
    }

    @Test
    void itFindsItsFolderThroughALinkFromAnywhere() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("vertask"), SCRIPT);
        var result = run(link, fakeJava(version), "");
        Files.delete(link);
        assertThat(result.out).contains("<" + SCRIPT.resolveSibling("target/vertask.jar") + ">");
    }

    @Test
    void theUsersFlagsComeAfterOurs() throws Exception {
        var result = run(SCRIPT, fakeJava(version), "");
        assertThat(result.out).containsSubsequence("<-XX:+UseSerialGC>", "<-Xmx1g>", "<-Dx=y>", "<-jar>");
    }

    @Test
    void aFolderWithoutJavaIsNamed() throws Exception {
        var result = run(SCRIPT, temp.resolve("nothing"), "");
        assertThat(result.exit).isEqualTo(3);
        assertThat(result.err).contains("JAVA_HOME is '" + temp.resolve("nothing") + "'", "JDK 17 or later");
        assertThat(result.out).isEmpty();
    }

    @Test
    void anOldJavaIsRefusedWithItsVersion() throws Exception {
        assertThat(run(SCRIPT, fakeJava("11.0.2"), "").err).contains("Java 11.0.2; Vertask needs 17");
        assertThat(run(SCRIPT, fakeJava("1.8.0_392"), "").err).contains("Java 1.8.0_392; Vertask needs 17");
    }

    @Test
    void aBuildThatWasKilledIsDoneAgain() throws Exception {
        Path home = Files.createDirectories(temp.resolve("home"));
        Path script = Files.copy(SCRIPT, home.resolve("run.sh"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(home.resolve("pom.xml"));
        Path mvn = Files.createDirectories(temp.resolve("bin")).resolve("mvn");
        Files.writeString(mvn, """
            #!/bin/sh
            echo half >'%1$s/target/vertask.jar'
            [ -f '%1$s/killed' ] || { : >'%1$s/killed'; kill -9 $PPID; exit 1; }
            echo whole >'%1$s/target/vertask.jar'
            """.formatted(home));
        Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path jar = home.resolve("target/vertask.jar");
        run(script, fakeJava(version), "");
        assertThat(jar).hasContent("half");
        assertThat(run(script, fakeJava(version), "").err).contains("building Vertask ...");
        assertThat(jar).hasContent("whole");
        assertThat(run(script, fakeJava(version), "").err).isEmpty();
    }

    @Test
    void trainingThatWasTooSlowIsDoneAgainLaterAndNotAtEachStart() throws Exception {
        Path home = Files.createDirectories(temp.resolve("home"));
        Path script = Files.copy(SCRIPT, home.resolve("run.sh"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(home.resolve("pom.xml"));
        Files.createFile(Files.createDirectories(home.resolve("target")).resolve("vertask.jar"));
        Path trained = temp.resolve("trained");
        Path timeout = Files.createDirectories(temp.resolve("bin")).resolve("timeout");
        Files.writeString(timeout, "#!/bin/sh\necho >>'" + trained + "'\nexit 124\n");
        Files.setPosixFilePermissions(timeout, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path archive = home.resolve("target/start-" + version + ".jsa");
        Path cut = home.resolve("target/start-" + version + ".jsa.cut");

        run(script, fakeJava(version), "");
        run(script, fakeJava(version), "");
        assertThat(trained).content(UTF_8).hasLineCount(1);
        assertThat(archive).doesNotExist();
        for (int tries = 2; tries <= 3; tries++) {
            Files.setLastModifiedTime(cut, FileTime.from(Instant.now().minus(Duration.ofMinutes(12))));
            Files.setLastModifiedTime(
                    home.resolve("target/vertask.jar"),
                    FileTime.from(Instant.now().minus(Duration.ofHours(1))));
            Files.setLastModifiedTime(
                    home.resolve("pom.xml"), FileTime.from(Instant.now().minus(Duration.ofHours(2))));
            run(script, fakeJava(version), "");
            assertThat(trained).content(UTF_8).hasLineCount(tries);
        }
        assertThat(archive).as("given up").isEmptyFile();
        assertThat(cut).doesNotExist();
        run(script, fakeJava(version), "");
        assertThat(trained).content(UTF_8).hasLineCount(3);
    }

    private record Result(int exit, long pid, String out, String err) {}

    private Result run(Path script, Path javaHome, String input, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .directory(temp.toFile())
                .redirectInput(Files.writeString(temp.resolve("in"), input).toFile())
                .redirectOutput(temp.resolve("out").toFile())
                .redirectError(temp.resolve("err").toFile());
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().merge("PATH", temp.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        builder.environment().put("VERTASK_JAVA_OPTS", "-Xmx1g -Dx=y");
        var process = builder.start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(
                process.exitValue(),
                process.pid(),
                Files.readString(temp.resolve("out"), UTF_8),
                Files.readString(temp.resolve("err"), UTF_8));
    }

    private Path fakeJava(String javaVersion) throws IOException {
        Path home = Files.createDirectories(temp.resolve("jdk"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + javaVersion + "\"\n");
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, """
            #!/bin/sh
            echo "pid $$"
            if (: >&9) 2>/dev/null; then echo 'lock: open'; else echo 'lock: closed'; fi
            printf '<%s>\\n' "$@"
            echo "stdin: $(cat)"
            exit 7
            """);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }
}
