package io.vertask.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.net.ProtocolException;
import java.util.Locale;

/**
 * The messages of one connection after its login, between socket and driver: was a statement sent for execution, and
 * how many bytes of rows have come.
 *
 * <p>The driver holds every row of a statement, and every message until it is whole. So rows beyond a statement's limit
 * are dropped here, byte by byte, and a message that no server sends closes the connection.
 *
 * <p><b>Threads.</b> The connection's event loop only.
 */
final class PgWire extends ChannelDuplexHandler {
    /** The longest message that is no row; the text of an error may repeat a long parameter. */
    static final int LONGEST = 64 << 20;

    private static final int HEADER = 5;
    /** Of a row, the number of its values belongs to the header. */
    private static final int ROW_HEADER = 7;
    /** The bytes that a value takes in memory besides its own, about. */
    private static final int VALUE = 64;

    private static final byte DATA_ROW = 'D';
    private static final byte EXECUTE = 'E';
    private static final byte QUERY = 'Q';

    private final byte[] header = new byte[ROW_HEADER];
    private int inHeader;
    /** The bytes of the current message that are still to come. */
    private long left;

    private boolean dropping;
    private boolean broken;

    private boolean executed;
    private long mostOfOne = Long.MAX_VALUE;
    private long most = Long.MAX_VALUE;
    private Runnable onTooMany = () -> {};
    private boolean mayDropNext;
    private boolean mayDrop;
    private boolean full;
    /** The bytes of rows passed on since the last execution was sent. */
    private long bytes;

    /** The handler of a connection whose login is over. */
    static PgWire of(Channel channel) {
        PgWire wire = channel.pipeline().get(PgWire.class);
        if (wire == null) {
            throw new IllegalStateException("the login of this connection is not over");
        }
        return wire;
    }

    /**
     * A new statement begins.
     *
     * @param mostOfOne the most bytes of one row; a value counts 64 more than it has
     * @param most the most bytes of rows that one execution passes on
     * @param onTooMany called once when there are more
     */
    void begin(long mostOfOne, long most, Runnable onTooMany) {
        this.executed = false;
        this.mostOfOne = mostOfOne;
        this.most = most;
        this.onTooMany = onTooMany;
        mayDrop = mayDropNext;
        mayDropNext = false;
        rewind();
    }

    private void rewind() {
        bytes = 0;
        full = false;
    }

    /** Of the next statement the first row is enough: rows beyond the limit are no failure. */
    void mayDropNext() {
        mayDropNext = true;
    }

    /** Whether something was sent for execution since {@link #begin}. */
    boolean isExecuted() {
        return executed;
    }

    /** The bytes of rows passed on since the last execution was sent. */
    long bytes() {
        return bytes;
    }

    // ---- to the server

    /** The driver writes whole messages. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf out) {
            int at = out.readerIndex();
            while (at + HEADER <= out.writerIndex()) {
                byte type = out.getByte(at);
                if (type == EXECUTE || type == QUERY) {
                    executed = true;
                    rewind();
                }
                at += 1 + Math.max(4, out.getInt(at + 1));
            }
        }
        ChannelFuture unused = context.write(message, promise);
    }

    // ---- from the server

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf in)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            if (!broken) {
                read(context, in);
            }
        } catch (ProtocolException wrong) {
            broken = true;
            context.fireExceptionCaught(wrong);
            ChannelFuture unused = context.close();
        } finally {
            in.release();
        }
    }

    private void read(ChannelHandlerContext context, ByteBuf in) throws ProtocolException {
        int end = in.writerIndex();
        int at = in.readerIndex();
        int from = at; // the first byte that is not passed on yet
        while (at < end) {
            if (left > 0) {
                int part = (int) Math.min(left, end - at);
                at += part;
                left -= part;
                from = dropping ? at : from;
                continue;
            }
            int start = at;
            int held = inHeader;
            while (at < end && (inHeader < HEADER || (header[0] == DATA_ROW && inHeader < ROW_HEADER))) {
                header[inHeader++] = in.getByte(at++);
            }
            if (inHeader < (header[0] == DATA_ROW ? ROW_HEADER : HEADER)) {
                pass(context, in, from, start);
                return;
            }
            begins(header[0], length(header));
            inHeader = 0;
            if (dropping) {
                pass(context, in, from, start);
                from = at;
            } else if (held > 0) {
                context.fireChannelRead(Unpooled.copiedBuffer(header, 0, held));
            }
        }
        pass(context, in, from, end);
    }

    private static void pass(ChannelHandlerContext context, ByteBuf in, int from, int to) {
        if (from < to) {
            boolean whole = from == in.readerIndex() && to == in.writerIndex();
            context.fireChannelRead(whole ? in.retain() : in.retainedSlice(from, to - from));
        }
    }

    private static int length(byte[] header) {
        return (header[1] & 0xff) << 24 | (header[2] & 0xff) << 16 | (header[3] & 0xff) << 8 | (header[4] & 0xff);
    }

    private void begins(byte type, int length) throws ProtocolException {
        if (type == DATA_ROW) {
            check(type, length, ROW_HEADER - 1, Integer.MAX_VALUE);
            int values = (header[5] & 0xff) << 8 | (header[6] & 0xff);
            dropping = !isKept(1L + length + (long) VALUE * values);
        } else {
            check(type, length, HEADER - 1, LONGEST);
            dropping = false;
        }
        left = 1L + length - inHeader;
    }

    /** Throws when no server sends a message of this length. */
    static void check(byte type, int length, int shortest, int longest) throws ProtocolException {
        if (length < shortest || length > longest) {
            throw new ProtocolException(String.format(
                    Locale.ROOT,
                    "the server broke the protocol: a message of type %s with %,d bytes",
                    name(type),
                    length));
        }
    }

    static String name(byte type) {
        return type > ' ' && type < 127 ? "'" + (char) type + "'" : Integer.toString(type & 0xff);
    }

    private boolean isKept(long size) {
        if (full) {
            return false;
        }
        if (size > mostOfOne || size > most - bytes) {
            full = true;
            if (!mayDrop || bytes == 0) {
                onTooMany.run();
            }
            return false;
        }
        bytes += size;
        return true;
    }
}
