package io.vertask.task;

import io.netty.channel.EventLoop;
import java.util.List;

/** The object of a wait for the end of several tasks. */
interface AwaitedTasks {
    /** The tasks that have not ended; none when they can't be read from {@code loop}. */
    List<RunningTask<?>> awaitedOn(EventLoop loop);
}
