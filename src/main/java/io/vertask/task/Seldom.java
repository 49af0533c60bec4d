package io.vertask.task;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What few scopes have, kept apart from them: a million idle tasks pay for one empty field instead of five. */
final class Seldom {
    /** The children that failed and were not looked at. */
    @Nullable
    Unseen unseen;

    /** Of a task: its path in front of the names of its children; many of them may be cancelled at once. */
    @Nullable
    String prefix;

    /** Of a task: the line that started it. */
    @Nullable
    String site;

    /** Of a {@link Companion}: told of the end before anybody else. */
    @Nullable
    Predicate<?> ended;

    /** Of a task: waits of other scopes for its end; a set, since a thousand of them may be cancelled together. */
    @Nullable
    Set<Waiter<?>> joiners;

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
