package io.vertask.app.cli;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Ctrl-C and SIGTERM for the time of a session.
 *
 * <p>A shutdown hook can't do this: it hears only of the first signal, and here the second and the third mean
 * something. {@code sun.misc.Signal} is in the module jdk.unsupported, which every JDK has and exports; it is called by
 * reflection because javac has a warning for it that no annotation silences.
 */
final class Signals {
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private record Former(Object signal, Object handler) {}

    private final List<Former> former = new ArrayList<>();

    private Signals() {}

    static Signals handledBy(Stopper stopper) {
        Signals signals = new Signals();
        signals.on("INT", () -> {
            if (!stopper.interrupt()) {
                Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
            }
        });
        signals.on("TERM", stopper::terminate);
        return signals;
    }

    private void on(String name, Runnable action) {
        try {
            Object signal = Class.forName(SIGNAL).getConstructor(String.class).newInstance(name);
            Class<?> type = Class.forName(HANDLER);
            Object handler =
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            former.add(new Former(signal, handle(signal, handler)));
        } catch (ReflectiveOperationException | LinkageError missing) {
            System.err.println(
                    "this Java can't hear signal " + name + ": it will end Vertask at once (" + missing + ")");
        }
    }

    private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
        return signal.getClass()
                .getMethod("handle", signal.getClass(), Class.forName(HANDLER))
                .invoke(null, signal, handler);
    }

    /** Puts back what was there before. */
    void close() {
        for (Former one : former) {
            try {
                handle(one.signal(), one.handler());
            } catch (ReflectiveOperationException missing) {
                throw new IllegalStateException("a signal that could be set can't be set back", missing);
            }
        }
    }
}
