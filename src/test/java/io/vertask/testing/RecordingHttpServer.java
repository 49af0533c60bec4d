package io.vertask.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A scripted HTTP/1.1 server on loopback that records its connections and requests.
 *
 * <p>{@code server.on("/a", Reply.status(503, ""), Reply.ok("fine"))} answers the first request for {@code /a} with the
 * first reply and all later ones with the last. A path without a script is a 404.
 *
 * <p><b>Threads.</b> Any thread may call. A daemon thread serves each connection.
 */
public final class RecordingHttpServer implements AutoCloseable {
    private static final long JOIN_MILLIS = 5_000;

    private final ServerSocket listener;
    private final Object lock = new Object();
    private final Map<String, Deque<Reply>> scripts = new HashMap<>();
    private final List<RecordedConnection> connections = new ArrayList<>();
    private final List<RecordedRequest> requests = new ArrayList<>();
    private final Thread acceptor = new Thread(this::accept, "recording-http-accept");
    private boolean closed;

    private RecordingHttpServer(ServerSocket listener) {
        this.listener = listener;
    }

    /** Starts a server on a free port. */
    public static RecordingHttpServer start() throws IOException {
        RecordingHttpServer server =
                new RecordingHttpServer(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()));
        server.acceptor.setDaemon(true);
        server.acceptor.start();
        return server;
    }

    /** Sets the replies for {@code path}: one for each request, the last one for all later requests. */
    public RecordingHttpServer on(String path, Reply first, Reply... then) {
        Deque<Reply> replies = new ArrayDeque<>();
        replies.add(first);
        replies.addAll(List.of(then));
        synchronized (lock) {
            scripts.put(path, replies);
        }
        return this;
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return listener.getLocalPort();
    }

    public String url() {
        return "http://" + host() + ":" + port();
    }

    /** Every connection so far, in order of arrival. */
    public List<RecordedConnection> connections() {
        synchronized (lock) {
            return List.copyOf(connections);
        }
    }

    /** Every request so far, over all connections, in order of arrival. */
    public List<RecordedRequest> requests() {
        synchronized (lock) {
            return List.copyOf(requests);
        }
    }

    /** The request lines of {@link #requests}, without the protocol: {@code GET /a?b=c}. */
    public List<String> requestLines() {
        return requests().stream()
                .map(RecordedRequest::line)
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .toList();
    }

    /** Waits for at least {@code count} requests; returns the connection of the {@code count}th. */
    public RecordedConnection awaitRequests(int count, Duration atMost) throws InterruptedException {
        Deadline deadline = Deadline.in(atMost);
        synchronized (lock) {
            while (requests.size() < count) {
                long left = deadline.millisLeft();
                if (left == 0) {
                    throw new AssertionError(
                            "expected " + count + " requests within " + atMost + ", saw " + requestLines());
                }
                lock.wait(left);
            }
            RecordedRequest last = requests.get(count - 1);
            return connections.stream()
                    .filter(connection -> connection.requests().contains(last))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Stops listening: later connections are refused, open ones stay. */
    public void refuse() throws IOException, InterruptedException {
        listener.close();
        // The kernel keeps the port open until the accepting thread has left the call.
        acceptor.join(JOIN_MILLIS);
    }

    /** Stops listening and closes every connection. */
    @Override
    public void close() throws IOException {
        listener.close();
        List<RecordedConnection> open;
        synchronized (lock) {
            closed = true;
            open = List.copyOf(connections);
        }
        for (RecordedConnection connection : open) {
            connection.close();
        }
    }

    private void accept() {
        while (true) {
            Socket socket;
            try {
                socket = listener.accept();
            } catch (IOException listenerClosed) {
                return;
            }
            RecordedConnection connection = new RecordedConnection(socket, lock);
            boolean tooLate;
            synchronized (lock) {
                connections.add(connection);
                tooLate = closed;
                lock.notifyAll();
            }
            if (tooLate) {
                try {
                    connection.close();
                } catch (IOException gone) {
                    // The peer closed first.
                }
                return;
            }
            daemon("recording-http-connection", () -> connection.serve(this::next));
        }
    }

    /** Called under the lock. */
    private Reply next(RecordedRequest request) {
        requests.add(request);
        Deque<Reply> replies = scripts.get(request.path());
        if (replies == null) {
            return Reply.status(404, "no script for " + request.path());
        }
        return replies.size() > 1 ? replies.remove() : replies.element();
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
