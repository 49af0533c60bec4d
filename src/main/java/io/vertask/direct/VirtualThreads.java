package io.vertask.direct;

import java.lang.reflect.Method;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The JDK's virtual threads, by reflection: this code is compiled for a JDK without them. */
final class VirtualThreads {
    private static final int SINCE = 21;
    private static final @Nullable ThreadFactory FACTORY = available() ? factory() : null;

    private VirtualThreads() {}

    static boolean available() {
        return Runtime.version().feature() >= SINCE;
    }

    /** Fails on a JDK without virtual threads. */
    static void check() {
        checked();
    }

    private static ThreadFactory checked() {
        ThreadFactory factory = FACTORY;
        if (factory == null) {
            throw new IllegalStateException("straight-line code needs JDK " + SINCE + " or later; this is "
                    + System.getProperty("java.version") + ": use futures, or run on a later JDK");
        }
        return factory;
    }

    /** A new thread called {@code name}, not yet started. */
    static Thread named(String name, Runnable code) {
        Thread thread = checked().newThread(code);
        thread.setName(name);
        return thread;
    }

    private static ThreadFactory factory() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Method factory = Class.forName("java.lang.Thread$Builder").getMethod("factory");
            return (ThreadFactory) factory.invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
