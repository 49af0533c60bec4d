package io.vertask.stream;

import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PagesTest {
    private record Page(List<String> items, Optional<String> next) {}

    private final List<String> fetched = new ArrayList<>();

    private Future<Page> fetch(String url) {
        fetched.add(url);
        int page = Integer.parseInt(url.substring(1));
        return ms(10).map(new Page(
                List.of(page + "a", page + "b"), page == 3 ? Optional.empty() : Optional.of("/" + (page + 1))));
    }

    private Pages<String, Page> pages() {
        return Pages.of("/1", this::fetch, Page::next);
    }

    @Test
    void allItemsOfAllPagesInTheirOrder() {
        assertThat(resultOf(VirtualRun.of(() -> Streams.toList(pages().items(Page::items), 100))))
                .containsExactly("1a", "1b", "2a", "2b", "3a", "3b");
        assertThat(fetched).containsExactly("/1", "/2", "/3");
    }

    @Test
    void aPageIsFetchedWhenItIsAskedForOrOneAhead() {
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<String> items = pages().items(Page::items);
            return items.next()
                    .compose(v -> items.next())
                    .compose(v -> ms(100))
                    .onSuccess(v -> assertThat(fetched).containsExactly("/1"))
                    .compose(v -> items.next())
                    .onSuccess(v -> assertThat(fetched).containsExactly("/1", "/2"))
                    .compose(v -> items.close());
        }));
        fetched.clear();
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Page> ahead = Streams.buffer(1, pages().pages());
            return ahead.next()
                    .compose(v -> ms(100))
                    .onSuccess(v -> assertThat(fetched).containsExactly("/1", "/2"))
                    .compose(v -> ahead.close());
        }));
    }

    @Test
    void aBreakFetchesNoMore() {
        resultOf(VirtualRun.of(() ->
                Streams.forEachWhile(pages().items(Page::items), item -> Future.succeededFuture(!item.equals("2a")))));
        assertThat(fetched).containsExactly("/1", "/2");
    }

    @Test
    void linksThatGoRoundInACircleAreAnError() {
        Pages<String, Page> circle =
                Pages.of("/1", this::fetch, page -> page.next().or(() -> Optional.of("/2")));
        assertThat(failureOf(VirtualRun.of(() -> Streams.toList(circle.pages(), 100))))
                .hasMessage("page 4 is /2, which was fetched already: the links go round in a circle");
        assertThat(fetched).containsExactly("/1", "/2", "/3");
    }

    @Test
    void linksThatNeverEndAreAnErrorAtTheLimit() {
        assertThat(failureOf(
                        VirtualRun.of(() -> Streams.toList(pages().atMost(2).pages(), 100))))
                .hasMessage("there is a page after 2 pages, /3: the links don't end, or atMost(…) is too low");
        assertThat(resultOf(VirtualRun.of(() -> Streams.toList(pages().atMost(3).pages(), 100))))
                .hasSize(3);
        assertThatThrownBy(() -> pages().atMost(0)).hasMessage("at most 0 pages: it takes 1 or more");
    }

    @Test
    void aFetchThatFailsIsTheErrorOfItsPull() {
        IllegalStateException bad = new IllegalStateException("bad");
        assertThat(failureOf(VirtualRun.of(() -> Streams.toList(
                        Pages.of("/1", url -> Future.<Page>failedFuture(bad), Page::next)
                                .pages(),
                        100))))
                .isSameAs(bad);
    }
}
