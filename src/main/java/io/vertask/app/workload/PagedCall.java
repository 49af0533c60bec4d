package io.vertask.app.workload;

import io.vertask.client.PhaseListener;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * A call with a result in pages, which another process can continue.
 *
 * <p>It stays at its position until the page fetched there is taken. An attempt fetches a page and takes it.
 */
public interface PagedCall extends ItemCall {
    /**
     * Fetches the page at the position. A page that was fetched and not taken is not fetched again.
     *
     * <p>The answer contains no page when the server asks to wait first; {@link #after} is empty then.
     */
    Future<Answer> fetch(PhaseListener phases);

    /** The current position as a text for {@link #goOnFrom}. */
    String position();

    /** The position after the page that has been fetched and not taken; empty when there is none. */
    Optional<String> after();

    /** Moves on to {@link #after}, if there is a page to take. */
    void take();

    /** Moves to a position of another call; allowed only before the first attempt. */
    void goOnFrom(String position);

    /** The item's result up to the position, without rows. */
    Answer sum();
}
