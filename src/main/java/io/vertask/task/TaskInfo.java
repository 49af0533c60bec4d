package io.vertask.task;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One unfinished task as it was at one moment.
 *
 * @param task the task itself, as a handle to cancel it, say
 * @param path the names from the root to this task
 * @param parent the id of the task in which it was started; null for a root
 * @param block the index of the block among its parent's {@link #blocks} in which it runs; {@link #BODY} when directly
 *     in the body
 * @param hold the reason why the parent waits for it
 * @param state the state it was in
 * @param age the time since its start, exact at least to the turn of its event loop
 * @param blocks the blocks that it has opened and not ended, outer ones before inner ones
 * @param waits everything it waits for that this library knows of; none while it runs, or when it waits only for a bare
 *     Vert.x future or for its children
 * @param site the line that started it; null unless debug mode was on then
 * @param home the Vert.x context it lives in, such as that of a verticle
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
    /** Checks that nothing is null. */
    public TaskInfo {
        Objects.requireNonNull(task, "TaskInfo: task is null");
        Objects.requireNonNull(name, "TaskInfo: name is null");
        Objects.requireNonNull(path, "TaskInfo: path is null");
        Objects.requireNonNull(hold, "TaskInfo: hold is null");
        Objects.requireNonNull(state, "TaskInfo: state is null");
        Objects.requireNonNull(age, "TaskInfo: age is null");
        Objects.requireNonNull(blocks, "TaskInfo: blocks is null");
        Objects.requireNonNull(waits, "TaskInfo: waits is null");
        Objects.requireNonNull(home, "TaskInfo: home is null");
        Objects.requireNonNull(loop, "TaskInfo: loop is null");
    }

    /** In no block: directly in the task's body. */
    public static final int BODY = -1;

    /** The reason why the parent of a task waits for it. */
    public enum Hold {
        /** None: it runs in the background, and is cancelled when the body ends. */
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
     * @param remaining the time left until its limit, negative once that has passed; null without a limit
     * @param outer the index of the block around it, or {@link #BODY}
     */
    public record OpenBlock(
            String kind, @Nullable String name, @Nullable Duration remaining, int outer) {
        /** Checks that nothing is null. */
        public OpenBlock {
            Objects.requireNonNull(kind, "TaskInfo.OpenBlock: kind is null");
        }
    }

    /**
     * One wait of a task.
     *
     * @param what the thing waited for, in words
     * @param block the index of the block that waits among the {@link #blocks}, or {@link #BODY}
     * @param tasks the ids of the tasks whose end is waited for; empty when it is something else
     */
    public record Wait(String what, int block, List<Long> tasks) {
        /** Checks that nothing is null. */
        public Wait {
            Objects.requireNonNull(what, "TaskInfo.Wait: what is null");
            Objects.requireNonNull(tasks, "TaskInfo.Wait: tasks is null");
        }
    }
}
