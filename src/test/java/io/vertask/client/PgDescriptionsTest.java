package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgDescriptionsTest {
    private static final int TEXT = 3614;
    private static final int UNKNOWN = 705;

    private final PgDescriptions described = new PgDescriptions();
    private final EmbeddedChannel channel = new EmbeddedChannel(described);

    private static ByteBuf message(char type, ByteBuf body) {
        ByteBuf message = Unpooled.buffer();
        message.writeByte(type).writeInt(4 + body.readableBytes()).writeBytes(body);
        body.release();
        return message;
    }

    private static ByteBuf parameters(int... types) {
        ByteBuf body = Unpooled.buffer().writeShort(types.length);
        for (int type : types) {
            body.writeInt(type);
        }
        return message('t', body);
    }

    private static ByteBuf columns(int... types) {
        ByteBuf body = Unpooled.buffer().writeShort(types.length);
        for (int type : types) {
            body.writeBytes("naïve\0".getBytes(StandardCharsets.UTF_8))
                    .writeInt(7)
                    .writeShort(1);
            body.writeInt(type).writeShort(4).writeInt(-1).writeShort(0);
        }
        return message('T', body);
    }

    private static ByteBuf row(byte[]... values) {
        ByteBuf body = Unpooled.buffer().writeShort(values.length);
        for (byte[] value : values) {
            body.writeInt(value.length).writeBytes(value);
        }
        return message('D', body);
    }

    private static ByteBuf all(ByteBuf... messages) {
        return Unpooled.wrappedBuffer(messages);
    }

    /** What comes out when the bytes come in pieces of {@code size}. */
    private ByteBuf read(int size, ByteBuf bytes) {
        while (bytes.isReadable()) {
            channel.writeInbound(bytes.readBytes(Math.min(size, bytes.readableBytes())));
        }
        bytes.release();
        ByteBuf out = Unpooled.buffer();
        for (ByteBuf one = channel.readInbound(); one != null; one = channel.readInbound()) {
            out.writeBytes(one);
            one.release();
        }
        return out;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 10_000})
    void whileTextsAreWantedTheDriverSeesTextsInHoweverManyPiecesTheBytesCome(int size) {
        described.texts();
        ByteBuf row = row("5".getBytes(StandardCharsets.UTF_8), new byte[300]);
        ByteBuf end = message('Z', Unpooled.buffer().writeByte('I'));
        ByteBuf got = read(size, all(parameters(23, 1700), columns(26, 16_400), end.copy(), row.copy(), end.copy()));
        assertThat(got).isEqualTo(all(parameters(UNKNOWN, UNKNOWN), columns(TEXT, TEXT), end, row, end));
        assertThat(described.parameters()).containsExactly(23, 1700);
        assertThat(described.columns()).containsExactly(26, 16_400);
    }

    @Test
    void otherwiseOnlyWhatTheDriverCannotReadOrSendBecomesText() {
        ByteBuf got = read(64, all(parameters(23, 26, 3614), columns(23, 26, 142, 3614)));
        assertThat(got).isEqualTo(all(parameters(23, UNKNOWN, UNKNOWN), columns(23, TEXT, TEXT, 3614)));
    }

    @Test
    void theRowsOfASimpleQueryStayAsTheyAre() {
        described.texts();
        assertThat(read(64, columns(23, 26))).isEqualTo(columns(23, 26));
        assertThat(described.columns()).isEmpty();
    }

    @Test
    void theParameterThatTheServerCannotTellIsKnown() {
        described.texts();
        byte[] fields =
                "SERROR\0C42P18\0Mcould not determine data type of parameter $12\0\0".getBytes(StandardCharsets.UTF_8);
        read(3, message('E', Unpooled.copiedBuffer(fields)));
        assertThat(described.undecided()).isEqualTo(12);
        described.texts();
        assertThat(described.undecided()).isZero();
    }

    @Test
    void anArrayOfSeveralDimensionsIsSeenInARowOfManyPieces() {
        read(64, all(parameters(), columns(25, 1007)));
        byte[] two = {0, 0, 0, 2, 0, 0, 0, 0};
        byte[] one = {0, 0, 0, 1, 0, 0, 0, 0};
        PgArrays arrays = described.arrays();
        assertThat(arrays.isWatching()).isTrue();
        ByteBuf row = row(two, one);
        assertThat(read(3, row.copy())).isEqualTo(row);
        assertThat(arrays.found()).isNegative();
        read(3, row(one, two));
        assertThat(arrays.found()).isEqualTo(1);
    }

    @Test
    void aLengthThatCannotBeIsAnErrorAndNoEndlessLoop() {
        ByteBuf wrong = Unpooled.buffer().writeByte('D').writeInt(0);
        assertThatThrownBy(() -> channel.writeInbound(wrong)).isInstanceOf(DecoderException.class);
        ByteBuf huge = Unpooled.buffer().writeByte('t').writeInt(Integer.MAX_VALUE);
        EmbeddedChannel other = new EmbeddedChannel(new PgDescriptions());
        assertThatThrownBy(() -> other.writeInbound(huge)).isInstanceOf(DecoderException.class);
    }
}
