package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Texts beyond ASCII that come from outside: arguments, variables, names and contents of files, where the locale knows
 * only ASCII. They are made by the shell from bytes, because this JVM may not be able to pass them on.
 */
@EnabledOnOs(OS.LINUX)
class LocaleIT {
    private static final Path JAR = Path.of("target", "vertask.jar").toAbsolutePath();

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(folder.resolve("items.yaml"), "job: it\neach: [\"${CITY}\"]\ndo: {sleep: 1ms}\n");
        Files.writeString(folder.resolve("file.yaml"), "job: it\neach: {file: \"\u00e9.txt\"}\ndo: {sleep: 1ms}\n");
        Files.writeString(folder.resolve("glob.yaml"), "job: it\neach: {glob: \"*.t?t\"}\ndo: {sleep: 1ms}\n");
    }

    /** Runs a script with {@code $e}, which is an é in UTF-8. */
    private End in(String locale, String script) throws Exception {
        return Command.bash(
                folder,
                Map.of("LC_ALL", locale),
                "unset LC_CTYPE LANG; e=$(printf '\\303\\251'); export CITY=Orl${e}ans; echo \"Caf$e\" >\"$e.txt\"\n"
                        + "jar() { '" + System.getProperty("java.home") + "/bin/java' -jar '" + JAR + "' \"$@\"; }\n"
                        + script);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "xx_XX.UTF-8", "C.UTF-8"})
    void theyArriveAsTheyAre(String locale) throws Exception {
        End end = in(locale, """
            vertask items.yaml -q
            vertask items.yaml "arg$e" -q
            vertask items.yaml a -q --set "print=$e {item}" --out "out$e.txt"; cat "out$e.txt"
            cp items.yaml "job$e.yaml"; vertask "job$e.yaml" -q
            vertask file.yaml -q
            rm "out$e.txt"; vertask glob.yaml -q
            """);
        assertThat(end.lines())
                .containsExactly("Orl\u00e9ans", "arg\u00e9", "\u00e9 a", "Orl\u00e9ans", "Caf\u00e9", "\u00e9.txt");
        // bash itself warns of a locale that is not there
        assertThat(end.err().lines().filter(line -> !line.contains("setlocale")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jar items.yaml -q",
                "CITY=a jar items.yaml arg$e",
                "CITY=a jar items.yaml a --set print=$e",
                "CITY=a jar items.yaml a --out $e",
                "cp items.yaml $e.yaml; CITY=a jar $e.yaml",
                "CITY=a jar check $e.yaml"
            })
    void withoutTheScriptTheyAreRefusedByName(String call) throws Exception {
        End end = in("C", call);
        assertThat(end.code()).as(end.err()).isEqualTo(2);
        assertThat(end.out()).isEmpty();
        assertThat(end.err())
                .containsAnyOf("environment variable CITY can't be read", "argument ")
                .contains("LC_ALL=C.UTF-8")
                .doesNotContain("\tat ");
    }

    @Test
    void aFileThatCantBeNamedInTheLocaleIsOneMessageAndExit3() throws Exception {
        End end = in("C", "jar file.yaml -q");
        assertThat(end.code()).as(end.err()).isEqualTo(3);
        assertThat(end.err())
                .startsWith("each.file: `\u00e9.txt` can't be a file name here")
                .hasLineCount(1);
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedByNameInAUtf8Locale() throws Exception {
        End end = in("C.UTF-8", """
            b=$(printf '\\374'); : >"$b.txt"
            vertask items.yaml "a$b" -q; echo $?
            CITY=$b vertask items.yaml -q; echo $?
            vertask glob.yaml -q; echo $?
            """);
        assertThat(end.lines())
                .containsExactly(
                        "2",
                        "2",
                        "\u00e9.txt",
                        "\uFFFD.txt: ERROR - its name can't be read: it has bytes that are not characters here; "
                                + "convert it to UTF-8",
                        "1");
        assertThat(end.err())
                .contains("argument 2, `a\uFFFD`, can't be read")
                .contains("items.yaml:2:9  environment variable CITY can't be read");
    }

    @Test
    void aJobFileInAnotherEncodingIsRefusedWithItsPlaceAndNothingIsSent() throws Exception {
        Files.write(
                folder.resolve("latin.yaml"),
                "job: a\ndo: {sleep: 1ms}\nprint: \"\u00e9\u00e8b\"\n".getBytes(StandardCharsets.ISO_8859_1));
        Files.write(folder.resolve("wide.yaml"), "job: a\ndo: {sleep: 1ms}\n".getBytes(StandardCharsets.UTF_16));
        End latin = Command.run(folder, Map.of(), "latin.yaml");
        assertThat(latin.code()).isEqualTo(2);
        assertThat(latin.err().lines())
                .containsExactly(
                        "latin.yaml:3:9  not UTF-8: the bytes E9 E8; in ISO-8859-1 it would be \u00e9",
                        "     convert it, like: iconv -t UTF-8 -f ISO-8859-1",
                        "1 mistake; nothing was sent.");
        assertThat(Command.run(folder, Map.of(), "check", "wide.yaml").err())
                .startsWith("wide.yaml:1:1  the file is UTF-16; a job file is UTF-8\n");
        End stdin = Command.bash(folder, Map.of(), "vertask - <latin.yaml");
        assertThat(stdin.code()).isEqualTo(2);
        assertThat(stdin.err()).startsWith("stdin:3:9  not UTF-8");
        assertThat(latin.out() + stdin.out()).isEmpty();
    }
}
