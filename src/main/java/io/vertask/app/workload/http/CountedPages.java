package io.vertask.app.workload.http;

import io.vertask.app.job.LastPage;
import io.vertask.app.job.Next;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.http.PageWalk.Page;
import java.util.OptionalLong;

/**
 * The search for the next page where a number in the query counts pages or rows.
 *
 * <p><b>Failure.</b> {@link CallFailure} when the answer lacks the sign of the last page, or contradicts itself: rows
 * would be missing.
 */
final class CountedPages {
    private CountedPages() {}

    /**
     * The number of the page after {@code page}; empty after the last one.
     *
     * @param here the number of this page
     * @param before how many rows came before this page
     */
    static OptionalLong after(Next.Counted next, long here, long before, Page page) {
        int rows = page.rows().size();
        long following = here + next.growth(rows);
        return isLast(next, here, following, before, page) ? OptionalLong.empty() : OptionalLong.of(following);
    }

    private static boolean isLast(Next.Counted next, long here, long following, long before, Page page) {
        boolean isEmpty = page.rows().isEmpty();
        if (next.last() instanceof LastPage.Empty) {
            return isEmpty;
        }
        if (next.last() instanceof LastPage.Status) {
            return following == here; // only an empty page; the number can't grow
        }
        boolean countsPages = next instanceof Next.Numbered;
        boolean isLast;
        if (next.last() instanceof LastPage.Total total) {
            long all = PageSigns.total(total.at(), page);
            long come = before + page.rows().size();
            if (come > all && !isEmpty) {
                throw CallFailure.lasting(
                        "next page",
                        "next.total: `" + total.at() + "` says " + all + ", but " + come
                                + " rows have come: it is not the number of all rows, or rows came twice ("
                                + page.what() + ")");
            }
            isLast = (countsPages ? come : following) >= all;
        } else {
            isLast = !PageSigns.isMore(((LastPage.More) next.last()).at(), page);
        }
        boolean isStuck = isEmpty && (following == here || (countsPages && next.last() instanceof LastPage.Total));
        if (isStuck && !isLast) {
            throw CallFailure.lasting(
                    "missing rows",
                    "the page after " + before + " rows is empty, but next."
                            + (next.last() instanceof LastPage.Total ? "total" : "more")
                            + " says that there are more (" + page.what() + ")");
        }
        return isLast;
    }

    /** Whether an answer with {@code status} comes after the last page. */
    static boolean endWith(Next next, int status) {
        return next instanceof Next.Counted counted
                && counted.last() instanceof LastPage.Status sign
                && sign.statuses().test(status);
    }

    /** Whether {@code status} may be a sign of the last page that the job does not know. */
    static boolean mayEndWith(Next next, int status) {
        return next instanceof Next.Counted counted
                && counted.last() instanceof LastPage.Empty
                && (status == 404 || status == 410 || status == 416);
    }
}
