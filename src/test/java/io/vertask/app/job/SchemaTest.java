package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertask.app.job.yaml.JobErrors;
import io.vertask.app.run.StepKinds;
import io.vertask.testing.Jobs;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The JSON Schema for editors, held against the reader that decides. */
class SchemaTest {
    private static final JsonObject SCHEMA =
            new JsonObject(StepKinds.BUILT_IN.reader().schema());
    private static final Validator VALIDATOR = Validator.create(
            JsonSchema.of(SCHEMA),
            new JsonSchemaOptions().setBaseUri("https://vertask.io").setDraft(Draft.DRAFT202012));

    private static OutputUnit validate(String yaml) {
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return VALIDATOR.validate(json(tree));
    }

    private static Object json(Object tree) {
        if (tree instanceof Map<?, ?> map) {
            JsonObject object = new JsonObject();
            map.forEach((key, value) -> object.put(String.valueOf(key), value == null ? null : json(value)));
            return object;
        }
        return tree instanceof List<?> list
                ? new JsonArray(
                        list.stream().map(one -> one == null ? null : json(one)).toList())
                : tree;
    }

    static Stream<Path> confFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("conf"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("confFiles")
    void everyConfFileFits(Path file) throws IOException {
        OutputUnit result = validate(Files.readString(file));
        assertThat(result.getValid()).as("%s: %s", file, result.getErrors()).isTrue();
    }

    /** The keys of a section, as the reader's own message lists them. */
    private static Set<String> keysOfTheReader(String job, String section) {
        JobErrors errors = catchThrowableOfType(JobErrors.class, () -> Jobs.read("x.yaml", job, Map.of(), List.of()));
        String begin = section + " takes: ";
        String hint = errors.mistakes().stream()
                .flatMap(mistake -> mistake.hints().stream())
                .filter(line -> line.startsWith(begin))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no «" + begin + "» in " + errors.text()));
        return new TreeSet<>(List.of(hint.substring(begin.length()).split(" ")));
    }

    private static Set<String> keys(Object at) {
        if (at instanceof JsonArray forms) {
            Set<String> all = new TreeSet<>();
            forms.forEach(form -> all.addAll(keys(form)));
            return all;
        }
        JsonObject section = (JsonObject) at;
        JsonObject properties = section.getJsonObject("properties");
        if (properties != null) {
            return new TreeSet<>(properties.fieldNames());
        }
        JsonArray forms = section.getJsonArray("oneOf");
        return forms == null ? Set.of() : keys(forms);
    }

    private static JsonObject property(JsonObject of, String name) {
        return Objects.requireNonNull(of.getJsonObject("properties").getJsonObject(name), name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    each         | {zzzz: 1}
                    queue        | {zzzz: 1}
                    do           | {zzzz: 1}
                    into         | {zzzz: 1}
                    limits       | {zzzz: 1}
                    """)
    void everySectionHasTheReadersKeys(String section, String value) {
        String job =
                "job: x\n" + (section.equals("do") ? "" : "do: {get: http://x/}\n") + section + ": " + value + "\n";
        assertThat(keys(property(SCHEMA, section))).isEqualTo(keysOfTheReader(job, section));
    }

    @Test
    void theJobAndItsInnerSectionsHaveTheReadersKeys() {
        assertThat(keys(SCHEMA)).isEqualTo(keysOfTheReader("zzzz: 1\n", "a job"));
        JsonObject client = property(SCHEMA, "clients").getJsonObject("additionalProperties");
        assertThat(keys(client)).isEqualTo(keysOfTheReader("job: x\nclients: {a: {zzzz: 1}}\n", "clients.a"));
        JsonObject postgres = client.getJsonArray("oneOf").getJsonObject(1);
        assertThat(keys(property(postgres, "pool")))
                .isEqualTo(keysOfTheReader("job: x\nclients: {a: {postgres: , pool: {zzzz: 1}}}\n", "clients.a.pool"));
        assertThat(keys(property(property(SCHEMA, "do"), "next")))
                .isEqualTo(keysOfTheReader(
                        "job: x\nclients: {a: {url: http://x}}\ndo: {pages: /x, next: {zzzz: 1}}\n", "do.next"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "do: {get: /}",
                "job: x\ndo: {get: /, sql: x}",
                "job: x\ndo: {gett: /}",
                "job: x\ndo: {get: /}\nlimits: {concurrency: 0}",
                "job: x\ndo: {get: /}\nlimits: {timeout: 10}",
                "job: x\ndo: {get: /}\non_error: never",
                "job: x\ndo: {get: /}\neach: {range: 1..2, file: x}",
                "job: x\ndo: {get: /}\nclients: {a: {pool: {min: 1}}}",
            })
    void aFileThatTheReaderRefusesForItsShapeIsRefusedByTheSchemaToo(String yaml) {
        assertThat(validate(yaml).getValid()).isFalse();
        assertThat(catchThrowableOfType(JobErrors.class, () -> Jobs.read("x.yaml", yaml, Map.of(), List.of())))
                .isNotNull();
    }

    @Test
    void variablesAreAcceptedWhereNumbersAre() {
        assertThat(validate("job: x\ndo: {get: /}\nlimits: {concurrency: \"${N:-4}\", timeout: \"${T}\"}")
                        .getValid())
                .isTrue();
    }

    private static final String CLIENTS = "clients: {a: {url: http://x}, b: {postgres: , pool: {min: 0}}}\n";

    /** Every number of the schema with limits, and a job in which the key can be set. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    clients.b.pool.min | do: {get: http://x/}
                    clients.b.pool.max | do: {get: http://x/}
                    clients.b.max_scram_iterations | do: {get: http://x/}
                    queue.capacity     | do: {get: http://x/}
                    queue.consumers    | do: {get: http://x/}
                    limits.concurrency | do: {get: http://x/}
                    limits.retries     | do: {get: http://x/}
                    do.max_pages       | do: {pages: /, next: link}
                    do.next.first      | do: {pages: /, next: {page: p}}
                    do.next.size       | do: {pages: /, next: {offset: o, size: 1}}
                    """)
    void aNumberHasTheReadersLimits(String key, String step) {
        String job = "job: x\n" + CLIENTS + step + "\n";
        JobErrors errors =
                catchThrowableOfType(JobErrors.class, () -> Jobs.read("x.yaml", job, Map.of(), List.of(key + "=-1")));
        String path = "/" + key.replace(".b.", ".additionalProperties.").replace(".", "/");
        JsonObject limits = limits(SCHEMA, "").entrySet().stream()
                .filter(entry -> entry.getKey().equals(path))
                .findFirst()
                .orElseThrow()
                .getValue();
        assertThat(errors.text())
                .contains("a whole number from " + limits.getLong("minimum") + " to " + limits.getLong("maximum"));
    }

    @Test
    void noNumberWithLimitsIsForgottenAbove() {
        assertThat(limits(SCHEMA, "").keySet())
                .filteredOn(path -> !path.equals("/do/next/end"))
                .containsExactlyInAnyOrder(
                        "/clients/additionalProperties/pool/min",
                        "/clients/additionalProperties/pool/max",
                        "/clients/additionalProperties/max_scram_iterations",
                        "/queue/capacity",
                        "/queue/consumers",
                        "/limits/concurrency",
                        "/limits/retries",
                        "/do/max_pages",
                        "/do/next/first",
                        "/do/next/size");
    }

    /** The numbers with limits below {@code at}, by their keys in a job file. */
    private static Map<String, JsonObject> limits(Object at, String path) {
        Map<String, JsonObject> found = new TreeMap<>();
        if (at instanceof JsonArray list) {
            list.forEach(one -> found.putAll(limits(one, path)));
        } else if (at instanceof JsonObject object) {
            if (object.containsKey("maximum")) {
                found.put(path, object);
            }
            object.forEach(entry -> {
                boolean isKeyword = Set.of("properties", "oneOf", "anyOf").contains(entry.getKey());
                found.putAll(limits(entry.getValue(), isKeyword ? path : path + "/" + entry.getKey()));
            });
        }
        return found;
    }
}
