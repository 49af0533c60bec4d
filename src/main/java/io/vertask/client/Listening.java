package io.vertask.client;

import io.vertx.core.internal.ContextInternal;

/** Notifications of a call's listener: on the call's context, and without harm to the call when the listener throws. */
final class Listening {
    private Listening() {}

    static void phase(ContextInternal context, PhaseListener listener, Phase phase) {
        try {
            listener.phase(phase);
        } catch (Throwable thrown) {
            context.reportException(thrown);
        }
    }

    static void notProcessed(ContextInternal context, PhaseListener listener) {
        try {
            listener.notProcessed();
        } catch (Throwable thrown) {
            context.reportException(thrown);
        }
    }

    /** Notifies the listener; any thread may call. */
    static void reached(ContextInternal context, PhaseListener listener, Reached.What what) {
        if (!context.inThread()) {
            context.runOnContext(turn -> reached(context, listener, what));
            return;
        }
        try {
            listener.reached(what);
        } catch (Throwable thrown) {
            context.reportException(thrown);
        }
    }
}
