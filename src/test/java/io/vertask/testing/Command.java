package io.vertask.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The packaged program in a process of its own, started with {@code run.sh}, with stdout and stderr captured
 * separately.
 */
public final class Command implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(60);
    /** The script replaces itself with the JVM, so that the process is the program's. */
    private static final Path SCRIPT = Path.of("run.sh").toAbsolutePath();

    private final Process process;
    private final CompletableFuture<String> out;
    private final CompletableFuture<String> err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /** The result of a process: its exit code and output. */
    public record End(int code, String out, String err) {
        /** The lines of stdout. */
        public List<String> lines() {
            return out.lines().toList();
        }
    }

    private Command(Process process) {
        this.process = process;
        this.out = drain(process.getInputStream(), new ByteArrayOutputStream());
        this.err = drain(process.getErrorStream(), said);
    }

    /**
     * Starts the program on the JDK of the tests, with {@code env} added to an environment without the variables that
     * Postgres or Vertask read.
     */
    public static Command start(Map<String, String> env, String... args) throws IOException {
        return start(folder(), env, args);
    }

    /** Starts the program in the working directory {@code folder}. */
    public static Command start(Path folder, Map<String, String> env, String... args) throws IOException {
        List<String> line = new ArrayList<>(InheritedSignals.DEFAULT);
        line.add(SCRIPT.toString());
        line.addAll(List.of(args));
        return new Command(builder(folder, env, line).start());
    }

    /** Starts a bash script in which {@code vertask} is the command. */
    public static Command shell(Path folder, Map<String, String> env, String script) throws IOException {
        List<String> line = new ArrayList<>(InheritedSignals.DEFAULT);
        line.addAll(List.of("bash", "-c", "vertask() { '" + SCRIPT + "' \"$@\"; }\n" + script));
        return new Command(builder(folder, env, line).start());
    }

    private static ProcessBuilder builder(Path folder, Map<String, String> env, List<String> line) {
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("PG")
                        || name.startsWith("VERTASK_")
                        || name.equals("NO_COLOR")
                        || name.equals("DATABASE_URL")
                        || name.equals("GITHUB_TOKEN"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(env);
        return builder;
    }

    /** The default working directory, where runs leave their results; {@code conf} is a link there. */
    private static Path folder() throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "commands"));
        Path conf = folder.resolve("conf");
        if (!Files.isSymbolicLink(conf)) {
            Files.createSymbolicLink(conf, Path.of("conf").toAbsolutePath());
        }
        return folder;
    }

    /** Runs the program to its end. */
    public static End run(Map<String, String> env, String... args) throws IOException, InterruptedException {
        try (Command command = start(env, args)) {
            return command.end();
        }
    }

    /** Runs the program to its end in a working directory. */
    public static End run(Path folder, Map<String, String> env, String... args)
            throws IOException, InterruptedException {
        try (Command command = start(folder, env, args)) {
            return command.end();
        }
    }

    /** Runs a bash script in which {@code vertask} is the command. */
    public static End bash(Path folder, Map<String, String> env, String script)
            throws IOException, InterruptedException {
        try (Command command = shell(folder, env, script)) {
            return command.end();
        }
    }

    /** Waits for the end of the process, for at most a minute. */
    public End end() throws InterruptedException {
        return end(END);
    }

    /** Waits for the end of the process. */
    public End end(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("did not end within " + limit + "; stderr so far: " + said());
        }
        return new End(process.exitValue(), out.join(), err.join());
    }

    /** The standard input of the process. */
    public OutputStream stdin() {
        return process.getOutputStream();
    }

    /**
     * Sends a signal by its short name, {@code INT} or {@code TERM}. The test is skipped where the process inherited
     * that it is ignored.
     */
    public void signal(String name) throws IOException, InterruptedException {
        assumeTrue(
                InheritedSignals.DEFAULT.size() > 0 || !InheritedSignals.isIgnored(name),
                () -> "SIG" + name + " is ignored by who started the tests, as nohup and & have it");
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether the process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills the process if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Reads on a thread of its own: with two cores, the common pool has only one thread. */
    private static CompletableFuture<String> drain(InputStream stream, ByteArrayOutputStream all) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try (stream) {
                        stream.transferTo(all);
                    } catch (IOException gone) {
                        // the output before it has been kept
                    }
                    text.complete(all.toString(StandardCharsets.UTF_8));
                },
                "command-output");
        thread.setDaemon(true);
        thread.start();
        return text;
    }

    /** The output on stderr so far. */
    public String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    /** Polls {@code condition} until it holds, for at most {@code limit}; another process can't signal it. */
    public static void await(Duration limit, String what, Condition condition) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** A condition to wait for. */
    @FunctionalInterface
    public interface Condition {
        /** Whether the condition holds now. */
        boolean holds() throws Exception;
    }
}
