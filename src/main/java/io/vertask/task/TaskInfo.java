package io.vertask.task;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What could be seen of one unfinished task at one moment.
 *
 * @param task the task itself: a handle to cancel it, say
 * @param path the names from the root to this task
 * @param parent the id of the task it was started in; null for a root
 * @param block in which of its parent's {@link #blocks} it runs; {@link #BODY} when directly in the body
 * @param hold what keeps the parent waiting for it
 * @param state how far it was
 * @param age the time since its start, at least to the turn of its event loop
 * @param blocks what it has opened and not ended, outer ones before inner ones
 * @param waits everything it waits for that this library knows of: none while it runs, or when it waits for a bare
 *     Vert.x future or for its children only
 * @param site the line that started it; null unless debug mode was on then
 * @param home the Vert.x context it lives in: a verticle, say
 * @param loop the name of its event loop's thread
 */
public record TaskInfo(
        Task<?> task,
        long id,
        String name,
        String path,
        @Nullable Long parent,
        int block,
        Hold hold,
        Task.State state,
        Duration age,
        List<OpenBlock> blocks,
        List<Wait> waits,
        @Nullable String site,
        String home,
        String loop) {
    /** In no block: directly in the task's body. */
    public static final int BODY = -1;

    /** What keeps the parent of a task waiting for it. */
    public enum Hold {
        /** Nothing: it runs in the background, and is cancelled when the body ends. */
        NONE,
        /** The parent waits for its future. */
        AWAITED,
        /** A gather needs its value, a group its end. */
        BLOCK,
        /** A shield: its scope does not end before it. */
        SHIELD
    }

    /**
     * A part of a task's body that has an end of its own.
     *
     * @param kind {@code timeout}, {@code cleanup}, {@code gather}, {@code group} …
     * @param name the group's name; null where there is none
     * @param remaining what is left of its limit, negative once that has passed; null without a limit
     * @param outer the block around it, as an index, or {@link #BODY}
     */
    public record OpenBlock(
            String kind, @Nullable String name, @Nullable Duration remaining, int outer) {}

    /**
     * One thing that is waited for.
     *
     * @param what in words
     * @param block in which of the {@link #blocks}, or {@link #BODY}
     * @param tasks the ids of the tasks whose end this waits for; empty when it is for something else
     */
    public record Wait(String what, int block, List<Long> tasks) {}
}
