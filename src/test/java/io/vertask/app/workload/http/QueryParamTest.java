package io.vertask.app.workload.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryParamTest {
    @ParameterizedTest
    @CsvSource({
        "/a, /a?page=2",
        "/a?, /a?page=2",
        "/a?b=1, /a?b=1&page=2",
        "/a?page=1, /a?page=2",
        "/a?page=1&b=1, /a?page=2&b=1",
        "/a?b=1&page=1&c=2, /a?b=1&page=2&c=2",
        "/a?page, /a?page=2",
        "/a?page=1&page=7, /a?page=2",
        "/a?p%61ge=1, /a?page=2",
        "/a?pages=1, /a?pages=1&page=2",
        "/a?b=page, /a?b=page&page=2",
        "/a?b=1&&c=2&, /a?b=1&c=2&page=2",
        "/a?q=x?y, /a?q=x?y&page=2",
        "/a?b=1#part, /a?b=1&page=2",
        "/a?b=%zz, /a?b=%zz&page=2",
        "/a?%zz=1, /a?%zz=1&page=2",
        "https://h:1/a/b?x=%20, https://h:1/a/b?x=%20&page=2",
    })
    void oneParameterIsSetAndTheRestStaysAsItIsWritten(String target, String expected) {
        assertThat(QueryParam.set(target, "page", "2")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "a b, a%20b",
        "a&b=c#d, a%26b%3Dc%23d",
        "a+b/c==, a%2Bb%2Fc%3D%3D",
        "ä, %C3%A4",
        "%20, %2520",
    })
    void aValueIsEncodedSoThatItArrivesAsItIs(String value, String encoded) {
        assertThat(QueryParam.set("/a", "after", value)).isEqualTo("/a?after=" + encoded);
    }

    @ParameterizedTest
    @CsvSource({"page[after], /a?page%5Bafter%5D=2", "a b, /a?a%20b=2"})
    void soIsAName(String name, String expected) {
        assertThat(QueryParam.set("/a", name, "2")).isEqualTo(expected);
        assertThat(QueryParam.set(expected, name, "2")).as("and is found again").isEqualTo(expected);
    }
}
