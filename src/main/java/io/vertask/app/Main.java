package io.vertask.app;

import io.vertask.app.cli.Cli;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where {@code java -jar vertask.jar} begins. */
public final class Main {
    private Main() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] args) {
        // whatever the locale: results are UTF-8 too, and `•` as `?` would say nothing
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        // from this plain thread, after everything is closed: the fastest way for a JVM with Vert.x in it to end
        System.exit(Cli.execute(args));
    }
}
