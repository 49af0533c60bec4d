/**
 * The programs of the page «Async patterns with asyncio», in its order: one verticle and one short file each.
 *
 * <p>Enter at {@link io.vertask.app.tour.Tour}; each program is an example of its subject. May use every room of the
 * library, and the demo's servers, which stand in for the page's services.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>A program keeps the page's functions, their order and their comments, so that the two can be read side by side.
 *       Programs share only {@code Program}, which stands for {@code asyncio.run} and {@code print}.
 *   <li>The page's {@code dict} is a {@link io.vertx.core.json.JsonObject} here, printed as JSON; its tuples and
 *       records are Java records.
 *   <li>Programs print through a {@code Printer}: otherwise, a terminal that does not read would block the event loop.
 * </ul>
 */
@NullMarked
package io.vertask.app.tour;

import org.jspecify.annotations.NullMarked;
