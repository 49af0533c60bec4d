package io.vertask.client;

import static io.vertask.testing.FakePostgres.bytes;
import static io.vertask.testing.FakePostgres.header;
import static io.vertask.testing.FakePostgres.join;
import static io.vertask.testing.FakePostgres.loggedIn;
import static io.vertask.testing.FakePostgres.message;
import static io.vertask.testing.FakePostgres.number;
import static io.vertask.testing.FakePostgres.read;
import static io.vertask.testing.FakePostgres.ready;
import static io.vertask.testing.FakePostgres.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Tasks;
import io.vertask.testing.FakePostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Tuple;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logins at servers that do what no Postgres does: each ends in time, by name, and in bounded memory. */
@Timeout(60)
class SqlLoginTest {
    private static final SqlLimits LIMITS = new SqlLimits(0, 1, Duration.ofSeconds(3), Duration.ofMillis(400));

    private record Attempt(@Nullable Throwable error, long ms, long slowestTurnMs) {
        String why() {
            assertThat(error).isInstanceOf(SqlConnectException.class);
            return String.valueOf(Objects.requireNonNull(error).getMessage())
                    .replaceFirst("^.*, database postgres: ", "");
        }
    }

    private static Attempt login(SqlLimits limits, FakePostgres.Script script) throws IOException {
        Vertx vertx = Vertx.vertx();
        try (FakePostgres server = FakePostgres.start(script)) {
            return Objects.requireNonNull(Tasks.run(vertx, () -> {
                PgConnectOptions options = new PgConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(server.port())
                        .setUser("postgres")
                        .setPassword("secret")
                        .setDatabase("postgres");
                SqlCalls sql = SqlCalls.create(vertx, options, limits);
                long began = System.nanoTime();
                long[] turn = {began, 0};
                long timer = vertx.setPeriodic(5, id -> {
                    long now = System.nanoTime();
                    turn[1] = Math.max(turn[1], now - turn[0]);
                    turn[0] = now;
                });
                return sql.query("SELECT 1", Tuple.tuple()).transform(end -> {
                    vertx.cancelTimer(timer);
                    long ms = (System.nanoTime() - began) / 1_000_000;
                    return sql.close()
                            .transform(closed ->
                                    Future.succeededFuture(new Attempt(end.cause(), ms, turn[1] / 1_000_000)));
                });
            }));
        } finally {
            SqlServer.close(vertx);
        }
    }

    private static Attempt login(FakePostgres.Script script) throws IOException {
        return login(LIMITS, script);
    }

    /** Sends {@code bytes} again and again until the client hangs up. */
    private static void flood(OutputStream out, byte[] bytes) throws IOException {
        while (true) {
            out.write(bytes);
        }
    }

    /** Asks for SCRAM and sends {@code rest} after the client's nonce; returns the client's answer. */
    private static byte[] challenge(DataInputStream in, OutputStream out, String rest) throws IOException {
        out.write(message('R', number(10), text("SCRAM-SHA-256"), text("")));
        String first = new String(read(in), StandardCharsets.UTF_8);
        String nonce = first.substring(first.indexOf("r=") + 2);
        out.write(message('R', number(11), bytes("r=" + nonce + "xyz,s=c2FsdHNhbHQ=," + rest)));
        return read(in);
    }

    @Test
    void roundsBeyondTheLimitAreRefusedAtOnce() throws IOException {
        for (String rounds : new String[] {"600001", "2000000000", "99999999999999999999"}) {
            Attempt end = login((number, in, out) -> challenge(in, out, "i=" + rounds));
            assertThat(end.why())
                    .startsWith("the server wants the password hashed ")
                    .endsWith(" times (SCRAM iterations), and the most is 600,000. "
                            + "If you trust it, raise max_scram_iterations");
            assertThat(end.ms()).isLessThan(2_500);
        }
        Attempt end = login(LIMITS.withMaxScramIterations(5_000), (number, in, out) -> challenge(in, out, "i=5001"));
        assertThat(end.why()).contains("hashed 5,001 times").contains("the most is 5,000");
    }

    @Test
    void theHashingBlocksNoLoopAndIsUnderTheLimitOfTheConnect() throws IOException {
        SqlLimits limits =
                new SqlLimits(0, 1, Duration.ofMillis(700), Duration.ofMillis(400)).withMaxScramIterations(10_000_000);
        Attempt end = login(limits, (number, in, out) -> challenge(in, out, "i=10000000"));
        assertThat(end.why()).startsWith("no answer within 700 ms");
        assertThat(end.ms()).isLessThan(2_500);
        assertThat(end.slowestTurnMs()).isLessThan(500);
    }

