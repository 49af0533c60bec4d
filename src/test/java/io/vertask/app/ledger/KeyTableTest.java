package io.vertask.app.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.ledger.EarlierItems.Known;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyTableTest {
    @Test
    void itCountsAsAMapDoes() {
        Random random = new Random(1);
        KeyTable table = new KeyTable();
        Map<String, Integer> model = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            String key = "key " + random.nextInt(30_000);
            boolean ok = random.nextBoolean();
            String mine = key + ok;
            if (random.nextInt(3) > 0) {
                table.add(key, ok ? Known.OK : Known.FAILED);
                model.merge(mine, 1, Integer::sum);
            } else {
                int before = model.getOrDefault(mine, 0);
                assertThat(table.take(key, ok ? Known.OK : Known.FAILED)).isEqualTo(before > 0);
                model.put(mine, Math.max(0, before - 1));
            }
        }
    }

    @Test
    void askingForAKeyTakesNoRoom() {
        KeyTable table = new KeyTable();
        for (int i = 0; i < 100_000; i++) {
            assertThat(table.take("key " + i, Known.OK)).isFalse();
        }
        assertThat(table.capacity()).isEqualTo(1_024);
    }

    @Test
    void aMillionKeysTakeFortyMegabytesAtMost() {
        KeyTable table = new KeyTable();
        for (int i = 0; i < 1_000_000; i++) {
            table.add("https://example.com/a/rather/long/path/" + i, Known.OK);
        }
        assertThat(table.capacity() * 24L).isLessThan(40_000_000);
        for (int i = 0; i < 1_000_000; i += 997) {
            assertThat(table.take("https://example.com/a/rather/long/path/" + i, Known.OK))
                    .isTrue();
        }
    }
}
