package io.vertask.app.output;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The properties of the terminal of the process, if it has one.
 *
 * @param out whether stdout is a terminal
 * @param err whether stderr is a terminal
 */
public record Terminal(boolean out, boolean err, Map<String, String> env) {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int USUAL_WIDTH = 80;
    private static final long PATIENCE_MILLIS = 500;

    /** The choices of {@code --color}. */
    public enum Color {
        AUTO,
        ALWAYS,
        NEVER
    }

    /** The terminal of this process. */
    public static Terminal of(Map<String, String> env) {
        return new Terminal(isTerminal(1), isTerminal(2), env);
    }

    private static boolean isTerminal(int descriptor) {
        if (Files.exists(DESCRIPTORS)) {
            try {
                String target = Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor)))
                        .toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            } catch (IOException closed) {
                return false;
            }
        }
        // Java has no isatty; without /proc the program test is asked
        try {
            Process test = new ProcessBuilder("test", "-t", Integer.toString(descriptor))
                    .inheritIO()
                    .start();
            return test.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS) && test.exitValue() == 0;
        } catch (IOException unknown) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether the terminal understands control sequences. */
    private boolean isSmart() {
        return !env.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /** The paint for stdout. */
    Paint paintOut(Color color) {
        return paint(color, out);
    }

    /** The paint for stderr. */
    Paint paintErr(Color color) {
        return paint(color, err);
    }

    private Paint paint(Color color, boolean terminal) {
        boolean wanted =
                terminal && isSmart() && env.getOrDefault("NO_COLOR", "").isEmpty();
        return new Paint(color == Color.ALWAYS || (color == Color.AUTO && wanted));
    }

    /** Whether stderr can show a moving bar. */
    boolean canMove() {
        return err && isSmart();
    }

    /** The width of a line in characters. */
    int width() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return size.matches("[0-9]+ [1-9][0-9]{1,4}")
                    ? Integer.parseInt(size.substring(size.indexOf(' ') + 1))
                    : USUAL_WIDTH;
        } catch (IOException unknown) {
            return USUAL_WIDTH;
        }
    }
}
