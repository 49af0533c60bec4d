package io.vertask.app.output;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What is known of the terminal, when there is one.
 *
 * @param out whether stdout is one
 * @param err whether stderr is one
 */
public record Terminal(boolean out, boolean err, Map<String, String> env) {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int USUAL_WIDTH = 80;
    private static final long PATIENCE_MILLIS = 500;

    /** When colour is used. */
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
        // Java has no isatty; where there is no /proc, a program of the system is asked
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

    /** Whether it obeys more than line ends. */
    private boolean isSmart() {
        return !env.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /** For stdout. */
    Paint paintOut(Color color) {
        return paint(color, out);
    }

    /** For stderr. */
    Paint paintErr(Color color) {
        return paint(color, err);
    }

    private Paint paint(Color color, boolean terminal) {
        boolean wanted =
                terminal && isSmart() && env.getOrDefault("NO_COLOR", "").isEmpty();
        return new Paint(color == Color.ALWAYS || (color == Color.AUTO && wanted));
    }

    /** Whether a bar can move on stderr. */
    boolean canMove() {
        return err && isSmart();
    }

    /** How many characters fit into a line. */
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
