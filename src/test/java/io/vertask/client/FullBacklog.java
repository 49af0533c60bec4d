package io.vertask.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A listener that accepts nobody and whose backlog is full: whoever connects hangs. */
final class FullBacklog implements AutoCloseable {
    private final ServerSocket listener;
    private final List<Socket> fillers = new ArrayList<>();

    FullBacklog() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        try {
            while (fillers.size() < 16) {
                Socket filler = new Socket();
                fillers.add(filler);
                filler.connect(new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()), 200);
            }
        } catch (SocketTimeoutException full) {
            return;
        }
        throw new IOException("the backlog does not fill up");
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/";
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Takes in whoever waits, fillers and others, until {@code more} connections came besides the fillers. */
    List<Socket> acceptAll(int more) throws IOException {
        for (Socket filler : fillers) {
            filler.close();
        }
        listener.setSoTimeout(5_000);
        List<Socket> accepted = new ArrayList<>();
        while (accepted.size() < fillers.size() - 1 + more) {
            accepted.add(listener.accept());
        }
        return accepted;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket filler : fillers) {
            filler.close();
        }
    }
}
