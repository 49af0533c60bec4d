package io.vertask.task;

import org.jspecify.annotations.Nullable;

/** A member of a scope, which is cancelled with it: a wait, or an inner scope. Linked into its owner's list. */
abstract class Node implements Turn {
    @Nullable
    Scope owner;

    @Nullable
    Node previous;

    @Nullable
    Node next;

    @Override
    public @Nullable Task<?> whose() {
        Scope around = owner;
        return around == null ? null : around.task();
    }

    /** Ends it as cancelled for those who wait for it, although something in it still runs. */
    void leaveBehind() {}

    /**
     * A text for this node when it is cancelled only because the body of its owner has ended; null when nobody misses
     * it.
     */
    @Nullable
    String leftOver() {
        return null;
    }
}
