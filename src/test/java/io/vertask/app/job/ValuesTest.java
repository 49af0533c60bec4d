package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.app.job.yaml.DurationText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    @ParameterizedTest
    @CsvSource({"10s, 10000", "500ms, 500", "1m30s, 90000", "2h, 7200000", "1d, 86400000", "1h1ms, 3600001"})
    void durationIsReadAndWritten(String text, long millis) {
        assertThat(DurationText.parse(text)).isEqualTo(Duration.ofMillis(millis));
        assertThat(DurationText.format(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1.5s", "1s1m", "1s1s", "10 s", "10S", "9999999999s", "1m "})
    void otherTextIsNoDuration(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void unquotedWordsFollowYaml12AndNumbersJson() {
        Job job = Conf.read(
                "job: j\ndo: {get: \"https://h\"}\neach: [no, yes, on, 007, 0o17, 0x1F, 1_000, 12:30, 1.10, -5, "
                        + "true, ~, 1e3, .5, +1, 99999999999999999999, 9223372036854775807, .inf, 2024-01-01]\n");

        assertThat(job.each())
                .containsExactly(
                        "no",
                        "yes",
                        "on",
                        "007",
                        "0o17",
                        "0x1F",
                        "1_000",
                        "12:30",
                        new BigDecimal("1.10"),
                        -5L,
                        true,
                        null,
                        new BigDecimal("1E+3"),
                        ".5",
                        "+1",
                        "99999999999999999999",
                        Long.MAX_VALUE,
                        ".inf",
                        "2024-01-01");
    }

    @Test
    void aRangeIsNeverHeldInMemory() {
        Job job = Conf.read("job: j\ndo: {get: \"https://h\"}\neach: {range: 1..900000000000000000}\n");
        Iterator<Object> items = job.each().iterator();

        assertThat(job.each().count()).isEqualTo(OptionalLong.of(900_000_000_000_000_000L));
        assertThat(items.next()).isEqualTo(1L);
        assertThat(items.next()).isEqualTo(2L);
    }

    @Test
    void aRangeEndsAtTheLargestNumber() {
        Items.Range range = new Items.Range(Long.MAX_VALUE - 1, Long.MAX_VALUE);

        assertThat(range).containsExactly(Long.MAX_VALUE - 1, Long.MAX_VALUE);
        assertThat(new Items.Range(Long.MIN_VALUE, Long.MAX_VALUE).count()).isEmpty();
    }

    @Test
    void aJobWithoutEachHasOneItemAndADefaultForTheRest() {
        Job job = Conf.read("job: j\ndo: {get: \"https://h\"}\n");

        assertThat(job.each()).containsExactly((Object) null);
        assertThat(job.each().count()).isEqualTo(OptionalLong.of(1));
        assertThat(job.limits()).isEqualTo(Limits.DEFAULT);
        assertThat(job.print()).isEmpty();
        assertThat(job.clients()).isEmpty();
    }

    @Test
    void itemsOfAListCanBeMadeIntoText() {
        Job job = Conf.read("""
                job: j
                do: {get: "{+item}"}
                each: {list: [{a: 1}, {a: x y}], as: "https://h/?q={item.a}"}
                """);

        assertThat(job.each()).containsExactly("https://h/?q=1", "https://h/?q=x%20y");
        assertThat(job.each()).as("a second time").hasSize(2);
    }

    @Test
    void acceptKnowsClassesAndCodes() {
        HttpStep step = (HttpStep) Conf.read("job: j\ndo: {get: \"https://h\", accept: \"2xx, 404\"}\n")
                .step();
        HttpStep listed = (HttpStep) Conf.read("job: j\ndo: {head: \"https://h\", accept: [2xx, 404]}\n")
                .step();

        assertThat(List.of(step.accept(), listed.accept())).allSatisfy(accept -> {
            assertThat(accept.test(204)).isTrue();
            assertThat(accept.test(404)).isTrue();
            assertThat(accept.test(403)).isFalse();
        });
        assertThat(Accept.ANY.test(500)).isTrue();
        assertThat(listed.body()).isEqualTo(HttpStep.Body.DISCARD);
    }

    @ParameterizedTest
    @CsvSource({"3, 200, 3", "0, 9, 0", "5%, 200, 10", "5%, 19, 0", "100%, 7, 7", "29%, 100, 29"})
    void allowedFailuresAreANumberOrAShare(String text, long items, long allowed) {
        assertThat(AllowFailures.parse(text).of(items)).isEqualTo(allowed);
    }

    @Test
    void notesTellWhatMaySurprise() {
        String sql = "job: j\nclients: {d: {postgres: }}\ndo: {sql: \"SELECT $2 {item}\", params: [1]}\n";

        assertThat(Conf.read(sql).notes())
                .containsExactly(
                        "job.yaml  note: do.sql has values up to $2 but do.params has one entry",
                        "job.yaml  note: do.sql has {item}, which is sent as it stands; write $1 and params: [\"{item}\"]");
        Job noItems = Conf.read("job: j\ndo: {get: \"https://h/{item}\"}\n");
        assertThat(noItems.notes()).singleElement().asString().contains("there is no `each`");
        assertThat(noItems.withItems(List.of("a")).notes()).isEmpty();
    }
}
