package io.vertask.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on loopback that passes bytes on and injects faults on demand.
 *
 * <p>{@link #inject} affects open and later connections until {@link #heal}.
 *
 * <p><b>Threads.</b> Any thread may call. Two daemon threads serve a connection; all state is under one lock.
 */
public final class TcpFaultProxy implements AutoCloseable {
    private static final int CONNECT_MILLIS = 2_000;

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Object lock = new Object();
    private final List<ProxiedConnection> open = new ArrayList<>();
    private @Nullable Fault fault;
    private long accepted;
    private boolean closed;

    private TcpFaultProxy(InetSocketAddress target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
    }

    /** Starts a proxy on a free port, in front of {@code port} on loopback. */
    public static TcpFaultProxy to(int port) throws IOException {
        ServerSocket listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        TcpFaultProxy proxy =
                new TcpFaultProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), listener);
        daemon("fault-proxy-accept", proxy::accept);
        return proxy;
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return listener.getLocalPort();
    }

    public void inject(Fault next) {
        change(next);
    }

    /** Removes the fault: bytes pass again, held-back ones first. */
    public void heal() {
        change(null);
    }

    private void change(@Nullable Fault next) {
        synchronized (lock) {
            fault = next;
            open.forEach(ProxiedConnection::faultChanged);
            lock.notifyAll();
        }
    }

    /** Resets every open connection, on both sides; later ones are accepted. */
    public void cutAll() {
        List<ProxiedConnection> victims;
        synchronized (lock) {
            victims = List.copyOf(open);
        }
        victims.forEach(ProxiedConnection::reset);
    }

    public int openConnections() {
        synchronized (lock) {
            return open.size();
        }
    }

    public long acceptedConnections() {
        synchronized (lock) {
            return accepted;
        }
    }

    /** Waits until exactly {@code count} connections are open. */
    public void awaitOpenConnections(int count, Duration atMost) throws InterruptedException {
        Deadline deadline = Deadline.in(atMost);
        synchronized (lock) {
            while (open.size() != count) {
                long left = deadline.millisLeft();
                if (left == 0) {
                    throw new AssertionError(
                            "expected " + count + " open connections within " + atMost + ", found " + open.size());
                }
                lock.wait(left);
            }
        }
    }

    /** Stops listening and resets every connection. */
    @Override
    public void close() throws IOException {
        synchronized (lock) {
            closed = true;
        }
        listener.close();
        cutAll();
    }

    private void accept() {
        while (true) {
            Socket client;
            try {
                client = listener.accept();
            } catch (IOException listenerClosed) {
                return;
            }
            // Connecting may take long, and the next client must not wait for it.
            daemon("fault-proxy-connect", () -> connect(client));
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        ProxiedConnection connection = new ProxiedConnection(this, client, server);
        synchronized (lock) {
            accepted++;
            open.add(connection);
            lock.notifyAll();
        }
        try {
            server.connect(target, CONNECT_MILLIS);
        } catch (IOException unreachable) {
            connection.reset();
            return;
        }
        boolean tooLate;
        synchronized (lock) {
            tooLate = closed;
        }
        if (tooLate) {
            connection.reset();
            return;
        }
        daemon("fault-proxy-up", () -> connection.pump(client, server, false));
        daemon("fault-proxy-down", () -> connection.pump(server, client, true));
    }

    /** Guards all state of the proxy and of its connections; notified at every change. */
    Object lock() {
        return lock;
    }

    /** To be called under the lock. */
    @Nullable
    Fault fault() {
        return fault;
    }

    void ended(ProxiedConnection connection) {
        synchronized (lock) {
            open.remove(connection);
            lock.notifyAll();
        }
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
