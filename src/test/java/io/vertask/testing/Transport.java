package io.vertask.testing;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PfxOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The protocol between the client and the server of a test. */
public enum Transport {
    HTTP_1(false, false),
    HTTP_2(false, true),
    TLS_HTTP_1(true, false),
    TLS_HTTP_2(true, true);

    private final boolean tls;
    public final boolean multiplexed;

    Transport(boolean tls, boolean multiplexed) {
        this.tls = tls;
        this.multiplexed = multiplexed;
    }

    /** A certificate for localhost that only the tests trust; made at the first use. */
    private static final class Certificate {
        static final String WORD = "for-this-test";
        static final Path FILE = make();

        private static Path make() {
            try {
                Path directory = Files.createTempDirectory("vertask-tls");
                Path store = directory.resolve("localhost.p12");
                Path log = directory.resolve("keytool.log");
                store.toFile().deleteOnExit();
                log.toFile().deleteOnExit();
                directory.toFile().deleteOnExit();
                Process keytool = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-alias",
                                "server",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=dns:localhost",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                WORD,
                                "-keystore",
                                store.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
                if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                    throw new IllegalStateException("keytool made no certificate: " + Files.readString(log));
                }
                return store;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static PfxOptions store() {
        return new PfxOptions().setPath(Certificate.FILE.toString()).setPassword(Certificate.WORD);
    }

    public HttpServerOptions server() {
        HttpServerOptions options = new HttpServerOptions().setHttp2ClearTextEnabled(multiplexed);
        // set although no client certificate is requested: otherwise the JDK reads its trust store on the loop
        return tls
                ? options.setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(store())
                        .setTrustOptions(store())
                : options;
    }

    /** Client options that trust only that certificate and verify the host. */
    public WebClientOptions client() {
        WebClientOptions options = new WebClientOptions()
                .setProtocolVersion(multiplexed ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1)
                .setHttp2ClearTextUpgrade(false);
        return tls ? options.setSsl(true).setUseAlpn(true).setTrustOptions(store()) : options;
    }

    public String url(int port) {
        return (tls ? "https" : "http") + "://localhost:" + port;
    }
}
