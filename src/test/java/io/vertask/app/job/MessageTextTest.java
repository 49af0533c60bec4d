package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.yaml.MessageText;
import org.junit.jupiter.api.Test;

/** Texts of items and servers in messages. */
class MessageTextTest {
    @Test
    void aMessageIsOneLineThatNoTerminalObeys() {
        assertThat(MessageText.oneLine("a \r\n\n b\tc\u001b[2J\u0007\u009b\u202ed\u2028e"))
                .isEqualTo("a b c\uFFFD[2J\uFFFD\uFFFD\uFFFDd e");
        String family = "caf\u00e9 \uD83D\uDC68\u200D\uD83D\uDC69";
        assertThat(MessageText.oneLine(family)).isSameAs(family);
    }

    @Test
    void linesKeepTheirEndsAndNothingThatGoesBackInTheLine() {
        assertThat(MessageText.lines("a\tb\r\nc\nd\re\u001bf")).isEqualTo("a\tb\r\nc\nd\uFFFDe\uFFFDf");
    }
}
