package io.vertask.app.workload.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.app.job.Next;
import io.vertask.app.job.PagesStep;
import io.vertask.app.workload.CallFailure;
import io.vertask.testing.Jobs;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageWalkTest {
    private static final String HOST = "http://h";
    private static final String LINK = "link";
    private static final String NUMBERED = "{page: page}";
    private static final String CURSOR = "{cursor: meta.next, param: after}";
    private static final String OFFSET = "{offset: offset, size: 2}";

    private static Next next(String yaml) {
        String job = "job: x\ndo: {pages: \"http://h/\", next: " + yaml + "}\n";
        return ((PagesStep) Jobs.read("x.yaml", job, Map.of(), List.of()).step()).next();
    }

    private static PageWalk walk(String yaml, int most) {
        return new PageWalk(next(yaml), "/list?q=1", most, new PagingNotes(next(yaml)));
    }

    private static PageWalk walk(String yaml) {
        return walk(yaml, 1_000);
    }

    private static JsonArray rows(int from, int count) {
        return new JsonArray(IntStream.range(from, from + count).boxed().toList());
    }

    /** A page at {@code url} with these rows, whose body or header names the next one. */
    private static boolean turn(PageWalk walk, String url, @Nullable Object following, JsonArray rows) {
        Optional<String> link = following instanceof String text ? Optional.of(text) : Optional.empty();
        JsonObject body = new JsonObject().put("meta", new JsonObject().put("next", following));
        boolean more = walk.fetched(new PageWalk.Page("GET " + url, URI.create(url), link, body, rows));
        walk.take();
        return more;
    }

    /** A page that came from where the walk is. */
    private static boolean turn(PageWalk walk, @Nullable Object following, JsonArray rows) {
        String target = walk.target();
        return turn(walk, target.startsWith("/") ? HOST + target : target, following, rows);
    }

    private static void assertRefused(String words, PageWalk walk, @Nullable Object following, JsonArray rows) {
        int pages = walk.pages();
        long sum = walk.rows();
        String position = walk.position();
        assertThatThrownBy(() -> turn(walk, following, rows))
                .isInstanceOf(CallFailure.class)
                .hasMessageContaining(words)
                .satisfies(
                        failure -> assertThat(((CallFailure) failure).effect()).isEqualTo(CallFailure.Effect.FINAL));
        assertThat(walk.pages()).as("nothing is booked").isEqualTo(pages);
        assertThat(walk.rows()).isEqualTo(sum);
        assertThat(walk.position()).isEqualTo(position);
    }

    @Test
    void linksAreFollowedUntilThereIsNone() {
        PageWalk walk = walk(LINK);
        assertThat(walk.target()).isEqualTo("/list?q=1");
        assertThat(turn(walk, "http://h/list?page=2", rows(0, 3))).isTrue();
        assertThat(walk.target()).isEqualTo("http://h/list?page=2");
        assertThat(turn(walk, null, rows(3, 1))).isFalse();
        assertThat(walk.pages()).isEqualTo(2);
        assertThat(walk.rows()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "?page=2, http://h/a/list?page=2",
        "more, http://h/a/more",
        "../more, http://h/more",
        "/more?x=1, http://h/more?x=1",
        "//other/x, http://other/x",
        "//my_host/x, http://my_host/x",
        "HTTP://h/x, HTTP://h/x",
    })
    void aRelativeLinkIsOneFromItsOwnPage(String link, String expected) {
        PageWalk walk = walk(LINK);
        turn(walk, "http://h/a/list?page=1#top", link, rows(0, 1));
        assertThat(walk.target()).isEqualTo(expected);
    }

    @Test
    void aPageThatIsFetchedIsNotBookedBeforeItIsTaken() {
        PageWalk walk = walk(NUMBERED);
        String begin = walk.position();
        assertThat(begin).isEqualTo("{\"at\":\"1\",\"pages\":0,\"rows\":0}");
        walk.take();
        assertThat(walk.after()).isEmpty();
        assertThat(walk.position()).isEqualTo(begin);
        PageWalk.Page page = new PageWalk.Page("GET /", URI.create(HOST), Optional.empty(), null, rows(0, 3));
        for (int again = 0; again < 2; again++) {
            assertThat(walk.fetched(page)).isTrue();
            assertThat(walk.position()).isEqualTo(begin);
            assertThat(walk.after()).contains("{\"at\":\"2\",\"pages\":1,\"rows\":3}");
        }
        walk.take();
        assertThat(walk.position()).isEqualTo("{\"at\":\"2\",\"pages\":1,\"rows\":3}");
        assertThat(walk.after()).isEmpty();
    }

    @Test
    void aLinkFromAPageWithoutAPathStaysAtItsHost() {
        PageWalk walk = walk(LINK);
        turn(walk, "http://h", "more", rows(0, 1));
        assertThat(walk.target()).isEqualTo("http://h/more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://h/a b", "mailto:x@h", "file:///etc/passwd", "http:///x", "javascript:alert(1)"})
    void whatIsNoWebAddressIsNotFollowed(String link) {
        assertRefused("the next link is not a URL", walk(LINK), link, rows(0, 1));
    }

    @Test
    void pagesAreCountedFromOneUntilOneHasNoRows() {
        PageWalk walk = walk(NUMBERED);
        assertThat(walk.target()).isEqualTo("/list?q=1&page=1");
        assertThat(turn(walk, null, rows(0, 1))).isTrue();
        assertThat(walk.target()).isEqualTo("/list?q=1&page=2");
        assertThat(turn(walk, null, rows(0, 0))).isFalse();
        assertThat(walk.pages()).isEqualTo(2);
        assertThat(walk("{page: p, first: 0}").target()).isEqualTo("/list?q=1&p=0");
    }

    @Test
    void anOffsetGrowsByTheRowsThatCameUntilAPageHasNone() {
        PageWalk walk = walk(OFFSET);
        assertThat(walk.target()).isEqualTo("/list?q=1&offset=0");
        assertThat(turn(walk, null, rows(0, 2))).isTrue();
        assertThat(walk.target()).isEqualTo("/list?q=1&offset=2");
        assertThat(turn(walk, null, rows(2, 3))).isTrue();
        assertThat(walk.target()).isEqualTo("/list?q=1&offset=5");
        assertThat(turn(walk, null, rows(5, 1)))
                .as("a short page is not the last")
                .isTrue();
        assertThat(walk.target()).isEqualTo("/list?q=1&offset=6");
        assertThat(turn(walk, null, rows(6, 0))).isFalse();
    }

    private static final String BY_SIZE = "{offset: offset, size: 2, step: size, ";

    @Test
    void anOffsetThatGrowsByItsSizePassesOverShortAndEmptyPages() {
        PageWalk walk = walk(BY_SIZE + "total: meta.next}");
        assertThat(turn(walk, 7, rows(0, 1))).isTrue();
        assertThat(walk.target()).isEqualTo("/list?q=1&offset=2");
        assertThat(turn(walk, 7, rows(0, 0))).isTrue();
        assertThat(turn(walk, 7, rows(0, 0)))
                .as("two empty pages are no circle")
                .isTrue();
        assertThat(walk.target()).isEqualTo("/list?q=1&offset=6");
        assertThat(turn(walk, "7", rows(3, 1))).as("6 + 2 is past 7").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {NUMBERED, OFFSET, CURSOR})
    void theAnswerSaysWhetherThereIsMore(String yaml) {
        String next = yaml.replace("}", ", more: meta.next}").replace("cursor: meta.next", "cursor: cursor");
        for (Object more : List.of(true, 1, "http://h/next")) {
            PageWalk.Page page = page(new JsonObject()
                    .put("meta", new JsonObject().put("next", more))
                    .put("cursor", "c"));
            assertThat(walk(next).fetched(page)).as("%s", more).isTrue();
        }
        for (Object end : new @Nullable Object[] {false, 0, null, "", "false"}) {
            PageWalk.Page page = page(new JsonObject()
                    .put("meta", new JsonObject().put("next", end))
                    .put("cursor", "c"));
            assertThat(walk(next).fetched(page)).as("%s", end).isFalse();
        }
    }

    private static PageWalk.Page page(JsonObject body) {
        return new PageWalk.Page("GET /", URI.create(HOST), Optional.empty(), body, rows(0, 2));
    }

    @Test
    void aStatusEndsTheWalkAfterItsFirstPage() {
        PageWalk walk = walk("{page: page, end: [404, 416]}");
        assertThat(walk.endsWith(404)).as("there is no first page").isFalse();
        assertThat(turn(walk, null, rows(0, 2))).isTrue();
        assertThat(turn(walk, null, rows(0, 0)))
                .as("an empty page is not the last")
                .isTrue();
        String here = walk.position();
        assertThat(walk.endsWith(410)).isFalse();
        assertThat(walk.after()).isEmpty();
        assertThat(walk.endsWith(416)).isTrue();
        assertThat(walk.after()).contains(here);
        walk.take();
        assertThat(walk.pages()).isEqualTo(2);
        assertThat(walk(NUMBERED).endsWith(404)).isFalse();
    }

    @Test
    void aClassOfStatusesHasNoneThatMayBeDifferentTheNextTime() {
        PageWalk walk = walk(BY_SIZE + "end: 4xx}");
        turn(walk, null, rows(0, 2));
        for (int status : List.of(401, 408, 425, 429, 500, 503, 302, 200)) {
            assertThat(walk.endsWith(status)).as("%s", status).isFalse();
        }
        assertThat(List.of(400, 403, 404, 410, 416)).allMatch(walk::endsWith);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{page: page, total: nope}         | 2 | next.total: `nope` of the answer is not there",
                "{page: page, more: nope}          | 2 | next.more: `nope` of the answer is not there",
                "{offset: o, size: 2, more: nope}  | 2 | next.more: `nope` of the answer is not there",
                "{page: page, total: meta}         | 2 | next.total: `meta` of the answer is not a number of rows",
                "{page: page, total: meta.next}    | 2 | next.total: `meta.next` of the answer is not a number of rows",
                "{page: page, more: meta}          | 2 | next.more: `meta` of the answer is not true or false",
                "{cursor: c, param: p, more: meta.next} | 2 | next.more says that there is another page, but next.cursor",
                "{offset: o, size: 2, more: meta.next}  | 0 | the page after 0 rows is empty, but next.more says",
            })
    void aSignThatIsMissingOrContradictsThePageIsAFailure(String yaml, int rows, String words) {
        assertRefused(words, walk(yaml), "more", rows(0, rows));
    }

    @Test
    void rowsThatDoNotAddUpToTheTotalAreAFailure() {
        for (String next : List.of("{page: page, total: meta.next}", "{offset: o, size: 2, total: meta.next}")) {
            PageWalk walk = walk(next);
            assertThat(turn(walk, 5, rows(0, 2))).isTrue();
            assertRefused("the page after 2 rows is empty, but next.total says", walk, 5, rows(2, 0));
            assertRefused("`meta.next` says 3, but 4 rows have come", walk, 3, rows(2, 2));
            assertThat(turn(walk, 4, rows(2, 2))).isFalse();
        }
    }

    @Test
    void aCursorThatIsAUrlIsTheNextPage() {
        PageWalk walk = walk(CURSOR);
        assertThat(turn(walk, "http://h/list?page=2", rows(0, 1))).isTrue();
        assertThat(walk.target()).isEqualTo("http://h/list?page=2");
        PageWalk second = walk(CURSOR);
        second.goOnFrom(walk.position());
        assertThat(second.target()).isEqualTo("http://h/list?page=2");
        assertRefused("was there before", second, "http://h/list?page=2", rows(1, 1));
    }

    /** What is said of a walk over pages with these rows. */
    private static Optional<String> remark(String yaml, JsonArray... pages) {
        PagingNotes notes = new PagingNotes(next(yaml));
        PageWalk walk = new PageWalk(next(yaml), "/list", 1_000, notes);
        for (JsonArray page : pages) {
            turn(walk, null, page);
        }
        return notes.remark();
    }

    @Test
    void shortPagesBeforeTheLastAreToldWithTheStepThatMayBeRight() {
        assertThat(remark(OFFSET, rows(0, 2), rows(2, 1), rows(3, 0)))
                .as("the last may be short")
                .isEmpty();
        assertThat(remark("{offset: o, size: 3}", rows(0, 2), rows(2, 2), rows(4, 1), rows(5, 0)))
                .hasValueSatisfying(line -> assertThat(line)
                        .startsWith(
                                "2 pages before the last had fewer rows than size 3, the first GET http://h/list?o=0 with 2; ")
                        .contains("if it filters after paging, write step: size"));
        assertThat(remark("{offset: o, size: 3}", rows(0, 2), rows(1, 3), rows(5, 0)))
                .hasValueSatisfying(line -> assertThat(line).contains("1 began with a row of the page before"));
        assertThat(remark("{offset: o, size: 3, step: size, end: 404}", rows(0, 2), rows(3, 0), rows(6, 1)))
                .hasValueSatisfying(
                        line -> assertThat(line).contains("1 page before").contains("write step: rows"));
        assertThat(remark(NUMBERED, rows(0, 2), rows(2, 1), rows(3, 2))).isEmpty();
        PagingNotes signed = new PagingNotes(next("{offset: o, size: 3, step: size, total: meta.next}"));
        PageWalk walk =
                new PageWalk(next("{offset: o, size: 3, step: size, total: meta.next}"), "/list", 1_000, signed);
        assertThat(turn(walk, 9, rows(0, 3))).isTrue();
        assertThat(turn(walk, 9, rows(0, 0))).isTrue();
        assertThat(turn(walk, 9, rows(0, 0))).isFalse();
        assertThat(signed.remark())
                .as("rows that never come again")
                .hasValueSatisfying(line -> assertThat(line).startsWith("1 page before the last had fewer rows"));
    }

    @Test
    void aCursorThatIsInNoPageIsTold() {
        assertThat(remark("{cursor: nope, param: p}", rows(0, 2)))
                .contains("next.cursor nope was not in the only page, so the item ended after it");
        assertThat(remark(CURSOR, rows(0, 2))).as("null is there").isEmpty();
    }

    @Test
    void aCursorIsATextOrANumberAndEndsWithNothing() {
        for (Object end : new @Nullable Object[] {null, ""}) {
            PageWalk walk = walk(CURSOR);
            assertThat(walk.target()).isEqualTo("/list?q=1");
            assertThat(turn(walk, "a b", rows(0, 1))).isTrue();
            assertThat(walk.target()).isEqualTo("/list?q=1&after=a%20b");
            assertThat(turn(walk, 17, rows(1, 0)))
                    .as("an empty page is not the last")
                    .isTrue();
            assertThat(walk.target()).isEqualTo("/list?q=1&after=17");
            assertThat(turn(walk, end, rows(1, 1))).isFalse();
        }
        for (Object odd : List.of(true, new JsonObject(), new JsonArray())) {
            assertRefused("next.cursor: `meta.next` is no text or number", walk(CURSOR), odd, rows(0, 1));
        }
    }

    @Test
    void aPageThatWasThereBeforeEndsTheWalk() {
        PageWalk self = walk(LINK);
        assertRefused("page 1 names a page as its next that was there before", self, "/list?q=1", rows(0, 1));
        PageWalk circle = walk(LINK);
        turn(circle, "/b", rows(0, 1));
        turn(circle, "/c", rows(1, 1));
        assertRefused("page 3 names a page as its next", circle, "/b", rows(2, 1));
        PageWalk cursor = walk(CURSOR);
        turn(cursor, "x", rows(0, 1));
        assertRefused("page 2 names a page as its next", cursor, "x", rows(1, 1));
    }

    @Test
    void aHundredPagesAreRememberedAndNoMore() {
        PageWalk walk = walk(CURSOR);
        for (int i = 0; i <= 101; i++) {
            assertThat(turn(walk, "c" + i, rows(i, 1))).isTrue();
        }
        assertRefused("was there before", walk, "c1", rows(0, 1));
        assertThat(turn(walk, "c0", rows(0, 1))).as("forgotten").isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {NUMBERED, OFFSET})
    void aServerThatDoesNotKnowTheParameterIsNoticedByItsRows(String yaml) {
        PageWalk walk = walk(yaml);
        assertThat(turn(walk, null, rows(0, 2))).isTrue();
        assertRefused("page 2 is page 1 again: does the server know this parameter?", walk, null, rows(0, 2));
    }

    @Test
    void equalRowsAreNoCircleWhereTheServerNamesTheNextPage() {
        PageWalk walk = walk(CURSOR);
        turn(walk, "a", rows(0, 1));
        assertThat(turn(walk, "b", rows(0, 1))).isTrue();
    }

    @Test
    void asManyPagesAsAllowedAreFetchedAndOneMoreIsTooMany() {
        PageWalk enough = walk(CURSOR, 2);
        turn(enough, "a", rows(0, 1));
        assertThat(turn(enough, null, rows(1, 1))).isFalse();
        PageWalk more = walk(CURSOR, 2);
        turn(more, "a", rows(0, 1));
        assertRefused("more than 2 pages; raise do.max_pages", more, "b", rows(1, 1));
        assertRefused("more than 1 page; raise do.max_pages", walk(CURSOR, 1), "a", rows(0, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {LINK, NUMBERED, CURSOR, OFFSET})
    void anotherProcessGoesOnFromThePosition(String yaml) {
        PageWalk first = walk(yaml, 3);
        assertThat(turn(first, "/b", rows(0, 2))).isTrue();
        PageWalk second = walk(yaml, 3);
        second.goOnFrom(first.position());
        assertThat(second.target()).isEqualTo(first.target());
        assertThat(second.pages()).isEqualTo(1);
        assertThat(second.rows()).isEqualTo(2);
        assertThat(turn(second, "/c", rows(2, 2))).isTrue();
        assertRefused("more than 3 pages", second, "/d", rows(4, 2));
        PageWalk begun = walk(yaml);
        begun.goOnFrom(walk(yaml).position());
        assertThat(begun.target()).isEqualTo(walk(yaml).target());
    }
}
