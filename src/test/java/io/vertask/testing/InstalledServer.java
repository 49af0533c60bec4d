package io.vertask.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A third-party server that may be installed on this machine, run in a process of its own on a loopback port. */
public final class InstalledServer implements AutoCloseable {
    private final Process process;

    private InstalledServer(Process process) {
        this.process = process;
    }

    /** The path of a program; empty when it is not installed. */
    public static Optional<Path> find(String program) {
        return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A free port. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts the server and waits until {@code port} answers. */
    public static InstalledServer start(Path folder, int port, List<String> line) throws Exception {
        Path log = folder.resolve("server.log");
        Process process = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Command.await(Duration.ofSeconds(30), line.get(0) + " listens", () -> {
                if (!process.isAlive()) {
                    throw new AssertionError(line.get(0) + " ended: " + Files.readString(log));
                }
                return answers(port);
            });
        } catch (Exception | AssertionError failed) {
            process.destroyForcibly();
            throw failed;
        }
        return new InstalledServer(process);
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Kills the server and its child processes. */
    @Override
    public void close() {
        process.destroy();
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (Exception still) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
