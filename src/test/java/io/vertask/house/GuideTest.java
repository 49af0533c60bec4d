package io.vertask.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.vertask.app.cli.Cli;
import io.vertask.app.cli.ExitCode;
import io.vertask.app.run.StepKinds;
import io.vertask.direct.Direct;
import io.vertask.testing.Jobs;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The README and the guide: their code compiles and runs, their jobs can be read, their commands and links exist. */
class GuideTest {
    private static final Path CLASSES = Path.of("target/classes");
    private static final Set<String> VERBS = Set.of("run", "demo", "tour", "check");
    private static final String PROGRAM = "(?:\\./run\\.sh|java -jar target/vertask\\.jar)";

    static List<Page> pages() throws IOException {
        return Page.all();
    }

    static List<Page.Block> jobs() throws IOException {
        return Page.all().stream().flatMap(page -> page.blocks("yaml").stream()).toList();
    }

    // ---- Java

    /** A snippet is either a whole file, or statements that may use {@code vertx} and {@code fetch}. */
    private static String unit(int number, String code) {
        if (code.contains("\nimport ") || code.startsWith("import ")) {
            return "package guide.p" + number + ";\n" + code;
        }
        return "package guide.p" + number + ";\n" + imports() + """
                public class Snippet {
                    io.vertx.core.Vertx vertx;
                    Future<String> fetch(String symbol) {
                        return Tasks.sleep(Duration.ofMillis(1)).map(symbol);
                    }
                    public void run() throws Exception {
                %s    }
                }
                """.formatted(code);
    }

    private static String imports() {
        Stream<String> ours = packages().filter(name -> !name.startsWith("io.vertask.app") || name.endsWith(".step"));
        Stream<String> theirs = Stream.of(
                "java.nio.file",
                "java.time",
                "java.util",
                "io.vertx.core",
                "io.vertx.core.json",
                "io.vertx.ext.web.client",
                "io.vertx.sqlclient");
        return Stream.concat(ours, theirs)
                .map(name -> "import " + name + ".*;\n")
                .collect(Collectors.joining());
    }

    private static Stream<String> packages() {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files
                    .filter(file -> file.endsWith("package-info.java"))
                    .map(file -> Path.of("src/main/java")
                            .relativize(Objects.requireNonNull(file.getParent()))
                            .toString()
                            .replace('/', '.'))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final Page.Block block;
        private final int number;

        Source(Page.Block block, int number) {
            super(URI.create("string:///p" + number + "/" + name(block.text()) + ".java"), Kind.SOURCE);
            this.block = block;
            this.number = number;
        }

        private static String name(String code) {
            Matcher type =
                    Pattern.compile("(?m)^(?:public |final )*class (\\w+)").matcher(code);
            return code.contains("import ") && type.find() ? type.group(1) : "Snippet";
        }

        String className() {
            return "guide.p" + number + "." + name(block.text());
        }

        @Override
        public CharSequence getCharContent(boolean ignoreErrors) {
            return unit(number, block.text());
        }
    }

    private static List<Source> sources() throws IOException {
        List<Source> sources = new ArrayList<>();
        for (Page page : Page.all()) {
            page.blocks("java").forEach(block -> sources.add(new Source(block, sources.size())));
        }
        return sources;
    }

