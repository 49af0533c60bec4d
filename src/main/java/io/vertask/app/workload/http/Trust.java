package io.vertask.app.workload.http;

import io.vertask.app.job.HttpClientConfig;
import io.vertask.app.workload.StartFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import java.util.Optional;

/** The certificates that a client trusts: only those in its {@code ca} file, or the JDK's. */
final class Trust {
    private Trust() {}

    /** Empty: the JDK's. <b>Failure.</b> {@link StartFailure} when the file can't be read. */
    static Future<Optional<PemTrustOptions>> of(Vertx vertx, Optional<HttpClientConfig> client) {
        Optional<String> file = client.flatMap(HttpClientConfig::ca);
        if (file.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        return vertx.fileSystem().readFile(file.get()).transform(read -> {
            Buffer pem = read.result();
            if (pem != null && pem.toString().contains("-----BEGIN CERTIFICATE-----")) {
                return Future.succeededFuture(Optional.of(new PemTrustOptions().addCertValue(pem)));
            }
            String name = client.orElseThrow().name();
            return Future.failedFuture(new StartFailure("clients." + name + ".ca: " + file.get()
                    + " can't be read as a PEM file with certificates (-----BEGIN CERTIFICATE-----)"));
        });
    }
}