    @Test
    void aServerThatDoesNotProveItselfIsRefused() throws IOException {
        assertThat(login((number, in, out) -> {
                            challenge(in, out, "i=4096");
                            out.write(
                                    message('R', number(12), bytes("v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")));
                            out.write(loggedIn());
                            in.read();
                        })
                        .why())
                .startsWith("the SCRAM login failed: ");
        assertThat(login((number, in, out) -> {
                            challenge(in, out, "i=4096");
                            out.write(loggedIn());
                            in.read();
                        })
                        .why())
                .isEqualTo("the server did not prove that it knows the password");
        assertThat(login((number, in, out) -> {
                            out.write(message('R', number(10), text("SCRAM-SHA-256"), text("")));
                            read(in);
                            out.write(loggedIn());
                            in.read();
                        })
                        .why())
                .isEqualTo("the server did not prove that it knows the password");
    }

    @Test
    void aScramMessageOutOfOrderIsRefused() throws IOException {
        for (int kind : new int[] {11, 12}) {
            assertThat(login((number, in, out) -> {
                                out.write(message('R', number(kind), bytes("r=a,s=c2FsdA==,i=4096")));
                                in.read();
                            })
                            .why())
                    .isEqualTo("the server broke the protocol: its SCRAM messages came out of order");
        }
        assertThat(login((number, in, out) -> {
                            byte[] sasl = message('R', number(10), text("SCRAM-SHA-256"), text(""));
                            out.write(join(sasl, sasl));
                            in.read();
                        })
                        .why())
                .contains("out of order");
    }

    @Test
    void aMessageOfAnImpossibleLengthEndsTheLogin() throws IOException {
        for (int length : new int[] {Integer.MAX_VALUE, 1 << 30, 0, 3, -1, Integer.MIN_VALUE}) {
            assertThat(login((number, in, out) -> {
                                out.write(header('R', length));
                                flood(out, new byte[65_536]);
                            })
                            .why())
                    .startsWith("the server broke the protocol: a message of type 'R' with ");
        }
        assertThat(login((number, in, out) -> {
                            out.write(header('E', 1 << 30));
                            flood(out, new byte[65_536]);
                        })
                        .why())
                .contains("type 'E'");
    }

    @Test
    void floodsDuringTheLoginEndIt() throws IOException {
        byte[] ok = message('R', number(0));
        for (byte[] flood : new byte[][] {
            message('N', text("SNOTICE"), text("C00000"), text("M" + "x".repeat(1_000)), new byte[1]),
            message('S', text("k"), text("v".repeat(1_000))),
            message('K', number(1), number(2)),
            ok
        }) {
            Attempt end = login((number, in, out) -> {
                out.write(ok);
                flood(out, flood);
            });
            assertThat(end.why()).isEqualTo("the server sent more than 1,048,576 bytes before the login was over");
            assertThat(end.ms()).isLessThan(2_900);
        }
    }

    @Test
    void messagesThatBelongElsewhereEndTheLogin() throws IOException {
        for (char type : "DTC123tnsGHIWAv\0\u007f".toCharArray()) {
            assertThat(login((number, in, out) -> {
                                out.write(message(type, number(0)));
                                in.read();
                            })
                            .why())
                    .startsWith("the server broke the protocol: a message of type ")
                    .endsWith(" during the login");
        }
        assertThat(login((number, in, out) -> {
                            out.write(ready());
                            in.read();
                        })
                        .why())
                .isEqualTo("the server broke the protocol: it was ready before a login");
    }

    @Test
    void anErrorEndsTheLoginAlsoWhenTheServerStays() throws IOException {
        Attempt end = login((number, in, out) -> {
            out.write(message('E', text("SFATAL"), text("C28P01"), text("Mno"), new byte[1]));
            in.readByte();
        });
        assertThat(end.why()).isEqualTo("no. Check user and password");
        assertThat(end.ms()).isLessThan(2_500);
    }

    @Test
    void silenceAtEachStepEndsWithTheLimit() throws IOException {
        SqlLimits limits = new SqlLimits(0, 1, Duration.ofMillis(500), Duration.ofMillis(400));
        assertThat(login(limits, (number, in, out) -> in.readByte()).why()).startsWith("no answer within 500 ms");
        assertThat(login(limits, (number, in, out) -> {
                            challenge(in, out, "i=4096");
                            in.readByte();
                        })
                        .why())
                .startsWith("no answer within 500 ms");
        assertThat(login(limits, (number, in, out) -> {
                            out.write(header('R', 100));
                            in.readByte();
                        })
                        .why())
                .startsWith("no answer within 500 ms");
    }

    @Test
    void aLoginInSmallPiecesIsALogin() throws IOException {
        Attempt end = login((number, in, out) -> {
            for (byte one : loggedIn()) {
                out.write(one);
                out.flush();
            }
            read(in);
            out.write(message('E', text("SERROR"), text("C42601"), text("Mcame so far"), new byte[1]));
            out.write(ready());
            in.readByte();
        });
        assertThat(end.error()).hasMessageContaining("came so far");
    }
}