    @Test
    void theJavaCompilesAndRuns(@TempDir Path out) throws Exception {
        List<Source> sources = sources();
        assertThat(sources).hasSizeGreaterThan(10);
        compile(sources, out);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {out.toUri().toURL()}, getClass().getClassLoader())) {
            for (Source source : sources) {
                Class<?> type = loader.loadClass(source.className());
                String code = source.block.text();
                if (code.contains("Test\n")) {
                    tests(source, type);
                } else if (isRunnable(code)) {
                    run(source, type);
                }
            }
        }
    }

    private static void compile(List<Source> sources, Path out) throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> options = List.of("-d", out.toString(), "-proc:none", "-cp", classPath);
        boolean well =
                compiler.getTask(null, null, found, options, null, sources).call();
        assertThat(well)
                .as(() -> found.getDiagnostics().stream()
                        .map(one -> {
                            Source source = (Source) one.getSource();
                            return (source == null ? "?" : source.block) + ": " + one.getMessage(null);
                        })
                        .collect(Collectors.joining("\n")))
                .isTrue();
    }

    /** What makes its own Vertx, and no client of a server that is not there. */
    private static boolean isRunnable(String code) {
        return (code.contains("Tasks.run(") || code.contains("Direct.run(") || code.contains("new Sha256()"))
                && !code.contains("import ")
                && (!code.contains("Direct.") || Direct.isAvailable());
    }

    private static void run(Source source, Class<?> type) throws Exception {
        try {
            Method run = type.getMethod("run");
            run.invoke(type.getConstructor().newInstance());
        } catch (java.lang.reflect.InvocationTargetException e) {
            throw new AssertionError(source.block + " failed", e.getCause());
        }
    }

    private static void tests(Source source, Class<?> type) {
        var events = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(type))
                .execute()
                .allEvents();
        assertThat(events.failed().list()).as("%s", source.block).isEmpty();
        assertThat(events.succeeded().count()).as("%s", source.block).isPositive();
    }

    /** {@code Tasks.gather(...)} in the text of a page: there is such a class, and it has such a method. */
    @ParameterizedTest
    @MethodSource("pages")
    void everyVerbThatAPageNamesExists(Page page) {
        Map<String, List<Class<?>>> types = types();
        Pattern verb = Pattern.compile("(?<![\\w.])([A-Z]\\w+)\\.([a-z]\\w*)\\(");
        for (String span : page.spans()) {
            for (MatchResult use : verb.matcher(span).results().toList()) {
                assertThat(types.getOrDefault(use.group(1), List.of()))
                        .as("%s: %s", page, span)
                        .anyMatch(type -> Arrays.stream(type.getMethods())
                                .anyMatch(method -> method.getName().equals(use.group(2))));
            }
        }
    }

    /** The first cell of a row is Python; in the second, a name alone is a class or a verb of {@code Tasks}. */
    @Test
    void everyRowOfTheAsyncioTableNamesSomethingOfTheLibrary() throws IOException {
        List<String> rows = Page.guide("asyncio.md")
                .prose()
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| asyncio |"))
                .toList();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(45);
        Map<String, List<Class<?>>> types = types();
        for (String row : rows) {
            Matcher name = Pattern.compile("`([A-Z]\\w+)").matcher(row.split("(?<!\\\\)\\|", -1)[2]);
            boolean found = false;
            while (name.find()) {
                assertThat(types).as(row).containsKey(name.group(1));
                found = true;
            }
            assertThat(found || row.contains("`task.") || row.contains("`group."))
                    .as(row)
                    .isTrue();
        }
    }

    /** The public classes of the library and the steps, by simple name. */
    private static Map<String, List<Class<?>>> types() {
        Map<String, List<Class<?>>> types = new HashMap<>();
        try (Stream<Path> files = Files.walk(CLASSES.resolve("io/vertask"))) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".class")).toList()) {
                String name = CLASSES.relativize(file).toString().replace('/', '.');
                boolean inner = name.contains("$");
                if (inner || name.endsWith("package-info.class")) {
                    continue;
                }
                Class<?> type = Class.forName(
                        name.substring(0, name.length() - ".class".length()), false, GuideTest.class.getClassLoader());
                types.computeIfAbsent(type.getSimpleName(), none -> new ArrayList<>())
                        .add(type);
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return types;
    }

    // ---- jobs

    /** A block that is only some sections of a job is completed first. */
    @ParameterizedTest
    @MethodSource("jobs")
    void everyJobCanBeRead(Page.Block block) {
        String text = block.text();
        String named = Pattern.compile("(?m)^job:").matcher(text).find() ? text : "job: x\n" + text;
        String whole = Pattern.compile("(?m)^do:").matcher(text).find() ? named : named + "do: {sleep: 1s}\n";
        Map<String, String> env = new TreeMap<>();
        Pattern.compile("\\$\\{(\\w+)\\}").matcher(text).results().forEach(name -> env.put(name.group(1), "secret"));
        assertThat(Jobs.read(block.toString(), whole, env, List.of()).notes()).isEmpty();
    }

    @Test
    void theFirstJobOfItsPageIsTheOneInConf() throws IOException {
        String shown = Page.guide("job-files.md").blocks("yaml").stream()
                .map(Page.Block::text)
                .filter(text -> text.startsWith("job: url-status"))
                .findFirst()
                .orElseThrow();
        assertThat(withoutComments(Files.readString(Path.of("conf/url_status.yaml"))))
                .isEqualTo(withoutComments(shown));
    }

    private static List<String> withoutComments(String yaml) {
        return yaml.lines()
                .map(line -> line.replaceFirst("\\s+#.*$", "").replaceFirst("^#.*$", ""))
                .filter(line -> !line.isBlank())
                .toList();
    }

    // ---- commands

    private static String help(String verb) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(verb.isEmpty() ? Cli.execute("--help") : Cli.execute(verb, "--help"))
                    .isZero();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Set<String> flags(String verb) {
        return Pattern.compile("(?<![\\w-])--?[A-Za-z][\\w-]*")
                .matcher(help(verb).replaceFirst("(?s).*?(?=Usage:)", ""))
                .results()
                .map(MatchResult::group)
                .filter(flag -> !flag.matches("-[A-Za-z]{2,}")) // [-hV]
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Set<String>> allFlags() {
        Map<String, Set<String>> flags = new LinkedHashMap<>();
        VERBS.forEach(verb -> flags.put(verb, flags(verb)));
        flags.put("", flags(""));
        return flags;
    }

    /** Every command of the program in a page, in blocks of shell and in the text. */
    private static List<String> commands(Page page) {
        return Stream.concat(
                        page.blocks("sh").stream().flatMap(block -> block.text().lines()), page.spans().stream())
                .map(line -> line.replaceFirst("\\s#.*", "").strip())
                .filter(line -> line.matches("(?:\\w+=\\S+ )*" + PROGRAM + "(?: .*)?"))
                .map(line -> line.replaceFirst("^(?:\\w+=\\S+ )*" + PROGRAM, "").strip())
                .toList();
    }

    @Test
    void everyCommandHasAVerbFlagsAndFilesThatExist() throws IOException {
        Map<String, Set<String>> known = allFlags();
        int seen = 0;
        for (Page page : Page.all()) {
            for (String command : commands(page)) {
                seen++;
                List<String> words = command.isEmpty() ? List.of() : List.of(command.split(" +"));
                String first = words.isEmpty() ? "demo" : words.get(0);
                String verb = VERBS.contains(first) ? first : first.startsWith("-") && words.size() == 1 ? "" : "run";
                for (String word : words) {
                    if (word.startsWith("-") && word.length() > 1) {
                        assertThat(known.get(verb)).as("%s: %s", page, command).contains(word.replaceFirst("=.*", ""));
                    } else if (word.startsWith("conf/") && !word.contains("*")) {
                        assertThat(Path.of(word)).as("%s: %s", page, command).exists();
                    }
                }
            }
        }
        assertThat(seen).isGreaterThan(15);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyFlagThatAPageNamesExists(Page page) {
        Set<String> known = allFlags().values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        List<String> named = page.spans().stream()
                .filter(span -> span.startsWith("--"))
                .map(span -> span.replaceFirst("[ =].*", ""))
                .toList();
        assertThat(known).containsAll(named);
    }

    @Test
    void everyFlagOfTheProgramIsOnItsPage() throws IOException {
        Set<String> named = Page.guide("command-line.md").spans().stream()
                .map(span -> span.replaceFirst("[ =].*", ""))
                .collect(Collectors.toSet());
        Set<String> ofEach = Set.of("--help", "--version");
        for (Set<String> flags : allFlags().values()) {
            assertThat(flags).allMatch(flag -> named.contains(flag) || ofEach.contains(flag), "is on the page");
        }
    }

    @Test
    void theExitCodesOnTheirPageAreThoseOfTheProgram() throws IOException {
        List<Integer> shown = Page.guide("command-line.md")
                .prose()
                .lines()
                .filter(line -> line.matches("\\| \\d+ \\|.*"))
                .map(line -> Integer.valueOf(line.replaceAll("\\| (\\d+) \\|.*", "$1")))
                .toList();
        assertThat(shown)
                .isEqualTo(Stream.of(ExitCode.values())
                        .map(ExitCode::code)
                        .sorted()
                        .toList());
    }

    /** A variable of {@code run.sh}, or one that stands for a limit. */
    @Test
    void theVariablesOnTheirPageAreThoseOfTheProgram() throws IOException {
        Pattern variable = Pattern.compile("VERTASK_[A-Z_]*[A-Z]");
        Set<String> known = new TreeSet<>();
        variable.matcher(Files.readString(Path.of("run.sh"))).results().forEach(name -> known.add(name.group()));
        JsonObject limits = new JsonObject(StepKinds.BUILT_IN.reader().schema())
                .getJsonObject("properties")
                .getJsonObject("limits")
                .getJsonObject("properties");
        limits.fieldNames().stream()
                .filter(key -> !key.equals("backoff"))
                .forEach(key -> known.add("VERTASK_" + key.toUpperCase(java.util.Locale.ROOT)));
        Set<String> shown = new TreeSet<>();
        variable.matcher(Page.guide("command-line.md").prose()).results().forEach(name -> shown.add(name.group()));
        assertThat(shown).isEqualTo(known);
    }

    // ---- rooms and links

    @Test
    void everyRoomIsOnTheMap() throws IOException {
        Set<String> shown = Page.guide("design.md")
                .prose()
                .lines()
                .filter(line -> line.startsWith("| `io.vertask."))
                .map(line -> line.replaceAll("\\| `([\\w.]+)` \\|.*", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> rooms = packages()
                .filter(room -> !room.equals("io.vertask.app") && !room.startsWith("io.vertask.app.workload."))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(shown).isEqualTo(rooms);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsSomewhere(Page page) throws IOException {
        Pattern link = Pattern.compile("\\]\\(([^)\\s]+)\\)");
        for (MatchResult one : link.matcher(page.prose()).results().toList()) {
            String[] target = one.group(1).split("#", 2);
            if (target[0].startsWith("http")) {
                continue;
            }
            Path file = target[0].isEmpty()
                    ? page.file()
                    : page.file().resolveSibling(target[0]).normalize();
            assertThat(file).as("%s: %s", page, one.group(1)).exists();
            if (target.length == 2) {
                assertThat(Page.of(file).anchors())
                        .as("%s: %s", page, one.group(1))
                        .contains(target[1]);
            }
        }
    }
}
