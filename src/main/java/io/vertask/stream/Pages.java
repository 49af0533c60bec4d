package io.vertask.stream;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A paginated source: each page says how to request the next one.
 *
 * <p>{@code Pages.of("/items?page=1", url -> fetch(url), page -> page.nextLink()).items(Page::items)} is a stream of
 * all items; a page is fetched when its first item is pulled. {@code Streams.buffer(1, pages.pages())} fetches one page
 * ahead.
 *
 * <p><b>Failure.</b> That of the fetch; {@link IllegalStateException} for a request that was made before (the links
 * form a cycle) and for more pages than the limit.
 *
 * @param <Q> the type of a request, which must define {@code equals}
 * @param <P> the type of a page
 */
public final class Pages<Q, P> {
    /** The limit on pages when none is given. */
    public static final int LIMIT = 10_000;

    private final Q first;
    private final Function<? super Q, Future<P>> fetch;
    private final Function<? super P, Optional<Q>> next;
    private final int limit;

    private Pages(Q first, Function<? super Q, Future<P>> fetch, Function<? super P, Optional<Q>> next, int limit) {
        this.first = first;
        this.fetch = fetch;
        this.next = next;
        this.limit = limit;
    }

    /**
     * The pages from {@code first} on; {@code next} gives the request for the page after its argument, empty after the
     * last.
     */
    public static <Q, P> Pages<Q, P> of(
            Q first, Function<? super Q, Future<P>> fetch, Function<? super P, Optional<Q>> next) {
        Objects.requireNonNull(first, "Pages.of: first is null");
        Objects.requireNonNull(fetch, "Pages.of: fetch is null");
        Objects.requireNonNull(next, "Pages.of: next is null");
        return new Pages<>(first, fetch, next, LIMIT);
    }

    /** The same source with another limit on the number of pages: more pages than that are an error. */
    public Pages<Q, P> atMost(int pages) {
        if (pages < 1) {
            throw new IllegalArgumentException("at most " + pages + " pages: it takes 1 or more");
        }
        return new Pages<>(first, fetch, next, pages);
    }

    /** A stream of the pages; each is fetched when it is pulled. */
    public AsyncIterator<P> pages() {
        return AsyncGenerator.named("pages", new Walk()::run);
    }

    /** A stream of the items of all pages. */
    public <T> AsyncIterator<T> items(Function<? super P, ? extends Iterable<? extends T>> items) {
        Objects.requireNonNull(items, "Pages.items: items is null");
        return Streams.flatMap(pages(), items);
    }

    /** One walk over the pages; it keeps the requests made, which the limit bounds. */
    private final class Walk {
        private final Set<Q> asked = new HashSet<>();
        private @Nullable Q request = first;

        Future<Void> run(AsyncGenerator.Emitter<P> emitter) {
            return Tasks.loopWhile(() -> {
                Q now = request;
                if (now == null) {
                    return Future.succeededFuture(false);
                }
                check(now);
                return fetch.apply(now).compose(page -> {
                    request = next.apply(page).orElse(null);
                    return emitter.emit(page).map(true);
                });
            });
        }

        private void check(Q now) {
            if (asked.size() == limit) {
                throw new IllegalStateException("there is a page after " + limit + " pages, " + now
                        + ": the links don't end, or atMost(…) is too low");
            }
            if (!asked.add(now)) {
                throw new IllegalStateException("page " + (asked.size() + 1) + " is " + now
                        + ", which was fetched already: the links go round in a circle");
            }
        }
    }
}
