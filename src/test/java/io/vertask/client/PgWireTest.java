package io.vertask.client;

import static io.vertask.testing.FakePostgres.bytes;
import static io.vertask.testing.FakePostgres.header;
import static io.vertask.testing.FakePostgres.join;
import static io.vertask.testing.FakePostgres.message;
import static io.vertask.testing.FakePostgres.ready;
import static io.vertask.testing.FakePostgres.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.ProtocolException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The messages of a connection, cut at every place where a packet may end. */
class PgWireTest {
    private static final byte[] END = join(message('C', bytes("SELECT 3\0")), ready());

    private int tooMany;
    private final PgWire wire = new PgWire();
    private final EmbeddedChannel channel = new EmbeddedChannel(wire);

    private static byte[] row(int size) {
        return message('D', small(1), new byte[size]);
    }

    private void begin(long one, long most) {
        wire.begin(one, most, () -> tooMany++);
    }

    private byte[] passed() {
        byte[] all = {};
        for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
            byte[] some = new byte[part.readableBytes()];
            part.readBytes(some);
            part.release();
            all = join(all, some);
        }
        return all;
    }

    private void receive(byte[] bytes, int from, int to) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, from, to - from));
    }

    @Test
    void whatFitsPassesUnchangedHoweverItIsCut() {
        byte[] all = join(row(10), row(0), row(300), END);
        for (int first = 0; first <= all.length; first++) {
            for (int second = first; second <= all.length; second += 7) {
                begin(10_000, 10_000);
                receive(all, 0, first);
                receive(all, first, second);
                receive(all, second, all.length);
                assertThat(passed()).isEqualTo(all);
            }
        }
        assertThat(tooMany).isZero();
    }

    @Test
    void rowsBeyondTheLimitAreDroppedHoweverTheyAreCut() {
        byte[] kept = row(100);
        byte[] all = join(kept, row(50), row(1), END);
        for (int cut = 0; cut <= all.length; cut++) {
            tooMany = 0;
            begin(10_000, 200);
            receive(all, 0, cut);
            receive(all, cut, all.length);
            assertThat(passed()).isEqualTo(join(kept, END));
            assertThat(tooMany).isEqualTo(1);
        }
    }

    @Test
    void aHugeRowIsDroppedByteByByte() {
        begin(1_000, 8_000);
        receive(join(header('D', 1_000_000_000), small(1)), 0, 7);
        byte[] some = new byte[1_000_000];
        for (int i = 0; i < 999; i++) {
            receive(some, 0, some.length);
        }
        receive(some, 0, some.length - 6);
        receive(END, 0, END.length);
        assertThat(passed()).isEqualTo(END);
        assertThat(tooMany).isEqualTo(1);
    }

    @Test
    void rowsAfterTheFirstMayBeDroppedWithoutAFailure() {
        wire.mayDropNext();
        begin(200, 200);
        byte[] all = join(row(100), row(100), END);
        receive(all, 0, all.length);
        assertThat(passed()).isEqualTo(join(row(100), END));
        assertThat(tooMany).isZero();
        wire.mayDropNext();
        begin(200, 200);
        byte[] large = join(row(500), END);
        receive(large, 0, large.length);
        assertThat(tooMany).as("the first row is wanted").isEqualTo(1);
    }

    @Test
    void eachExecutionHasTheWholeLimit() {
        begin(200, 200);
        assertThat(wire.isExecuted()).isFalse();
        channel.writeOutbound(Unpooled.copiedBuffer(join(message('P', bytes("a\0b\0")), message('S'))));
        assertThat(wire.isExecuted()).isFalse();
        for (int i = 0; i < 3; i++) {
            channel.writeOutbound(Unpooled.copiedBuffer(join(message('B', new byte[30]), message('E'), message('S'))));
            assertThat(wire.isExecuted()).isTrue();
            receive(row(100), 0, row(100).length);
        }
        assertThat(passed()).isEqualTo(join(row(100), row(100), row(100)));
        assertThat(tooMany).isZero();
        channel.releaseOutbound();
    }

    @Test
    void anImpossibleLengthClosesTheConnection() {
        for (byte[] wrong : Arrays.asList(
                header('T', 3), header('Z', -1), header('E', Integer.MAX_VALUE), join(header('D', 5), small(1)))) {
            PgWire other = new PgWire();
            EmbeddedChannel broken = new EmbeddedChannel(other);
            assertThatThrownBy(() -> broken.writeInbound(Unpooled.copiedBuffer(wrong)))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageStartingWith("the server broke the protocol: a message of type ");
            assertThat(broken.isOpen()).isFalse();
        }
    }
}
