package io.vertask.app.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.Mask;
import io.vertask.testing.Jobs;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private static final Map<String, String> XTERM = Map.of("TERM", "xterm");

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private static Progress at(long ok, long failed, OptionalLong items, int seconds) {
        return new Progress("nightly", items, ok, failed, 4, Duration.ofSeconds(seconds));
    }

    private static Terminal.Color auto() {
        return Terminal.Color.AUTO;
    }

    private static Output with(Progress.Mode mode, boolean quiet) {
        return new Output(Format.LINES, java.util.Optional.empty(), false, mode, auto(), quiet, false);
    }

    @Test
    void theBarSaysHowFarHowManyFailedHowFastAndHowLongStill() {
        assertThat(at(490, 10, OptionalLong.of(1_000), 5).bar(100))
                .isEqualTo("nightly  [##########..........] 500 of 1,000  failed 10  in flight 4  100/s  5s left");
        assertThat(at(1, 0, OptionalLong.of(100_000), 2).bar(200)).endsWith("0.5/s  55h33m left");
        assertThat(at(1, 0, OptionalLong.of(121), 1).bar(200)).endsWith("1.0/s  2m0s left");
    }

    @Test
    void withoutAnEndInSightThereIsNoBarAndNoTimeLeft() {
        assertThat(at(500, 0, OptionalLong.empty(), 5).bar(100)).isEqualTo("nightly  500  in flight 4  100/s");
    }

    @Test
    void theBarIsNeverWiderThanTheTerminal() {
        assertThat(at(490, 10, OptionalLong.of(1_000), 5).bar(20)).hasSize(20);
    }

    @Test
    void aLineTakesTheBarAwayFirst() throws InterruptedException {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        CountDownLatch drawn = new CountDownLatch(3);
        try (Console console =
                new Console(stream, Mask.NONE, with(Progress.Mode.BAR, false), new Terminal(false, true, XTERM))) {
            console.follow(() -> {
                drawn.countDown();
                return at(1, 0, OptionalLong.of(2), 0);
            });
            assertThat(drawn.await(20, TimeUnit.SECONDS)).isTrue();
            console.say("a line");
        }
        String text = err.toString(StandardCharsets.UTF_8);
        String bar = "\r\u001b[Knightly  [##########..........] 1 of 2  in flight 4";
        assertThat(text)
                .startsWith(bar + bar)
                .contains(bar + "\r\u001b[Ka line\n")
                .doesNotContain("4a line");
        assertThat(text.endsWith("\n") || text.endsWith("\u001b[K"))
                .as("nothing of the bar is left")
                .isTrue();
    }

    @Test
    void everyLineIsMasked() {
        String job = "job: x\nclients: {a: {url: \"http://h\", token: hunter2hunter2}}\ndo: {get: \"http://h/\"}";
        Mask mask = Mask.of(Jobs.read("x", job, Map.of(), List.of()), Map.of());
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        try (Console console = new Console(stream, mask, Output.PLAIN, new Terminal(false, false, Map.of()))) {
            console.say("said hunter2hunter2");
            console.tell("told hunter2hunter2");
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("said ••••\ntold ••••\n");
    }

    @Test
    void aBarMovesOnlyOnATerminalThatCanAndNeverWhenQuiet() {
        Terminal smart = new Terminal(true, true, XTERM);
        Terminal dumb = new Terminal(true, true, Map.of("TERM", "dumb"));
        Terminal none = new Terminal(true, false, XTERM);
        assertThat(with(Progress.Mode.AUTO, false).shown(smart)).isEqualTo(Progress.Mode.BAR);
        assertThat(with(Progress.Mode.AUTO, false).shown(dumb)).isEqualTo(Progress.Mode.PLAIN);
        assertThat(with(Progress.Mode.AUTO, false).shown(none)).isEqualTo(Progress.Mode.PLAIN);
        assertThat(with(Progress.Mode.BAR, false).shown(none)).isEqualTo(Progress.Mode.BAR);
        assertThat(with(Progress.Mode.BAR, true).shown(smart)).isEqualTo(Progress.Mode.NONE);
    }

    @Test
    void colourFollowsTheTerminalUnlessNoColorOrAFlagSaysOtherwise() {
        Terminal smart = new Terminal(true, true, XTERM);
        assertThat(smart.paintOut(auto()).on()).isTrue();
        assertThat(smart.paintOut(Terminal.Color.NEVER).on()).isFalse();
        assertThat(new Terminal(true, true, Map.of("TERM", "dumb"))
                        .paintErr(auto())
                        .on())
                .isFalse();
        Terminal noColor = new Terminal(true, true, Map.of("TERM", "xterm", "NO_COLOR", "1"));
        assertThat(noColor.paintErr(auto()).on()).isFalse();
        assertThat(noColor.paintErr(Terminal.Color.ALWAYS).on()).isTrue();
        assertThat(new Terminal(false, true, XTERM).paintOut(auto()).on()).isFalse();
    }
}
