package io.vertask.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static ItemResult line(long n, String text) {
        return ItemResult.ok(new Item(n, n, "k"), Optional.of(text), null, 1, Duration.ZERO);
    }

    @Test
    void everyLineIsWrittenAndItsPlaceGivenBack() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AtomicInteger written = new AtomicInteger();
        Lines lines = new Lines(out, written::incrementAndGet, () -> {});
        lines.add(line(0, "ä"));
        lines.add(line(1, "b"));
        lines.close();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("ä\nb\n");
        assertThat(written).hasValue(2);
    }

    @Test
    void aReaderThatHasGoneIsToldOnceAndNothingBlocks() {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        AtomicInteger broken = new AtomicInteger();
        AtomicInteger written = new AtomicInteger();
        Lines lines = new Lines(gone, written::incrementAndGet, broken::incrementAndGet);
        for (int i = 0; i < 10; i++) {
            lines.add(line(i, "x"));
        }
        lines.close();
        assertThat(lines.isBroken()).isTrue();
        assertThat(broken).hasValue(1);
        assertThat(written).hasValue(10);
    }
}
