package io.vertask.task;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Rarely used scope state, allocated on demand. A million idle tasks pay for one empty field instead of five. */
final class ScopeExtras {
    /** The children that failed and were not looked at. */
    @Nullable
    UnseenFailures unseen;

    /** Of a task: the path in front of the names of its children, kept because many may be cancelled at once. */
    @Nullable
    String childPrefix;

    /** Of a task: the line that started it. */
    @Nullable
    String site;

    /** Of a {@link Companion}: the listener that hears of its end before anybody else. */
    @Nullable
    Predicate<?> ended;

    /** Of a task: waits of other scopes for its end; a set, since a thousand of them may be cancelled together. */
    @Nullable
    Set<Waiter<?>> joiners;

    /** Whether the body is straight-line code. Its thread hears of a cancel at its next wait. */
    boolean straight;

    /** The newest of the calls inside the body. */
    @Nullable
    InnerCall<?> calls;

    void enter(InnerCall<?> call) {
        call.older = calls;
        if (calls != null) {
            calls.newer = call;
        }
        calls = call;
    }

    void leave(InnerCall<?> call) {
        if (call.newer != null) {
            call.newer.older = call.older;
        } else {
            calls = call.older;
        }
        if (call.older != null) {
            call.older.newer = call.newer;
        }
        call.newer = null;
        call.older = null;
    }
    /** Of a task: what is called at its end. */
    @Nullable
    List<Runnable> atEnd;

    void join(Waiter<?> joiner) {
        if (joiners == null) {
            joiners = new LinkedHashSet<>();
        }
        joiners.add(joiner);
    }

    void leave(Waiter<?> joiner) {
        if (joiners != null) {
            joiners.remove(joiner);
        }
    }
}
