package io.vertask.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertask.app.job.Job;
import io.vertask.app.job.yaml.JobErrors;
import io.vertask.app.ledger.StartMode;
import io.vertask.testing.Blocked;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kind of step that is added by its record, its workload and one line of the registry. */
class SixthKindTest {
    private static final String TEXT = """
            job: sixth-kind
            each: [a, b, c]
            do: {echo: "<{item}>", times: 2}
            print: "{item}: {echoed}"
            limits: {concurrency: 1}
            on_error: stop
            """;

    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final List<String> called = new CopyOnWriteArrayList<>();
    private final StepKinds kinds = StepKinds.BUILT_IN.with(EchoWorkload.kind(broken, called::add));
    private final List<String> lines = new ArrayList<>();
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path home = Path.of("");

    @AfterEach
    void close() {
        Blocked.on(vertx.close());
    }

    private Job read(String text) {
        return kinds.reader().read("sixth.yaml", text, Map.of(), List.of());
    }

    private JobErrors mistakes(String text) {
        return catchThrowableOfType(JobErrors.class, () -> read(text));
    }

    private RunEnd run(StartMode.Kind mode) {
        RecordedRun run = new RecordedRun(vertx, kinds, read(TEXT), home, StartMode.of(mode), event -> {});
        RunEnd end = run.end();
        lines.addAll(run.lines());
        return end;
    }

    @Test
    void itIsReadLikeAnyOther() {
        EchoStep step = (EchoStep) read(TEXT).step();
        assertThat(step.text()).hasToString("<{item}>");
        assertThat(step.times()).isEqualTo(2);
        assertThat(kinds.reader().effective("sixth.yaml", TEXT.replace(", times: 2", ""), Map.of(), List.of()))
                .anyMatch(line -> line.matches(" {2}times: 1 +# default"));
    }

    @Test
    void mistakesInItSayWhereAndListItsKeys() {
        assertThat(mistakes(TEXT.replace("echo:", "ecko:")))
                .hasMessageContaining("sixth.yaml:3:6  unknown key `ecko`")
                .hasMessageContaining("did you mean `echo`?")
                .hasMessageContaining("sleep echo ");
        assertThat(mistakes(TEXT.replace("times: 2", "body: json"))).hasMessageContaining("echo goes with: times");
        assertThat(mistakes(TEXT.replace("times: 2", "times: 10")))
                .hasMessageContaining("do.times must be a whole number from 1 to 9, not `10`");
        assertThat(mistakes(TEXT.replace("{echoed}", "{echo}"))).hasMessageContaining("names here: item echoed");
        assertThat(mistakes("job: j\ndo: {}\n")).hasMessageContaining("`do` needs one of: get head");
        assertThat(mistakes("job: j\ndo: {}\n").text()).containsPattern("needs one of: .* sleep echo");
    }

    @Test
    void itsKeysAreInTheSchema() {
        JsonObject keys = new JsonObject(kinds.reader().schema())
                .getJsonObject("properties")
                .getJsonObject("do")
                .getJsonObject("properties");
        assertThat(keys.getJsonObject("times")).isEqualTo(new JsonObject().put("type", "integer"));
        assertThat(keys.fieldNames()).contains("get", "sleep", "echo");
    }

    @Test
    void aKeyThatTellsAKindTellsNoOther() {
        assertThatThrownBy(() -> kinds.with(EchoWorkload.kind(broken, called::add)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`echo`");
    }

    @Test
    void withoutItsLineTheReaderDoesNotKnowIt() {
        assertThatThrownBy(() -> StepKinds.BUILT_IN.reader().read("sixth.yaml", TEXT, Map.of(), List.of()))
                .isInstanceOf(JobErrors.class)
                .hasMessageContaining("unknown key `echo`");
    }

    @Test
    void itIsRun() {
        assertThat(run(StartMode.Kind.FRESH).cause()).isEqualTo(RunEnd.Cause.FINISHED);
        assertThat(lines).containsExactly("a: <a><a>", "b: <b><b>", "c: <c><c>");
    }

    @Test
    void itsRunIsResumed() {
        broken.add("b");
        assertThat(run(StartMode.Kind.FRESH).cause()).isEqualTo(RunEnd.Cause.STOPPED);
        assertThat(called).containsExactly("a", "b");
        broken.clear();
        called.clear();
        run(StartMode.Kind.RESUME);
        assertThat(called).containsExactly("c");
        called.clear();
        RunEnd again = run(StartMode.Kind.RETRY_FAILED);
        assertThat(again.cause()).isEqualTo(RunEnd.Cause.FINISHED);
        assertThat(again.isWithinAllowed()).isTrue();
        assertThat(called).containsExactly("b");
        assertThat(lines).contains("a: <a><a>", "c: <c><c>", "b: <b><b>");
    }
}
