package io.vertask.app.workload.http;

import io.vertask.app.job.LastPage;
import io.vertask.app.job.Next;
import io.vertask.app.workload.http.PageWalk.Page;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The account of what is odd about the pages of a run: pages before the last one with fewer rows than {@code size}, and
 * a cursor that is in no answer.
 *
 * <p><b>Threads.</b> The workload's event loop.
 */
final class PagingNotes {
    private final Next next;
    private long pages;
    private boolean hasCursor;
    private long tooShort;
    private long repeating;
    private String first = "";

    PagingNotes(Next next) {
        this.next = next;
    }

    /** A page has come. */
    void page(Page page) {
        pages++;
        hasCursor |= next instanceof Next.Cursor cursor && cursor.from().isIn(page.body());
    }

    /**
     * A page that an offset found has come. A page with fewer rows than {@code size} counts once it is known that it
     * was not the last: by its own sign, or by the next page with rows.
     *
     * @param goesOn whether another page will be fetched
     * @param before the last page with rows, when it had fewer than {@code size}
     * @return the {@code before} of the next page
     */
    @Nullable
    Page page(Page page, Next.Offset offset, boolean goesOn, @Nullable Page before) {
        boolean hasSign = offset.last() instanceof LastPage.Total || offset.last() instanceof LastPage.More;
        boolean isShort = page.rows().size() < offset.size();
        if (hasSign && isShort && goesOn) {
            shortPage(page);
        }
        if (page.rows().isEmpty()) {
            return before;
        }
        if (before != null) {
            if (!hasSign) {
                shortPage(before);
            }
            List<?> rows = before.rows().getList();
            repeating += rows.contains(page.rows().getList().get(0)) ? 1 : 0;
        }
        return isShort ? page : null;
    }

    private void shortPage(Page page) {
        if (tooShort++ == 0) {
            first = page.what() + " with " + page.rows().size();
        }
    }

    /** The note for people, in one line; empty when there is nothing to tell. */
    Optional<String> remark() {
        if (next instanceof Next.Offset offset && tooShort > 0) {
            return Optional.of(remark(offset));
        }
        return next instanceof Next.Cursor cursor && pages > 0 && !hasCursor
                ? Optional.of("next.cursor " + cursor.from()
                        + (pages == 1
                                ? " was not in the only page, so the item ended after it"
                                : " was in none of " + pages + " pages, so each item ended after its first"))
                : Optional.empty();
    }

    private String remark(Next.Offset offset) {
        String found = tooShort + (tooShort == 1 ? " page" : " pages") + " before the last had fewer rows than size "
                + offset.size() + ", the first " + first + "; ";
        if (offset.by() == Next.Offset.By.SIZE) {
            return found + "`step: size` went on by " + offset.size()
                    + ", right if the server filters after paging; if it gives at most so many, rows are missing:"
                    + " write step: rows";
        }
        return found
                + (repeating > 0
                        ? repeating + " began with a row of the page before, so rows came twice: the server filters"
                                + " after paging; write step: size"
                        : "`step: rows` went on by the rows received, right if the server gives at most so many;"
                                + " if it filters after paging, write step: size");
    }
}
