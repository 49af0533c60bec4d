package io.vertask.app.run;

import io.vertask.app.journal.RunEvent;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The ports of a run: its input, its output, and the settings from its caller.
 *
 * @param id the run's short name; messages and Postgres' process list show it
 * @param resumed whether an earlier process has begun this run
 * @param env the environment variables that clients may read
 * @param stdin the input of {@code each: {stdin: …}}
 * @param skips the items that earlier processes have done
 * @param unordered whether results are handed out as they complete, rather than in input order
 * @param sink the destination of the results
 * @param listeners the listeners of the journal on the run's event loop; they must not block
 * @param slowListeners the listeners of the journal on its writer thread; they may block, and miss events when slow
 * @param note takes messages for people; it must not block
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

    /** The ports of a new run without environment, stdin, listeners and notes. */
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

    /** These ports with these environment variables. */
    public Ports env(Map<String, String> variables) {
        return new Ports(id, resumed, variables, stdin, skips, unordered, sink, listeners, slowListeners, note);
    }

    /** These ports with this stdin. */
    public Ports stdin(InputStream in) {
        return new Ports(id, resumed, env, in, skips, unordered, sink, listeners, slowListeners, note);
    }

    /** These ports for a resumed run; {@code done} knows the items that earlier processes have done. */
    public Ports resuming(Skips done) {
        return new Ports(id, true, env, stdin, done, unordered, sink, listeners, slowListeners, note);
    }

    /** These ports with results in order of completion. */
    public Ports unordered(boolean asTheyComplete) {
        return new Ports(id, resumed, env, stdin, skips, asTheyComplete, sink, listeners, slowListeners, note);
    }

    /** These ports with one more listener. */
    public Ports listener(Consumer<RunEvent> listener) {
        return new Ports(
                id, resumed, env, stdin, skips, unordered, sink, with(listeners, listener), slowListeners, note);
    }

    /** These ports with one more listener that may block. */
    public Ports slowListener(Consumer<RunEvent> listener) {
        return new Ports(
                id, resumed, env, stdin, skips, unordered, sink, listeners, with(slowListeners, listener), note);
    }

    /** These ports with this receiver of messages for people. */
    public Ports note(Consumer<String> lines) {
        return new Ports(id, resumed, env, stdin, skips, unordered, sink, listeners, slowListeners, lines);
    }

    private static List<Consumer<RunEvent>> with(List<Consumer<RunEvent>> list, Consumer<RunEvent> one) {
        List<Consumer<RunEvent>> more = new ArrayList<>(list);
        more.add(one);
        return more;
    }
}
