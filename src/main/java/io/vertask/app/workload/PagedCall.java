package io.vertask.app.workload;

import io.vertask.client.PhaseListener;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * A call whose result comes in pages, and which another process can go on with.
 *
 * <p>It stays at its position until the page that was fetched there is taken. An attempt fetches a page and takes it.
 */
public interface PagedCall extends ItemCall {
    /**
     * The page at the position; one that was fetched and not taken is not fetched again.
     *
     * <p>The answer is no page when the server asks to wait first: then {@link #after} is empty.
     */
    Future<Answer> fetch(PhaseListener phases);

    /** The position: a text for {@link #goOnFrom}. */
    String position();

    /** The position after the page that has been fetched and not taken; empty when there is none. */
    Optional<String> after();

    /** Moves on to {@link #after}, if there is a page to take. */
    void take();

    /** Moves to a position of another call. Only before the first attempt. */
    void goOnFrom(String position);

    /** The item's result up to the position, without rows. */
    Answer sum();
}
