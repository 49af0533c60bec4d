package io.vertask.app.feed;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** A source of items that is read in batches, on the thread of a {@link Producer}. */
interface BatchReader extends Closeable {
    /** The name of the source in messages: {@code urls.txt}. */
    String name();

    /**
     * Opens the source. Gives the number of items, if it can be known before they are read.
     *
     * <p><b>Failure.</b> {@link io.vertask.app.workload.StartFailure}, as of {@link #next}.
     */
    OptionalLong open() throws IOException;

    /** The next batch, which may be empty; waits until there is one. Null at the end. */
    @org.jspecify.annotations.Nullable
    List<Raw> next() throws IOException;
}
