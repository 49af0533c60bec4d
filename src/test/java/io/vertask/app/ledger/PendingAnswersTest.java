package io.vertask.app.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.app.journal.ItemEnd;
import io.vertask.app.journal.ItemFailure;
import io.vertask.app.ledger.EarlierItems.Known;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingAnswersTest {
    @TempDir
    private Path folder = Path.of("");

    private static byte[] bytes(String key) {
        return ("{\"key\":\"" + key + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    private Ledger begin(StartMode.Kind kind) {
        return new Runs(folder.resolve(".vertask"), Clock.systemUTC(), note -> {})
                .begin(new Runs.Of("x", "x.yaml", "d", "0"), StartMode.of(kind));
    }

    private static ItemEnd failed(long n, String key, boolean again) {
        return new ItemEnd(n, key, ItemEnd.How.OK, 1, Duration.ZERO, Optional.empty(), again)
                .failed(ItemFailure.after("print", "template", "no such name"));
    }

    private static ItemEnd ok(long n, String key) {
        return new ItemEnd(n, key, ItemEnd.How.OK, 1, Duration.ZERO, Optional.empty(), true);
    }

    private static Path pending(Ledger ledger) {
        return ledger.file().resolveSibling("pending");
    }

    @Test
    void anAnswerIsForItsOwnerAloneAndStaysUntilItsItemIsDone() throws IOException {
        Ledger first = begin(StartMode.Kind.FRESH);
        first.keep(3, bytes("a"));
        first.append(List.of(failed(3, "a", false)));
        Path file = pending(first).resolve("3.json");
        first.end(4);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(pending(first)))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));

        Ledger second = begin(StartMode.Kind.RETRY_FAILED);
        assertThat(second.earlier().take("a")).isEqualTo(Known.FAILED);
        assertThat(second.claim(0, "a", Known.FAILED)).hasValue(3);
        assertThat(second.answer(3)).isEqualTo(bytes("a"));
        second.close();
        assertThat(file).as("its item was not done").exists();

        Ledger third = begin(StartMode.Kind.RETRY_FAILED);
        third.earlier().take("a");
        third.claim(0, "a", Known.FAILED);
        third.append(List.of(ok(0, "a")));
        assertThat(file).doesNotExist();
        third.end(0);
        assertThat(pending(third)).doesNotExist();
    }

    @Test
    void anAnswerWhoseProcessDiedBeforeTheLineIsFoundAgain() throws IOException {
        Ledger killed = begin(StartMode.Kind.FRESH);
        killed.append(List.of(ok(1, "done")));
        killed.keep(0, bytes("a"));
        killed.keep(1, bytes("done"));
        Files.writeString(pending(killed).resolve("9.json.new"), "half");
        Files.writeString(pending(killed).resolve("7.json"), "no answer");
        killed.close();
        for (StartMode.Kind kind : List.of(StartMode.Kind.RESUME, StartMode.Kind.RETRY_FAILED)) {
            Ledger next = begin(kind);
            assertThat(next.earlier().take("a")).isEqualTo(Known.NOTHING);
            assertThat(next.claim(5, "a", Known.NOTHING)).hasValue(0);
            assertThat(next.claim(6, "a", Known.NOTHING)).isEmpty();
            assertThat(pending(next)).isDirectoryContaining("glob:**/0.json");
            next.close();
        }
        try (var files = Files.list(pending(killed))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()))).containsExactly("0.json");
        }
    }

    @Test
    void theAnswerOfAFailedItemIsNotTakenByAnotherOneWithItsKey() throws IOException {
        Ledger first = begin(StartMode.Kind.FRESH);
        first.keep(0, bytes("a"));
        first.append(List.of(failed(0, "a", false)));
        first.close();
        Ledger next = begin(StartMode.Kind.RESUME);
        assertThat(next.earlier().take("a")).isEqualTo(Known.FAILED);
        assertThat(next.earlier().take("a")).isEqualTo(Known.NOTHING);
        assertThat(next.claim(1, "a", Known.NOTHING)).isEmpty();
        next.close();
    }

    @Test
    void aNumberThatIsTakenIsNotOverwritten() throws IOException {
        Ledger first = begin(StartMode.Kind.FRESH);
        first.keep(0, bytes("a"));
        first.append(List.of(failed(0, "a", false)));
        first.close();
        Ledger next = begin(StartMode.Kind.RESUME);
        next.keep(0, bytes("b"));
        next.append(List.of(failed(0, "b", false)));
        next.close();
        Ledger last = begin(StartMode.Kind.RETRY_FAILED);
        assertThat(last.answer(last.claim(0, "b", last.earlier().take("b")).getAsLong()))
                .isEqualTo(bytes("b"));
        assertThat(last.answer(last.claim(1, "a", last.earlier().take("a")).getAsLong()))
                .isEqualTo(bytes("a"));
        last.close();
    }

    @Test
    void noLinkIsFollowed() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path run = Files.createDirectory(folder.resolve("run"));
        Files.createSymbolicLink(run.resolve("pending"), elsewhere);
        PendingAnswers linked = PendingAnswers.of(run);
        assertThatThrownBy(() -> linked.keep(0, bytes("a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("pending is not a folder");
        assertThat(elsewhere).isEmptyDirectory();

        Path other = Files.createDirectory(folder.resolve("other"));
        PendingAnswers answers = PendingAnswers.of(other);
        answers.keep(5, bytes("b"));
        Path victim = Files.writeString(folder.resolve("victim"), "mine");
        Files.createSymbolicLink(other.resolve("pending/0.json.new"), victim);
        Files.createSymbolicLink(other.resolve("pending/1.json"), victim);
        answers.keep(0, bytes("a"));
        assertThat(victim).hasContent("mine");
        assertThatThrownBy(() -> answers.read(1)).isInstanceOf(IOException.class);
        assertThat(PendingAnswers.of(other).numbers()).containsExactly(0L, 5L);
    }

    @Test
    void aRunKeepsSoMuchAndNoMore() throws IOException {
        PendingAnswers answers = PendingAnswers.of(folder, 30);
        answers.keep(0, bytes("a"));
        answers.keep(1, bytes("b"));
        assertThatThrownBy(() -> answers.keep(2, bytes("c")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the run keeps 2 already");
        answers.remove(0);
        assertThat(answers.keep(2, bytes("c"))).isEqualTo(2);
        assertThat(PendingAnswers.of(folder, 30).numbers()).containsExactly(1L, 2L);
    }

    @Test
    void anUnknownFailureIsToldFromOthers() throws IOException {
        Ledger first = begin(StartMode.Kind.FRESH);
        ItemEnd lost = failed(0, "a", false);
        first.append(List.of(lost.failed(lost.failure().orElseThrow().unkept("its answer can't be kept: full"))));
        first.close();
        Ledger next = begin(StartMode.Kind.RETRY_FAILED);
        assertThat(next.earlier().take("a")).isEqualTo(Known.UNKNOWN);
        assertThat(next.claim(0, "a", Known.UNKNOWN)).isEqualTo(OptionalLong.empty());
        next.append(List.of(ok(0, "a")));
        next.close();
        Ledger last = begin(StartMode.Kind.RETRY_FAILED);
        assertThat(last.earlier().take("a")).isEqualTo(Known.OK);
        assertThat(last.earlier().done()).isEqualTo(1);
        last.close();
    }
}
