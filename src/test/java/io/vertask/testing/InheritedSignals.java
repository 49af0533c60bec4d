package io.vertask.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The signals that the tests' process ignores, because {@code nohup} or a {@code &} in a script began it so. Processes
 * inherit that.
 */
final class InheritedSignals {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String IGNORED = "SigIgn:";
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "QUIT", 3, "TERM", 15);

    /**
     * The words before a command that let it have the default handling again; empty when it is not needed or not there.
     */
    static final List<String> DEFAULT = words();

    private InheritedSignals() {}

    private static List<String> words() {
        List<String> env = List.of("env", "--default-signal=HUP,INT,QUIT,TERM");
        return NUMBERS.keySet().stream().anyMatch(InheritedSignals::isIgnored) && works(env) ? env : List.of();
    }

    private static boolean works(List<String> env) {
        try {
            return new ProcessBuilder(env.get(0), env.get(1), "true").start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether this process ignores a signal; false where the system does not tell. */
    static boolean isIgnored(String name) {
        Integer number = NUMBERS.get(name);
        if (number == null) {
            return false; // such as KILL, which nobody can ignore
        }
        try {
            return Files.exists(STATUS)
                    && Files.readAllLines(STATUS).stream()
                            .filter(line -> line.startsWith(IGNORED))
                            .map(line -> Long.parseUnsignedLong(
                                    line.substring(IGNORED.length()).strip(), 16))
                            .anyMatch(mask -> (mask >> (number - 1) & 1) == 1);
        } catch (IOException unknown) {
            return false;
        }
    }
}
