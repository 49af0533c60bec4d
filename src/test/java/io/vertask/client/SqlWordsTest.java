package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlWordsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BEGIN | BEGINS",
                "  /* a * b */ -- c\\n start transaction read only | BEGINS",
                "begin; | BEGINS",
                "Commit | ENDS",
                "END; | ENDS",
                "abort work | ENDS",
                "ROLLBACK AND NO CHAIN | ENDS",
                "COMMIT AND CHAIN | BEGINS",
                "rollback to savepoint a | RESTORES",
                "SELECT 'BEGIN' | NONE",
                "SAVEPOINT a | NONE",
                "beginning | NONE",
                "'' | NONE"
            })
    void onlyTheFirstWordsSayWhatHappensToTheTransaction(String sql, SqlWords.Effect effect) {
        assertThat(SqlWords.effect(sql.replace("\\n", "\n"))).isEqualTo(effect);
    }

    @Test
    void aLongStatementIsShownInShort() {
        assertThat(SqlWords.shortened("SELECT\n  1")).isEqualTo("SELECT 1");
        assertThat(SqlWords.shortened("select id, name, address, town, country, telephone\n from orders"))
                .isEqualTo("SELECT … from orders");
        assertThat(SqlWords.shortened("UPDATE " + "x".repeat(1_000_000)))
                .hasSize(60)
                .endsWith("…");
    }

    @Test
    void whatIsBusyIsSaidInWords() {
        long since = System.nanoTime() - Duration.ofSeconds(41).toNanos();
        assertThat(new SqlUse(10, 10, 3, new SqlUse.Running("SELECT … FROM orders", since)).words())
                .isEqualTo("all 10 busy (oldest query 41s: SELECT … FROM orders)");
        assertThat(new SqlUse(10, 10, 3, new SqlUse.Running("SELECT … FROM orders", since)).words("db"))
                .isEqualTo("all 10 of `db` busy (oldest query 41s: SELECT … FROM orders)");
        assertThat(new SqlUse(10, 2, 0, null).words()).isEqualTo("2 of 10 busy");
        assertThat(new SqlUse(10, 2, 0, null).words("db")).isEqualTo("of `db` 2 of 10 busy");
    }

    @Test
    void whatWasReachedIsSaidInWords() {
        assertThat(new Reached.Counts(3, 0, 1, 0, 0, 0)).hasToString("3 sockets closed, 1 statement cancelled");
        assertThat(new Reached().snapshot()).hasToString("nothing");
    }
}
