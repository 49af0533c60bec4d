package io.vertask.app.workload.http;

import io.vertask.app.job.Next;
import io.vertask.app.workload.CallFailure;
import io.vertask.client.HttpOrigin;
import io.vertask.client.HttpRedirect;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an item is in its pages: the target of the next one, and what the pages so far had.
 *
 * <p>It ends with a failure what would go on for ever: a next page that has been there before, pages that are all the
 * same, and more than {@code max_pages}.
 */
final class PageWalk {
    /** How many of the last pages are remembered; a longer circle ends at {@code max_pages}. */
    private static final int REMEMBERED = 100;

    private final Next next;
    private final String first;
    private final int most;
    private final Deque<String> seen = new ArrayDeque<>();
    /** What makes the next page: a URL, a number or a cursor; null for the first page of links and cursors. */
    private @Nullable String at;

    private int pages;
    private long rows;
    private @Nullable JsonArray last;

    /** {@code first}: the target as the item makes it. */
    PageWalk(Next next, String first, int most) {
        this.next = next;
        this.first = first;
        this.most = most;
        if (next instanceof Next.Numbered numbered) {
            at = Integer.toString(numbered.first());
        } else if (next instanceof Next.Offset) {
            at = "0";
        }
    }

    /** What a good page said. */
    record Page(
            String what,
            URI url,
            Optional<String> link,
            @Nullable Object body,
            JsonArray rows) {}

    /** The target of the next page. */
    String target() {
        String place = at;
        if (place == null || next instanceof Next.Link) {
            return place == null ? first : place;
        }
        String param = next instanceof Next.Numbered numbered
                ? numbered.param()
                : next instanceof Next.Offset offset ? offset.param() : ((Next.Cursor) next).param();
        return QueryParam.set(first, param, place);
    }

    int pages() {
        return pages;
    }

    long rows() {
        return rows;
    }

    /**
     * Books a page; true when there is another.
     *
     * <p><b>Failure.</b> {@link CallFailure} when the way on is no way; nothing is booked then.
     */
    boolean turn(Page page) {
        String following = following(page);
        if (following != null) {
            refuseCircle(page, following);
        }
        if (at != null) {
            seen.add(at);
        }
        if (seen.size() > REMEMBERED) {
            seen.remove();
        }
        pages++;
        rows += page.rows().size();
        last = page.rows();
        at = following == null ? at : following;
        return following != null;
    }

    private @Nullable String following(Page page) {
        if (next instanceof Next.Link) {
            return page.link().map(link -> url(page, link)).orElse(null);
        }
        if (next instanceof Next.Cursor cursor) {
            Object value = cursor.from().select(page.body(), null);
            if (value instanceof JsonObject || value instanceof JsonArray || value instanceof Boolean) {
                throw CallFailure.lasting(
                        "next page", "next.cursor: `" + cursor.from() + "` is no text or number (" + page.what() + ")");
            }
            return value == null || value.toString().isEmpty() ? null : value.toString();
        }
        long here = Long.parseLong(at == null ? "0" : at);
        if (next instanceof Next.Offset offset) {
            return page.rows().size() < offset.size() ? null : Long.toString(here + offset.size());
        }
        return page.rows().isEmpty() ? null : Long.toString(here + 1);
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
        boolean again = following.equals(at)
                || seen.contains(following)
                || (next instanceof Next.Link
                        && pages == 0
                        && following.equals(page.url().toString()));
        if (again) {
            throw CallFailure.lasting(
                    "endless pages",
                    "page " + (pages + 1) + " names a page as its next that was there before (" + page.what() + ")");
        }
        boolean byNumber = next instanceof Next.Numbered || next instanceof Next.Offset;
        if (byNumber && page.rows().equals(last)) {
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

    /** Everything another process needs to go on. */
    String position() {
        return new JsonObject()
                .put("at", at)
                .put("pages", pages)
                .put("rows", rows)
                .encode();
    }

    void goOnFrom(String position) {
        JsonObject json = new JsonObject(position);
        at = json.getString("at");
        pages = json.getInteger("pages", 0);
        rows = json.getLong("rows", 0L);
    }
}
