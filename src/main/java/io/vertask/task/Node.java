package io.vertask.task;

import org.jspecify.annotations.Nullable;

/**
 * Something that lives in a scope and is cancelled with it: a wait, or an inner scope. Linked into its owner's list.
 */
abstract class Node implements Step {
    @Nullable
    Scope owner;

    @Nullable
    Node previous;

    @Nullable
    Node next;
}
