package io.vertask.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One connection to a {@link RecordingHttpServer}: the times of its accept and its close, and its requests.
 *
 * <p>Its thread reads all the time, whatever the replies do, so it sees a close or a further request at once.
 */
public final class RecordedConnection {
    private final Socket socket;
    private final Object lock;
    private final long acceptedAt = System.nanoTime();
    private final List<RecordedRequest> requests = new ArrayList<>();
    private boolean closedByServer;
    private boolean closedByPeer;
    private long closedAt;

    RecordedConnection(Socket socket, Object lock) {
        this.socket = socket;
        this.lock = lock;
    }

    /** {@link System#nanoTime} of the accept. */
    public long acceptedAt() {
        return acceptedAt;
    }

    public List<RecordedRequest> requests() {
        synchronized (lock) {
            return List.copyOf(requests);
        }
    }

    public boolean isClosedByPeer() {
        synchronized (lock) {
            return closedByPeer;
        }
    }

    /** Waits until the peer has closed or reset the connection; returns the {@link System#nanoTime} of that. */
    public long awaitClosedByPeer(Duration atMost) throws InterruptedException {
        Deadline deadline = Deadline.in(atMost);
        synchronized (lock) {
            while (!closedByPeer) {
                long left = deadline.millisLeft();
                if (left == 0 || closedByServer) {
                    throw new AssertionError("the peer did not close the connection within " + atMost
                            + (closedByServer ? ": the server had closed it" : "") + "; requests: " + requests);
                }
                lock.wait(left);
            }
            return closedAt;
        }
    }

    /** Reads until the connection ends, on its own thread. */
    void serve(Function<RecordedRequest, Reply> script) {
        try (socket) {
            RequestReader reader = new RequestReader(new BufferedInputStream(socket.getInputStream()));
            RecordedRequest request = reader.next();
            while (request != null) {
                Reply reply;
                synchronized (lock) {
                    requests.add(request);
                    reply = script.apply(request);
                    lock.notifyAll();
                }
                reply(reply);
                request = reader.next();
            }
        } catch (IOException reset) {
            // A reset counts as a close.
        } finally {
            ended();
        }
    }

    private void ended() {
        synchronized (lock) {
            if (!closedByServer) {
                closedByPeer = true;
                closedAt = System.nanoTime();
            }
            lock.notifyAll();
        }
    }

    private void reply(Reply reply) throws IOException {
        if (reply instanceof Reply.Respond response) {
            byte[] whole = bytes(response.status(), response.headers(), response.body());
            write(whole, whole.length);
        } else if (reply instanceof Reply.HalfBody half) {
            byte[] whole = bytes(200, Map.of(), half.body());
            int bodyLength = half.body().getBytes(StandardCharsets.UTF_8).length;
            write(whole, whole.length - bodyLength + bodyLength / 2);
        } else if (reply instanceof Reply.CloseAfter cut) {
            Reply.Respond response = cut.response();
            byte[] whole = bytes(response.status(), response.headers(), response.body());
            write(whole, Math.min(cut.bytes(), whole.length));
            close();
        } else if (reply instanceof Reply.ResetAfter cut) {
            Reply.Respond response = cut.response();
            byte[] whole = bytes(response.status(), response.headers(), response.body());
            write(whole, Math.min(cut.bytes(), whole.length));
            socket.setSoLinger(true, 0);
            close();
        } else if (reply instanceof Reply.Raw raw) {
            byte[] bytes = raw.latin1().getBytes(StandardCharsets.ISO_8859_1);
            write(bytes, bytes.length);
            if (raw.close()) {
                close();
            }
        } else if (reply instanceof Reply.Drip drip) {
            drip(drip);
        } else if (reply instanceof Reply.HangUp) {
            close();
        } else if (reply instanceof Reply.When when) {
            // No wait here: this thread continues to read.
            var unused = when.gate().whenComplete((opened, failed) -> replyLate(when.then()));
        }
    }

    /** Replies on a thread of its own, so that this one continues to read. */
    private void drip(Reply.Drip drip) throws IOException {
        Reply.Respond response = drip.response();
        byte[] whole = bytes(response.status(), response.headers(), response.body());
        int head = whole.length - response.body().getBytes(StandardCharsets.UTF_8).length;
        write(whole, head);
        Thread thread = new Thread(() -> drip(whole, head, drip.every()), "recording-http-drip");
        thread.setDaemon(true);
        thread.start();
    }

    private void drip(byte[] whole, int from, Duration every) {
        try {
            for (int i = from; i < whole.length && !isClosedByPeer(); i++) {
                TimeUnit.NANOSECONDS.sleep(every.toNanos());
                socket.getOutputStream().write(whole[i]);
                socket.getOutputStream().flush();
            }
        } catch (IOException gone) {
            // The reading thread sees it as well, and records it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void replyLate(Reply reply) {
        try {
            reply(reply);
        } catch (IOException gone) {
            // The reading thread sees it as well, and records it.
        }
    }

    private void write(byte[] bytes, int length) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes, 0, length);
        out.flush();
    }

    /** Closes from the server's side. */
    void close() throws IOException {
        synchronized (lock) {
            if (!closedByPeer) {
                closedByServer = true;
            }
            lock.notifyAll();
        }
        socket.close();
    }

    private static byte[] bytes(int status, Map<String, String> headers, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("content-length: ").append(content.length).append("\r\n\r\n");
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        whole.writeBytes(content);
        return whole.toByteArray();
    }
}
