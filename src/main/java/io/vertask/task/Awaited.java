package io.vertask.task;

import io.netty.channel.EventLoop;
import java.util.List;

/** What a wait is for when that is the end of tasks, of several maybe. */
interface Awaited {
    /** Those that have not ended; nothing when they can't be looked at from {@code loop}. */
    List<RunningTask<?>> awaitedOn(EventLoop loop);
}
