package io.vertask.app.feed;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** What a {@link Producer} reads, on its thread. */
interface BatchReader extends Closeable {
    /** For the thread's name and messages: {@code urls.txt}. */
    String name();

    /**
     * Gets ready, and says how many items there are if that can be known.
     *
     * <p><b>Failure.</b> {@link io.vertask.app.workload.StartFailure}, as of {@link #next}.
     */
    OptionalLong open() throws IOException;

    /** The next few items, which may be none for now, as soon as there are some; null at the end. */
    @org.jspecify.annotations.Nullable
    List<Raw> next() throws IOException;
}
