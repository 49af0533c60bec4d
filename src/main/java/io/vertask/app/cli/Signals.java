package io.vertask.app.cli;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * The handlers of Ctrl-C, SIGTERM and SIGHUP during a session. A signal that was ignored when the process began, as
 * nohup has it for SIGHUP, stays ignored: the JVM sees to that.
 *
 * <p>A shutdown hook is not enough: it is told of the first signal only, and here the second and the third have a
 * meaning. {@code sun.misc.Signal} is in the module jdk.unsupported, which every JDK has and exports. It is called by
 * reflection because javac warns about it and no annotation suppresses that warning.
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
        signals.on("TERM", () -> stopper.terminate(ExitCode.TERMINATED));
        signals.on("HUP", () -> stopper.terminate(ExitCode.HUNG_UP));
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
            System.err.println("this Java can't handle signal " + name + ": the signal will end Vertask at once ("
                    + missing + ")");
        }
    }

    private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
        return signal.getClass()
                .getMethod("handle", signal.getClass(), Class.forName(HANDLER))
                .invoke(null, signal, handler);
    }

    /** Restores the previous handlers. */
    void close() {
        for (Former one : former) {
            try {
                handle(one.signal(), one.handler());
            } catch (ReflectiveOperationException missing) {
                throw new IllegalStateException("the previous handler of a signal can't be restored", missing);
            }
        }
    }
}
