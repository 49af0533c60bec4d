package io.vertask.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the server's answers to Describe before the driver does: the types of a statement's parameters and columns.
 *
 * <p>The driver knows a fixed list of types, and reads some of those as null whatever the value is. This handler
 * changes the type that the driver sees: for those always, so that they are read and sent as texts; for all of them
 * while a statement runs whose values are {@link #texts}. The server's own types stay known here.
 *
 * <p>It stands between the socket (behind TLS) and the driver's codec, and copies nothing: only a description, or a row
 * with arrays, that comes in several pieces is held back until it is whole.
 */
final class PgDescriptions extends ChannelInboundHandlerAdapter {
    private static final int HEADER = 5;
    private static final int MOST = 1 << 20;

    /** A type that the driver sends as text, from a string: unknown. */
    private static final int SENT_AS_TEXT = 705;

    /** A type that the driver reads as text, and hands out as it is: tsvector. */
    private static final int READ_AS_TEXT = 3614;

    /** bit, varbit, macaddr, macaddr8, xml, oid with their arrays; 33670, which the driver takes for hstore. */
    private static final Set<Integer> UNREADABLE =
            Set.of(1560, 1561, 1562, 1563, 829, 1040, 774, 775, 142, 143, 26, 1028, 33670);

    /** tsvector and tsquery with their arrays, which the driver can read but not send. */
    private static final Set<Integer> NOT_SENT = Set.of(3614, 3643, 3615, 3645);

    private static final Pattern PARAMETER = Pattern.compile("\\$([0-9]{1,5})");

    private volatile boolean texts;
    private volatile int[] parameters = {};
    private volatile int[] columns = {};
    private volatile int undecided;

    private volatile PgArrays arrays = PgArrays.NONE;

    private @Nullable CompositeByteBuf held;
    private long rest;
    private boolean ofStatement;

    /** From now on a statement runs whose values are texts. */
    void texts() {
        texts = true;
        parameters = new int[0];
        columns = new int[0];
        undecided = 0;
    }

    /** That statement is over, or prepared; its types stay known until the next one. */
    void end() {
        texts = false;
    }

    /** The types of the parameters of the statement that was described last. */
    int[] parameters() {
        return parameters;
    }

    /** The types of its columns; none when it has no rows. */
    int[] columns() {
        return columns;
    }

    /** What looks at the rows of the statement that was described last. */
    PgArrays arrays() {
        return arrays;
    }

    /** The rows that come next are those of an earlier statement. */
    void arrays(PgArrays earlier) {
        arrays = earlier;
    }

    /** The parameter whose type the server could not tell the last time; 0 when it could. */
    int undecided() {
        return undecided;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
            return;
        }
        CompositeByteBuf earlier = held;
        held = null;
        ByteBuf all = earlier == null ? bytes : earlier.addComponent(true, bytes);
        int whole;
        try {
            whole = read(all);
        } catch (DecoderException broken) {
            all.release();
            throw broken;
        }
        if (whole == all.writerIndex()) {
            context.fireChannelRead(all);
            return;
        }
        if (earlier != null && whole == all.readerIndex()) {
            held = earlier;
            return;
        }
        // no limit to its parts, or they would be copied together again and again
        CompositeByteBuf rest = context.alloc().compositeBuffer(Integer.MAX_VALUE);
        held = rest.addComponent(true, all.copy(whole, all.writerIndex() - whole));
        if (whole > all.readerIndex()) {
            context.fireChannelRead(all.writerIndex(whole));
        } else {
            all.release();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    /** Goes through the messages; returns where those end that can be handed on. */
    private int read(ByteBuf in) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (true) {
            if (rest > end - at) {
                rest -= end - at;
                return end;
            }
            at += (int) rest;
            rest = 0;
            if (end - at < HEADER) {
                return at;
            }
            byte type = in.getByte(at);
            long length = 1L + in.getInt(at + 1);
            boolean description =
                    type == 't' || (type == 'T' && ofStatement) || (type == 'E' && isPreparing() && length <= MOST);
            boolean row = type == 'D' && arrays.isWatching();
            if (length < HEADER || (description && length > MOST)) {
                throw new DecoderException("a message of the server with the length " + (length - 1));
            }
            if (description || row) {
                if (length > end - at) {
                    return at;
                }

                ByteBuf body = in.slice(at + HEADER, (int) length - HEADER);
                switch (type) {
                    case 't' -> parameters = parameters(body);
                    case 'T' -> columns = columns(body);
                    case 'D' -> arrays.row(body);
                    default -> undecided = undecided(body.toString(StandardCharsets.UTF_8));
                }
            }
            if (type == 'T' || type == 'n') {
                arrays = texts || type == 'n' || !ofStatement ? PgArrays.NONE : new PgArrays(columns);
            }
            // the rows of a simple query have a description too, but no parameters before it
            ofStatement = type == 't' || (ofStatement && type != 'Z');
            rest = length;
        }
    }

    private int[] parameters(ByteBuf body) {
        int[] types = new int[body.readUnsignedShort()];
        for (int i = 0; i < types.length; i++) {
            types[i] = body.getInt(body.readerIndex());
            if (texts || UNREADABLE.contains(types[i]) || NOT_SENT.contains(types[i])) {
                body.setInt(body.readerIndex(), SENT_AS_TEXT);
            }
            body.skipBytes(Integer.BYTES);
        }
        return types;
    }

    private boolean isPreparing() {
        return texts && parameters.length == 0;
    }

    /** From an error: {@code could not determine data type of parameter $1}, in the server's language. */
    private static int undecided(String fields) {
        Matcher parameter = PARAMETER.matcher(fields);
        return fields.contains("\0C42P18\0") && parameter.find() ? Integer.parseInt(parameter.group(1)) : 0;
    }

    private int[] columns(ByteBuf body) {
        int[] types = new int[body.readUnsignedShort()];
        for (int i = 0; i < types.length; i++) {
            // the name, the table, the column's number in it; then the type, its size and modifier, the format
            body.skipBytes(body.bytesBefore((byte) 0) + 1 + Integer.BYTES + Short.BYTES);
            types[i] = body.getInt(body.readerIndex());
            if (texts || UNREADABLE.contains(types[i])) {
                body.setInt(body.readerIndex(), READ_AS_TEXT);
            }
            body.skipBytes(Integer.BYTES + Short.BYTES + Integer.BYTES + Short.BYTES);
        }
        return types;
    }
}
