package io.vertask.app.cli;

import io.vertask.app.job.Version;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Nearest;
import io.vertask.app.memory.OutOfMemory;
import io.vertask.app.output.Format;
import io.vertask.app.output.Progress;
import io.vertask.app.output.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The command line of the program. Without an argument it runs the demo; a first argument that is no verb is a job
 * file.
 */
@Command(
        name = "./run.sh",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        headerHeading = "Examples:%n"
                + "  ./run.sh                                the demo%n"
                + "  ./run.sh conf/url_status.yaml -c 5      run a job, five items at once%n"
                + "%n",
        description =
                "Runs many HTTP calls or queries at once, with limits, timeouts and a cancel that reaches the wire.")
public final class Cli {
    private static final List<String> HELP = List.of("-h", "--help");
    private static final List<String> GLOBAL = List.of("-h", "--help", "-V", "--version");

    /** The verbs in the order of the help. */
    private static final List<Verb> VERBS = List.of(
            new Verb("run", true, RunVerb::new),
            new Verb("demo", true, DemoVerb::new),
            new Verb("tour", false, session -> new TourVerb()),
            new Verb("check", false, session -> new CheckVerb()));

    /** A verb; {@code runsJobs} tells whether it needs the Vertx that {@link Session#ahead} makes. */
    private record Verb(String name, boolean runsJobs, Function<Session, Object> command) {}

    private Cli() {}

    /** Runs the command that {@code args} name and returns the exit code of the process. */
    public static int execute(String... args) {
        Optional<String> wrong = CommandLineText.wrong(args);
        if (wrong.isPresent()) {
            System.err.println(wrong.get());
            return ExitCode.USAGE.code();
        }
        String[] words = withVerb(args);
        boolean helps = Arrays.stream(words).anyMatch(HELP::contains);
        try (Session session = new Session(MemoryEnd.install())) {
            if (!helps && VERBS.stream().anyMatch(verb -> verb.runsJobs && verb.name.equals(words[0]))) {
                session.ahead();
            }
            CommandLine cli = new CommandLine(new Cli());
            cli.getCommandSpec().versionProvider(() -> new String[] {"vertask " + Version.TEXT});
            // reading a verb's options takes as long as a request, so only the help reads those of all verbs
            VERBS.stream()
                    .filter(verb -> GLOBAL.contains(words[0]) || verb.name.equals(words[0]))
                    .forEach(verb -> cli.addSubcommand(verb.command.apply(session)));
            // UTF-8 in every locale, as for everything else
            cli.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
            cli.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
            Choices.register(cli, Format.class, Progress.Mode.class, Terminal.Color.class);
            cli.setParameterExceptionHandler(Cli::wrongUsage);
            cli.setExecutionExceptionHandler((bug, command, parsed) -> report(bug, command.getErr()));
            return execute(cli, words);
        }
    }

    private static int execute(CommandLine cli, String... words) {
        try {
            return cli.execute(words);
        } catch (Error bug) { // picocli does not catch it, and the JVM would exit with code 1
            return report(bug, cli.getErr());
        }
    }

    private static int report(Throwable bug, PrintWriter err) {
        OutOfMemory.check(bug);
        err.println("this is a bug in Vertask, please report it:");
        bug.printStackTrace(err);
        err.flush();
        return ExitCode.BUG.code();
    }

    /** Adds the verb that was left out: {@code run} before a job file, {@code demo} when there are no arguments. */
    private static String[] withVerb(String... args) {
        if (args.length == 0) {
            return new String[] {"demo"};
        }
        boolean known = GLOBAL.contains(args[0]) || VERBS.stream().anyMatch(verb -> verb.name.equals(args[0]));
        return Stream.concat(known ? Stream.empty() : Stream.of("run"), CommandLineText.exact(args))
                .toArray(String[]::new);
    }

    /** The words about a file that is not there: the command that was meant, or where all are listed. */
    static String meant(String file) {
        String verb = Nearest.to(file, VERBS.stream().map(Verb::name).toList());
        return verb == null
                ? "; `./run.sh --help` lists the verbs"
                : ", and no verb `" + file + "`: did you mean `" + verb + "`?";
    }

    private static int wrongUsage(ParameterException wrong, String... args) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(MessageText.lines(String.valueOf(wrong.getMessage())));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
            err.println("try: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        err.flush();
        return ExitCode.USAGE.code();
    }
}
