package io.vertask.app.job;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.app.job.template.Names;
import io.vertask.app.job.yaml.JobErrors;
import io.vertask.app.job.yaml.Setting;
import io.vertask.app.job.yaml.SizeText;
import io.vertask.app.run.StepKinds;
import io.vertask.client.HttpCalls;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The guide's page on job files, held against the reader: its keys, their defaults and the names of templates. */
class JobFilesPageTest {
    private static final Path PAGE = Path.of("src/site/markdown/job-files.md");
    private static final JobReader READER = StepKinds.BUILT_IN.reader();
    private static final JsonObject SCHEMA = new JsonObject(READER.schema());
    private static final Pattern HEADING = Pattern.compile("#{2,3} (.+)");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z0-9_.]+)` \\| (.+?) \\| (.+) \\|");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /**
     * A table of keys on the page.
     *
     * @param base a job that has the table's section
     * @param path of the section in the job
     */
    private record Section(String heading, String base, String path, Map<String, JsonObject> keys) {
        String path(String key) {
            return path.isEmpty() ? key : path + "." + key;
        }
    }

    @BeforeEach
    void thePageIsThere() {
        assertThat(PAGE).exists();
    }

    private static List<Section> sections() {
        String get = "job: j\ndo: {get: \"https://h/\"}\n";
        JsonArray clients = property(SCHEMA, "clients")
                .getJsonObject("additionalProperties")
                .getJsonArray("oneOf");
        List<Section> all = new ArrayList<>();
        all.add(new Section("job", get, "", keys(SCHEMA)));
        all.add(new Section(
                "clients.NAME (url)",
                get + "clients: {a: {url: \"https://h\"}}\n",
                "clients.a",
                keys(clients.getJsonObject(0))));
        all.add(new Section(
                "clients.NAME (postgres)",
                get + "clients: {a: {postgres: }}\n",
                "clients.a",
                keys(clients.getJsonObject(1))));
        JsonObject each = property(SCHEMA, "each").getJsonArray("oneOf").getJsonObject(1);
        all.add(new Section("each", get + "each: {file: items.txt}\n", "each", keys(each)));
        all.add(new Section("queue", get + "queue: {}\n", "queue", keys(property(SCHEMA, "queue"))));
        all.add(new Section("print", get, "", Map.of("print", property(SCHEMA, "print"))));
        all.add(new Section(
                "into",
                get + "clients: {a: {postgres: }}\ninto: {postgres: a, table: t}\n",
                "into",
                keys(property(SCHEMA, "into"))));
        all.add(new Section("limits", get, "limits", keys(property(SCHEMA, "limits"))));
        all.add(new Section("on_error", get, "", Map.of("on_error", property(SCHEMA, "on_error"))));
        String clientsOfSteps = "clients: {a: {url: \"https://h\"}, b: {postgres: }}\n";
        Map<String, String> steps = Map.of(
                "get/head", "get: /",
                "post/patch", "post: /",
                "put/delete", "put: /",
                "pages", "pages: /, next: {page: page}",
                "sql", "sql: SELECT 1",
                "call", "call: io.vertask.app.step.Sha256",
                "sleep", "sleep: 1s");
        steps.forEach((heading, step) -> all.add(new Section(
                heading, "job: j\n" + clientsOfSteps + "do: {" + step + "}\n", "do", keysOfStep(heading.split("/")))));
        return all;
    }

    private static JsonObject property(JsonObject of, String name) {
        return of.getJsonObject("properties").getJsonObject(name);
    }

    /** The keys of a section; a section in it, or the maps of a key's forms, give keys with a dot. */
    private static Map<String, JsonObject> keys(JsonObject section) {
        Map<String, JsonObject> keys = new LinkedHashMap<>();
        section.getJsonObject("properties").fieldNames().forEach(key -> add(key, property(section, key), keys));
        return keys;
    }

    private static void add(String key, JsonObject property, Map<String, JsonObject> keys) {
        if (key.equals("pool")) {
            keys(property).forEach((inner, its) -> keys.put(key + "." + inner, its));
            return;
        }
        keys.put(key, property);
        if (key.equals("next")) {
            property.getJsonArray("oneOf").stream()
                    .map(JsonObject.class::cast)
                    .filter(form -> form.containsKey("properties"))
                    .forEach(form -> keys(form).forEach((inner, its) -> keys.put(key + "." + inner, its)));
        }
    }

    private static Map<String, JsonObject> keysOfStep(String... heads) {
        JsonObject section = property(SCHEMA, "do");
        Map<String, JsonObject> keys = new LinkedHashMap<>();
        forms(section)
                .filter(form -> List.of(heads).contains(head(form)))
                .flatMap(form -> form.getJsonObject("propertyNames").getJsonArray("enum").stream())
                .forEach(key -> add((String) key, property(section, (String) key), keys));
        return keys;
    }

    private static Stream<JsonObject> forms(JsonObject section) {
        return section.getJsonArray("oneOf").stream().map(JsonObject.class::cast);
    }

    private static String head(JsonObject form) {
        return form.getJsonArray("required").getString(0);
    }

    /** The rows of every table of keys: the defaults by key, by heading. */
    private static Map<String, Map<String, String>> page() throws IOException {
        Map<String, Map<String, String>> tables = new LinkedHashMap<>();
        String heading = "";
        boolean ofKeys = false;
        for (String line : Files.readAllLines(PAGE)) {
            Matcher title = HEADING.matcher(line);
            Matcher row = ROW.matcher(line);
            if (title.matches()) {
                heading = title.group(1);
            } else if (line.startsWith("| key |")) {
                ofKeys = true;
                tables.putIfAbsent(heading, new LinkedHashMap<>());
            } else if (!line.startsWith("|")) {
                ofKeys = false;
            } else if (ofKeys && row.matches()) {
                table(tables, heading).put(row.group(1), row.group(2));
            }
        }
        return tables;
    }

    private static Map<String, String> table(Map<String, Map<String, String>> page, String heading) {
        return Objects.requireNonNull(page.get(heading), () -> "a table below «" + heading + "»");
    }

    private static String cell(Map<String, Map<String, String>> page, String heading, String key) {
        return Objects.requireNonNull(table(page, heading).get(key), () -> key + " below «" + heading + "»");
    }

    @Test
    void thePageHasTheReadersKeysAndNoOthers() throws IOException {
        Map<String, Map<String, String>> page = page();
        List<Section> sections = sections();
        assertThat(page.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        sections.stream().map(Section::heading).toList());
        assertThat(sections)
                .allSatisfy(section -> assertThat(table(page, section.heading()).keySet())
                        .as("the keys below «%s»", section.heading())
                        .containsExactlyInAnyOrderElementsOf(section.keys().keySet()));
    }

    @Test
    void everyHeadOfAStepHasATable() throws IOException {
        Set<String> heads =
                forms(property(SCHEMA, "do")).map(JobFilesPageTest::head).collect(toCollection(TreeSet::new));
        Set<String> onPage = page().keySet().stream()
                .flatMap(heading -> Stream.of(heading.split("/")))
                .filter(heads::contains)
                .collect(toCollection(TreeSet::new));
        assertThat(onPage).isEqualTo(heads);
    }

    @Test
    void theSchemasDefaultsAreOnThePage() throws IOException {
        Map<String, Map<String, String>> page = page();
        for (Section section : sections()) {
            section.keys().forEach((key, property) -> {
                if (property.containsKey("default")) {
                    assertThat(literal(cell(page, section.heading(), key)))
                            .as("the default of %s below «%s»", key, section.heading())
                            .contains(String.valueOf(property.getValue("default")));
                }
            });
        }
    }

    @Test
    void theDefaultsThatTheReaderAssumesAreOnThePage() throws IOException {
        Map<String, Map<String, String>> page = page();
        for (Section section : sections()) {
            for (String key : section.keys().keySet()) {
                Optional<String> assumed = assumed(section, key);
                if (assumed.isPresent() && !(key.equals("capacity") || key.equals("format"))) {
                    assertThat(literal(cell(page, section.heading(), key)))
                            .as("the default of %s below «%s»", key, section.heading())
                            .isEqualTo(assumed);
                }
            }
        }
    }

    /** The default that {@code check --effective} shows for a key of a section. */
    private static Optional<String> assumed(Section section, String key) {
        List<String> path = List.of(section.path(key).split("\\."));
        int from = 0;
        List<String> lines = READER.effective("x.yaml", section.base(), Map.of(), List.of());
        for (int depth = 0; depth < path.size(); depth++) {
            String begin = "  ".repeat(depth) + path.get(depth) + ":";
            int found = from;
            while (found < lines.size() && !lines.get(found).startsWith(begin)) {
                found++;
            }
            if (found == lines.size()) {
                return Optional.empty();
            }
            from = found;
        }
        Matcher line = Pattern.compile("\\s*\\w+: (\\S+)\\s+# default").matcher(lines.get(from));
        return line.matches() ? Optional.of(line.group(1)) : Optional.empty();
    }

    @Test
    void aKeyThatIsLeftOutIsReadAsItsDefault() throws IOException {
        Map<String, Map<String, String>> page = page();
        for (Section section : sections()) {
            table(page, section.heading()).forEach((key, cell) -> {
                if (cell.equals("`" + literal(cell).orElse("") + "`") && !key.equals("max_body")) {
                    String set = section.path(key) + "=" + literal(cell).orElseThrow();
                    assertThat(read(section.base(), set))
                            .as("%s in: %s", set, section.base())
                            .isEqualTo(read(section.base()));
                } else if (cell.equals("required")
                        && !key.equals("do")
                        && !section.path().equals("do")) {
                    assertThatThrownBy(() -> READER.read("x.yaml", without(key, section), Map.of(), List.of()))
                            .as("%s is required below «%s»", key, section.heading())
                            .isInstanceOf(JobErrors.class);
                }
            });
        }
        assertThat(literal(cell(page, "clients.NAME (url)", "max_body")))
                .contains(SizeText.format(HttpCalls.Options.MAX_BODY_BYTES));
    }

    private static String without(String key, Section section) {
        return section.base().replaceFirst("\\b" + key + ":[^,}\\n]*,? ?", "");
    }

    /** The records of a job, but for the fingerprint of its text. */
    private static String read(String text, String... sets) {
        List<Setting> settings = Stream.of(sets).map(Setting::set).toList();
        Job job = READER.readWith("x.yaml", text, Map.of(), settings);
        return job.toString().replace(job.fingerprint(), "");
    }

    private static Optional<String> literal(String cell) {
        return CODE.matcher(cell).results().map(code -> code.group(1)).findFirst();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            `print` of get, head, post, patch, put, delete with `pick` | get: /, pick: {a: b}
            `print` of the same without `pick`, `body: json`           | get: /
            `print` of the same with `body: text`                      | get: /, body: text
            `print` of the same with `body: discard`                   | get: /, body: discard
            `print` of pages with `pick`                               | pages: /, next: link, pick: {a: b}
            `print` of pages without `pick`                            | pages: /, next: link
            `print` of sql, `rows: first`                              | sql: SELECT 1
            `print` of sql, `rows: all`                                | sql: SELECT 1, rows: all
            `print` of sql, `rows: none`                               | sql: SELECT 1, rows: none
            `print` of call                                            | call: io.vertask.app.step.Sha256
            `print` of sleep                                           | sleep: 1s
            """)
    void thePageHasTheNamesThatTemplatesMayUse(String where, String step) throws IOException {
        String text = "job: j\nclients: {a: {url: \"https://h\"}, b: {postgres: }}\ndo: {" + step + "}\n";
        Names names = READER.read("x.yaml", text, Map.of(), List.of()).step().names(Names.ofItem(null));
        String row = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| " + where + " |"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row «" + where + "» on the page"));
        String cell = row.substring(where.length() + 4).replaceFirst(";.*", "");
        boolean picks = step.contains("pick:");
        assertThat(CODE.matcher(cell).results().map((MatchResult code) -> code.group(1)))
                .containsExactlyInAnyOrderElementsOf(
                        names.known().stream().filter(name -> !name.equals("a")).toList());
        assertThat(cell.contains("every ")).isEqualTo(names.open() || picks);
    }
}
