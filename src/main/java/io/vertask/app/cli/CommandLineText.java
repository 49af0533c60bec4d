package io.vertask.app.cli;

import io.vertask.app.job.yaml.LocaleText;
import io.vertask.app.job.yaml.MessageText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The arguments of the command before they are parsed. */
final class CommandLineText {
    private static final String END_OF_FLAGS = "--";
    private static final String RETRY_FAILED = "--retry-failed";

    private CommandLineText() {}

    /** The mistake in arguments that must not be used as they are, for people. */
    static Optional<String> wrong(String... args) {
        for (int i = 0; i < args.length; i++) {
            if (LocaleText.isGarbled(args[i])) {
                return Optional.of("argument " + (i + 1) + ", " + MessageText.quote(args[i])
                        + ", can't be read: it has bytes that are not characters here; " + LocaleText.cure());
            }
        }
        List<String> flags = Arrays.asList(args).subList(0, flags(args));
        for (int i = 0; i + 1 < flags.size(); i++) {
            String flag = flags.get(i);
            String next = flags.get(i + 1);
            boolean goesOn = flag.equals(OutputFlags.RESUME) || flag.equals(RETRY_FAILED);
            if (goesOn && next.matches("[A-Za-z0-9]+") && Files.isDirectory(Path.of(".vertask", next))) {
                String again = flag.equals(RETRY_FAILED) ? " " + RETRY_FAILED : "";
                return Optional.of(flag + " takes no run after a space: to go on with run " + next + " write "
                        + OutputFlags.RESUME + "=" + next + again + "; to run " + next + " as an item write -- "
                        + next);
            }
        }
        return Optional.empty();
    }

    /** Names the latest run for a bare {@code --resume}, so that it does not take the next argument for its run. */
    static Stream<String> exact(String... args) {
        int flags = flags(args);
        return Stream.concat(
                Arrays.stream(args, 0, flags)
                        .map(arg -> arg.equals(OutputFlags.RESUME) ? arg + "=" + OutputFlags.LATEST : arg),
                Arrays.stream(args, flags, args.length));
    }

    /** The number of arguments before the end of the flags. */
    private static int flags(String... args) {
        int end = Arrays.asList(args).indexOf(END_OF_FLAGS);
        return end < 0 ? args.length : end;
    }
}
