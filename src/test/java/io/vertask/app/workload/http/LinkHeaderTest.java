package io.vertask.app.workload.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkHeaderTest {
    private static void assertNext(String expected, String... headers) {
        assertThat(LinkHeader.next(List.of(headers))).contains(expected);
    }

    private static void assertNone(String... headers) {
        assertThat(LinkHeader.next(List.of(headers))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<https://x/2>; rel=\"next\"",
                "<https://x/2>; rel=next",
                "<https://x/2>;rel=next",
                "  <https://x/2>  ;  rel  =  \"next\"  ",
                "< https://x/2 >; rel=next",
                "<https://x/2>; REL=\"Next\"",
                "<https://x/2>; rel=\"last next prev\"",
                "<https://x/2>; rel=\"\tnext \"",
                "<https://x/2>; title=\"page 2\"; rel=next; type=\"text/html\"",
                "<https://x/2>; crossorigin; rel=next",
                "<https://x/2>; rel=\"n\\ext\"",
                "<https://x/1>; rel=prev, <https://x/2>; rel=next, <https://x/9>; rel=last",
                ", ,<https://x/2>; rel=next",
                "<https://x/1>,<https://x/2>;rel=next",
                "<https://x/2>; rel=next; rel=prev",
            })
    void thePageAfterThisOneHoweverItIsWritten(String header) {
        assertNext("https://x/2", header);
    }

    @Test
    void commasSemicolonsAndQuotesInsideAreNoEnds() {
        assertNext("https://x/2?a=1,2;b", "<https://x/1?c=3,4>; rel=prev, <https://x/2?a=1,2;b>; rel=next");
        assertNext("/2", "</1>; title=\"a, <b>; rel=next\"; rel=prev, </2>; rel=next");
        assertNext("/2", "</1>; title=\"she said \\\"no, </3>; rel=next\\\"\"; rel=first, </2>; rel=next");
    }

    @Test
    void aRelativeTargetStaysAsItIsWritten() {
        assertNext("?page=2", "<?page=2>; rel=next");
        assertNext("../b", "<../b>; rel=next");
        assertNext("", "<>; rel=next");
    }

    @Test
    void severalHeadersAreOneListAndTheFirstNextCounts() {
        assertNext("/2", "</1>; rel=prev", "</2>; rel=next", "</3>; rel=next");
        assertNext("/2", "nonsense", "</2>; rel=next");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<https://x/2>",
                "<https://x/2>; rel=prev",
                "<https://x/2>; rel=nextpage",
                "<https://x/2>; rel=\"https://x/next\"",
                "<https://x/2>; rel",
                "<https://x/2>; rev=next",
                "<https://x/2>; title=next",
                "<https://x/2>; rel=prev; rel=next",
                "https://x/2; rel=next",
                "<https://x/2; rel=next",
                "rel=next",
            })
    void anythingElseIsNoNextPage(String header) {
        assertNone(header);
    }

    @Test
    void aLinkAboutSomethingElseIsNotOurs() {
        assertNone("</2>; rel=next; anchor=\"#chapter\"");
        assertNext("/3", "</2>; anchor=\"/other\"; rel=next, </3>; rel=next");
    }

    @Test
    void whatIsNotWellWrittenEndsItsHeaderAndLeavesWhatCameBefore() {
        assertNext("/2", "</2>; rel=next, oops </3>; rel=next");
        assertNone("</1>; rel=prev; title=\"never closed, </2>; rel=next");
    }

    @Test
    void aHeaderMadeToBeSlowIsNot() {
        assertNone("<".repeat(50_000));
        assertNone("</1>" + "; a=\"\\\\".repeat(20_000));
        assertNone("</1>" + " ;".repeat(20_000) + "!");
    }
}
