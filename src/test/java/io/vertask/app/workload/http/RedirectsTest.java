package io.vertask.app.workload.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.app.workload.CallFailure;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectsTest {
    private static Request request(HttpMethod method, String url) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .set("Accept", "a")
                .set("User-Agent", "u")
                .set("Authorization", "Bearer t")
                .set("X-Anything", "x");
        return Request.of(method, URI.create(url), method + " /x", headers);
    }

    private static Request post() {
        Request plain = request(HttpMethod.POST, "http://h/a");
        plain.headers().set("Content-Type", "application/json");
        return plain.content(Optional.of(Buffer.buffer("{}")));
    }

    private static Request follow(Request from, int status, String location) {
        return new Redirects().follow(from, status, location);
    }

    @ParameterizedTest
    @CsvSource({
        "/b, http://h/b",
        "b, http://h/a/b",
        "?q=1, http://h/a/x?q=1",
        "//o/b, http://o/b",
        "https://o, https://o/",
        "http://u:p@o:8/b#c, http://o:8/b",
        "http://u:p@my_host:8/b, http://my_host:8/b",
        "/a b|c, http://h/a%20b%7Cc",
    })
    void aTargetIsResolvedAsBrowsersDo(String location, String expected) {
        assertThat(follow(request(HttpMethod.GET, "http://h/a/x?p=0"), 307, location)
                        .url())
                .hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://h/x", "mailto:x@h", "http:///x", "http://h:70000/", "http://[::1/"})
    void whatIsNoWebAddressIsNotFollowed(String location) {
        assertThatThrownBy(() -> follow(request(HttpMethod.GET, "http://h/a"), 302, location))
                .isInstanceOf(CallFailure.class)
                .hasMessageContaining("has a Location that is not an http or https URL");
    }

    @Test
    void allHeadersStayAtHomeAndOnlyHarmlessOnesGoElsewhere() {
        Request from = request(HttpMethod.GET, "http://h/a");
        assertThat(follow(from, 302, "/b").headers().names()).hasSize(4);
        Request underscore = request(HttpMethod.GET, "http://my_host/a");
        assertThat(follow(underscore, 302, "http://MY_HOST:80/b").headers().names())
                .hasSize(4);
        assertThat(follow(underscore, 302, "http://my_hosts/b").headers().names())
                .containsExactlyInAnyOrder("Accept", "User-Agent");
        for (String other : List.of("https://h/b", "http://h:81/b", "http://o/b")) {
            assertThat(follow(from, 302, other).headers().names())
                    .as(other)
                    .containsExactlyInAnyOrder("Accept", "User-Agent");
        }
    }

    @Test
    void a303ForgetsTheContentAndWhatIsSaidAboutItAndA307KeepsThem() {
        Request seeOther = follow(post(), 303, "/b");
        assertThat(seeOther.method()).isEqualTo(HttpMethod.GET);
        assertThat(seeOther.content()).isEmpty();
        assertThat(seeOther.headers().contains("Content-Type")).isFalse();
        assertThat(seeOther.repeatable())
                .as("what began as a POST may have taken effect")
                .isFalse();
        Request kept = follow(post(), 307, "/b");
        assertThat(kept.method()).isEqualTo(HttpMethod.POST);
        assertThat(kept.content()).isPresent();
        assertThat(kept.headers().contains("Content-Type")).isTrue();
        assertThat(follow(request(HttpMethod.HEAD, "http://h/a"), 303, "/b").method())
                .isEqualTo(HttpMethod.HEAD);
    }

    @Test
    void aContentGoesToNoOtherOrigin() {
        assertThatThrownBy(() -> follow(post(), 308, "http://o/b"))
                .hasMessageContaining("leads to another origin, where the content must not go: http://o/b");
    }

    @Test
    void fiveAreFollowedAndTheSixthIsOneTooMany() {
        Redirects redirects = new Redirects();
        Request at = request(HttpMethod.GET, "http://h/0");
        for (int i = 1; i <= Redirects.MOST; i++) {
            at = redirects.follow(at, 302, "/" + i);
        }
        Request last = at;
        assertThatThrownBy(() -> redirects.follow(last, 302, "/6?secret"))
                .hasMessageContaining("is one too many after 5; it leads to http://h/6 (");
    }

    @Test
    void aCircleEndsAtItsFirstReturn() {
        Redirects redirects = new Redirects();
        Request second = redirects.follow(request(HttpMethod.GET, "http://h/a"), 302, "/b");
        assertThatThrownBy(() -> redirects.follow(second, 302, "/a"))
                .hasMessageContaining("goes in a circle: back to http://h/a");
        assertThat(new Redirects().follow(post(), 303, "/a").url())
                .as("a GET of what was posted to is no circle")
                .hasToString("http://h/a");
    }

    @Test
    void aCopyGoesOnByItself() {
        Redirects one = new Redirects();
        Request second = one.follow(request(HttpMethod.GET, "http://h/a"), 302, "/b");
        Redirects copy = one.copy();
        assertThat(copy.follow(second, 302, "/c").url()).hasToString("http://h/c");
        assertThat(one.follow(second, 302, "/c").url()).hasToString("http://h/c");
    }
}
