package io.vertask.app.workload.http;

import io.vertask.app.job.Next;
import io.vertask.app.job.template.TemplateReader;
import io.vertask.app.job.template.Values;
import io.vertask.app.workload.CallFailure;
import io.vertask.client.HttpOrigin;
import io.vertask.client.HttpRedirect;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The position of an item in its pages, and the position after the page that was fetched there.
 *
 * <p>Pages without end are refused: a next page that was there before, pages that are all the same, and more than
 * {@code max_pages}.
 */
final class PageWalk {
    /** How many of the last pages are remembered; a longer circle ends at {@code max_pages}. */
    private static final int REMEMBERED = 100;

    private final Next next;
    private final String first;
    private final int most;
    private final PagingNotes notes;
    private final Deque<String> seen = new ArrayDeque<>();
    private Position here;
    private @Nullable Turn turn;
    private @Nullable JsonArray last;
    /** The last page with rows, when it had fewer than it could have. */
    private @Nullable Page shortPage;

    /** {@code first}: the target as the item makes it. */
    PageWalk(Next next, String first, int most, PagingNotes notes) {
        this.next = next;
        this.notes = notes;
        this.first = first;
        this.most = most;
        String at = next instanceof Next.Counted counted ? Integer.toString(counted.first()) : null;
        here = new Position(at, 0, 0);
    }

    /**
     * A position, in the form that checkpoints have.
     *
     * @param at a URL, a number or a cursor; null for the first page of links and cursors
     * @param pages how many pages there were before
     * @param rows how many rows these had
     */
    private record Position(@Nullable String at, int pages, long rows) {
        static Position of(String text) {
            JsonObject json = new JsonObject(text);
            return new Position(json.getString("at"), json.getInteger("pages", 0), json.getLong("rows", 0L));
        }

        String text() {
            return new JsonObject()
                    .put("at", at)
                    .put("pages", pages)
                    .put("rows", rows)
                    .encode();
        }
    }

    /** A fetched page that has not been taken. */
    private record Turn(Position after, JsonArray rows) {}

    /** The content of a good page. */
    record Page(
            String what,
            URI url,
            Optional<String> link,
            @Nullable Object body,
            JsonArray rows) {}

    /** The target of the next page. */
    String target() {
        String place = here.at();
        if (place == null
                || next instanceof Next.Link
                || (next instanceof Next.Cursor && TemplateReader.isUrl(place))) {
            return place == null ? first : place;
        }
        String param = next instanceof Next.Counted counted ? counted.param() : ((Next.Cursor) next).param();
        return QueryParam.set(first, param, place);
    }

    /** How many pages were taken. */
    int pages() {
        return here.pages();
    }

    /** How many rows they had. */
    long rows() {
        return here.rows();
    }

    /**
     * Finds the position after {@code page}, which was fetched at this one; true when there is a page.
     *
     * <p><b>Failure.</b> {@link CallFailure} when the next page can't be had, or the pages would have no end.
     */
    boolean fetched(Page page) {
        String following = following(page);
        if (following != null) {
            refuseCircle(page, following);
        }
        String at = following == null ? here.at() : following;
        Position after =
                new Position(at, here.pages() + 1, here.rows() + page.rows().size());
        turn = new Turn(after, page.rows());
        notes.page(page);
        if (next instanceof Next.Offset offset) {
            shortPage = notes.page(page, offset, following != null, shortPage);
        }
        return following != null;
    }

    /** Whether an answer with this status means that the page before it was the last one; then nothing was fetched. */
    boolean endsWith(int status) {
        boolean ends = here.pages() > 0 && CountedPages.endWith(next, status);
        if (ends) {
            turn = new Turn(here, new JsonArray());
        }
        return ends;
    }

    /** Whether {@code status} may be a sign of the last page that the job does not know. */
    boolean mayEndWith(int status) {
        return here.pages() > 0 && CountedPages.mayEndWith(next, status);
    }

    /** Moves on to the position after the fetched page; does nothing when there is none. */
    void take() {
        Turn taken = turn;
        if (taken == null) {
            return;
        }
        if (here.at() != null) {
            seen.add(here.at());
        }
        if (seen.size() > REMEMBERED) {
            seen.remove();
        }
        last = taken.rows();
        here = taken.after();
        turn = null;
    }

    private @Nullable String following(Page page) {
        if (next instanceof Next.Link) {
            return page.link().map(link -> url(page, link)).orElse(null);
        }
        if (next instanceof Next.Cursor cursor) {
            if (cursor.more().isPresent() && !PageSigns.isMore(cursor.more().get(), page)) {
                return null;
            }
            Object value = cursor.from().select(page.body(), null);
            if (value instanceof JsonObject || value instanceof JsonArray || value instanceof Boolean) {
                throw CallFailure.lasting(
                        "next page", "next.cursor: `" + cursor.from() + "` is no text or number (" + page.what() + ")");
            }
            String text = value == null ? "" : Values.text(value);
            if (text.isEmpty() && cursor.more().isPresent()) {
                throw CallFailure.lasting(
                        "next page",
                        "next.more says that there is another page, but next.cursor: `" + cursor.from()
                                + "` is not there (" + page.what() + ")");
            }
            return text.isEmpty() ? null : TemplateReader.isUrl(text) ? url(page, text) : text;
        }
        long number = Long.parseLong(Objects.requireNonNull(here.at()));
        OptionalLong following = CountedPages.after((Next.Counted) next, number, here.rows(), page);
        return following.isPresent() ? Long.toString(following.getAsLong()) : null;
    }

    private static String url(Page page, String link) {
        URI url;
        try {
            url = HttpRedirect.resolve(page.url(), new URI(link));
        } catch (URISyntaxException notAUrl) {
            throw CallFailure.lasting("next page", "the next link is not a URL (" + page.what() + ")");
        }
        if (HttpOrigin.of(url).isEmpty()) {
            throw CallFailure.lasting("next page", "the next link is not a URL (" + page.what() + ")");
        }
        return url.toString();
    }

    private void refuseCircle(Page page, String following) {
        int pages = here.pages();
        boolean again = following.equals(here.at())
                || seen.contains(following)
                || (next instanceof Next.Link
                        && pages == 0
                        && following.equals(page.url().toString()));
        if (again) {
            throw CallFailure.lasting(
                    "endless pages",
                    "page " + (pages + 1) + " names a page as its next that was there before (" + page.what() + ")"
                            + (next instanceof Next.Cursor cursor
                                            && cursor.more().isEmpty()
                                    ? "; if the answer says that it is the last one, add more: PATH to `next`"
                                    : ""));
        }
        if (next instanceof Next.Counted
                && !page.rows().isEmpty()
                && page.rows().equals(last)) {
            throw CallFailure.lasting(
                    "endless pages",
                    "page " + (pages + 1) + " is page " + pages + " again: does the server know this parameter? ("
                            + page.what() + ")");
        }
        if (pages + 1 >= most) {
            throw CallFailure.lasting(
                    "endless pages",
                    "more than " + most + (most == 1 ? " page" : " pages")
                            + "; raise do.max_pages if there are that many (" + page.what() + ")");
        }
    }

    /** The position, with everything that another process needs to go on. */
    String position() {
        return here.text();
    }

    /** The position after the fetched page; empty when there is none. */
    Optional<String> after() {
        return Optional.ofNullable(turn).map(fetched -> fetched.after().text());
    }

    void goOnFrom(String position) {
        here = Position.of(position);
    }
}
