package io.vertask.app.run;

import io.vertask.app.journal.RunEvent;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a run needs from its caller.
 *
 * @param id the run's short name; messages and Postgres' process list show it
 * @param resumed whether an earlier process has begun this run
 * @param env the environment variables that clients may read
 * @param stdin where {@code each: {stdin: …}} reads
 * @param skips the items that are done already
 * @param unordered whether results are handed out as they complete, rather than in input order
 * @param sink where results go
 * @param listeners of the journal, on the run's event loop; they must not block
 * @param slowListeners of the journal, on its writer thread; they may block, and miss events when they are too slow
 * @param note takes lines for people that are no result; it must not block
 */
public record Ports(
        String id,
        boolean resumed,
        Map<String, String> env,
        InputStream stdin,
        Skips skips,
        boolean unordered,
        Sink sink,
        List<Consumer<RunEvent>> listeners,
        List<Consumer<RunEvent>> slowListeners,
        Consumer<String> note) {

    public Ports {
        listeners = List.copyOf(listeners);
        slowListeners = List.copyOf(slowListeners);
    }

    /** A new run without environment, stdin, listeners and notes. */
    public static Ports of(String id, Sink sink) {
        return new Ports(
                id,
                false,
                Map.of(),
                InputStream.nullInputStream(),
                Skips.NONE,
                false,
                sink,
                List.of(),
                List.of(),
                line -> {});
    }

    /** With these variables. */
    public Ports env(Map<String, String> variables) {
        return new Ports(id, resumed, variables, stdin, skips, unordered, sink, listeners, slowListeners, note);
    }

    /** With this stdin. */
    public Ports stdin(InputStream in) {
        return new Ports(id, resumed, env, in, skips, unordered, sink, listeners, slowListeners, note);
    }

    /** A run that goes on: {@code done} knows what an earlier process has done. */
    public Ports resuming(Skips done) {
        return new Ports(id, true, env, stdin, done, unordered, sink, listeners, slowListeners, note);
    }

    /** With results as they complete. */
    public Ports unordered(boolean asTheyComplete) {
        return new Ports(id, resumed, env, stdin, skips, asTheyComplete, sink, listeners, slowListeners, note);
    }

    /** With one more listener. */
    public Ports listener(Consumer<RunEvent> listener) {
        return new Ports(
                id, resumed, env, stdin, skips, unordered, sink, with(listeners, listener), slowListeners, note);
    }

    /** With one more listener that may block. */
    public Ports slowListener(Consumer<RunEvent> listener) {
        return new Ports(
                id, resumed, env, stdin, skips, unordered, sink, listeners, with(slowListeners, listener), note);
    }

    /** With this taker of lines for people. */
    public Ports note(Consumer<String> lines) {
        return new Ports(id, resumed, env, stdin, skips, unordered, sink, listeners, slowListeners, lines);
    }

    private static List<Consumer<RunEvent>> with(List<Consumer<RunEvent>> list, Consumer<RunEvent> one) {
        List<Consumer<RunEvent>> more = new ArrayList<>(list);
        more.add(one);
        return more;
    }
}
