package io.vertask.app.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeysTest {
    @Test
    void onlyTheFirstThatComesAgainIsTold() {
        Keys keys = new Keys();
        for (int i = 0; i < 100_000; i++) {
            assertThat(keys.isFirstAgain("key " + i)).isFalse();
        }
        assertThat(keys.isFirstAgain("key 77")).isTrue();
        assertThat(keys.isFirstAgain("key 78")).isFalse();
    }
}
