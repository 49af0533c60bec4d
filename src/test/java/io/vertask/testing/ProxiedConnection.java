package io.vertask.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** One client of a {@link TcpFaultProxy}, with the connection to the server that belongs to it. */
final class ProxiedConnection {
    private static final int PIECE = 16 * 1024;

    private final TcpFaultProxy proxy;
    private final Socket client;
    private final Socket server;
    private int pumpsDone;
    private boolean ended;
    /** Bytes from the server that passed since the fault was injected. */
    private long passed;
    /** Confined to the pump towards the client. */
    private boolean exhausted;

    ProxiedConnection(TcpFaultProxy proxy, Socket client, Socket server) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
    }

    /** To be called under the proxy's lock. */
    void faultChanged() {
        passed = 0;
    }

    /** Passes bytes from one side to the other until the end of the stream, which passes too. */
    void pump(Socket from, Socket to, boolean towardsClient) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[PIECE];
            int length = in.read(piece);
            while (length >= 0) {
                int allowed = pass(length, towardsClient);
                out.write(piece, 0, allowed);
                if (towardsClient && exhausted) {
                    end();
                    return;
                }
                length = in.read(piece);
            }
            // The end of a stream is held back like a byte.
            pass(0, towardsClient);
            to.shutdownOutput();
            pumpDone();
        } catch (IOException broken) {
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    /**
     * Waits as the fault demands, then returns the number of bytes, at most {@code length}, that may pass before the
     * connection is closed.
     */
    private int pass(int length, boolean towardsClient) throws InterruptedException, IOException {
        synchronized (proxy.lock()) {
            if (proxy.fault() instanceof Fault.Slow slow) {
                Deadline deadline = Deadline.in(slow.delay());
                long left = deadline.millisLeft();
                while (left > 0 && slow.equals(proxy.fault()) && !ended) {
                    proxy.lock().wait(left);
                    left = deadline.millisLeft();
                }
            }
            while (proxy.fault() instanceof Fault.Stall && !ended) {
                // Ended by heal, cutAll or close.
                proxy.lock().wait();
            }
            if (ended) {
                throw new IOException("the connection was cut");
            }
            if (towardsClient && proxy.fault() instanceof Fault.CloseAfter limit) {
                int allowed = (int) Math.min(length, limit.bytes() - passed);
                passed += allowed;
                exhausted = passed >= limit.bytes();
                return allowed;
            }
            return length;
        }
    }

    private void pumpDone() throws IOException {
        boolean both;
        synchronized (proxy.lock()) {
            pumpsDone++;
            both = pumpsDone == 2;
        }
        if (both) {
            end();
        }
    }

    /** Closes both sides at once, so that each sees a reset. */
    void reset() {
        try {
            client.setSoLinger(true, 0);
            server.setSoLinger(true, 0);
        } catch (IOException closedAlready) {
            // Then there is nothing to reset.
        }
        end();
    }

    private void end() {
        synchronized (proxy.lock()) {
            if (ended) {
                return;
            }
            ended = true;
            proxy.lock().notifyAll();
        }
        close(client);
        close(server);
        proxy.ended(this);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // The connection is closed already.
        }
    }
}
