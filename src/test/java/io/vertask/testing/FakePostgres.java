package io.vertask.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server on loopback that speaks Postgres's protocol byte by byte, without TLS: for what a real one never says.
 *
 * <p><b>Threads.</b> Each connection has one of its own, which runs the script.
 */
public final class FakePostgres implements AutoCloseable {
    private static final int SSL_REQUEST = 80877103;
    private static final int CANCEL_REQUEST = 80877102;

    /** What the server does on a connection after the startup message. */
    @FunctionalInterface
    public interface Script {
        /** {@code number} counts the connections from 1. */
        void run(int number, DataInputStream in, OutputStream out) throws IOException;
    }

    private final ServerSocket server;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private FakePostgres(ServerSocket server, Script script) {
        this.server = server;
        this.script = script;
    }

    public static FakePostgres start(Script script) throws IOException {
        FakePostgres fake = new FakePostgres(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
        thread(fake::accept);
        return fake;
    }

    private static void thread(Runnable body) {
        Thread thread = new Thread(body, "fake-postgres");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                thread(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the end
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (true) {
                byte[] rest = new byte[in.readInt() - 8];
                int code = in.readInt();
                in.readFully(rest);
                if (code == CANCEL_REQUEST) {
                    return;
                }
                if (code != SSL_REQUEST) {
                    break;
                }
                out.write('N');
            }
            script.run(connections.incrementAndGet(), in, out);
        } catch (IOException gone) {
            // the client has hung up
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The logins that were begun. */
    public int connections() {
        return connections.get();
    }

    // ---- messages

    /** A whole message. */
    public static byte[] message(char type, byte[]... parts) {
        byte[] body = join(parts);
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) type)
                .putInt(4 + body.length)
                .put(body)
                .array();
    }

    /** The beginning of a message that says its own length. */
    public static byte[] header(char type, int length) {
        return ByteBuffer.allocate(5).put((byte) type).putInt(length).array();
    }

    public static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    public static byte[] small(int value) {
        return ByteBuffer.allocate(2).putShort((short) value).array();
    }

    /** A text with a zero at its end. */
    public static byte[] text(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    /** A text as it is. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** The messages of a login without a password, up to ReadyForQuery. */
    public static byte[] loggedIn() {
        return join(
                message('R', number(0)),
                message('S', text("client_encoding"), text("UTF8")),
                message('S', text("server_version"), text("15.0")),
                message('K', number(1), number(2)),
                ready());
    }

    public static byte[] ready() {
        return message('Z', bytes("I"));
    }

    /** Reads one message of the client; returns its type, followed by its body. */
    public static byte[] read(DataInputStream in) throws IOException {
        byte type = in.readByte();
        byte[] body = new byte[in.readInt() - 4];
        in.readFully(body);
        return join(new byte[] {type}, body);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
