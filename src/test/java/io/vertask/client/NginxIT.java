package io.vertask.client;

import static io.vertask.client.HttpHouse.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testing.Certificates;
import io.vertask.testing.Command;
import io.vertask.testing.InstalledServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** POSTs to nginx, where it is installed, as it ends its connections: each is processed once, or known to be lost. */
@Timeout(120)
class NginxIT {
    @TempDir
    private Path folder;

    private final List<String> line = new ArrayList<>();

    @BeforeEach
    void find() {
        Optional<Path> nginx = InstalledServer.find("nginx");
        assumeTrue(nginx.isPresent(), "nginx is not installed: apt-get install nginx-light");
        line.addAll(List.of(nginx.get().toString(), "-p", folder.toString(), "-c", folder.resolve("conf") + ""));
    }

    private InstalledServer start(int port, String server) throws Exception {
        Files.writeString(folder.resolve("conf"), """
                daemon off; master_process off; pid FOLDER/pid; error_log stderr warn;
                events { worker_connections 1024; }
                http {
                  log_format uri $request_uri; access_log FOLDER/access.log uri;
                  client_body_temp_path FOLDER/t1; proxy_temp_path FOLDER/t2; fastcgi_temp_path FOLDER/t3;
                  uwsgi_temp_path FOLDER/t4; scgi_temp_path FOLDER/t5;
                  server { SERVER location / { default_type application/json; return 200 '{"ok": true}'; } }
                }
                """.replace("SERVER", server).replace("FOLDER", folder.toString()));
        return InstalledServer.start(folder, port, line);
    }

    private List<String> processed() throws IOException {
        return Files.readAllLines(folder.resolve("access.log")).stream()
                .sorted()
                .toList();
    }

    @Test
    void itGoesAwayEverySeventhRequestAndEveryPostIsProcessedOnce() throws Exception {
        Certificates certificates = Certificates.in(folder);
        int port = InstalledServer.freePort();
        String server = "listen 127.0.0.1:" + port + " ssl http2; keepalive_requests 7; ssl_certificate "
                + certificates.certificate(Certificates.LOCALHOST) + "; ssl_certificate_key "
                + certificates.key(Certificates.LOCALHOST) + ";";
        try (InstalledServer nginx = start(port, server)) {
            assertThat(nginx).isNotNull();
            Path job = folder.resolve("job.yaml");
            Files.writeString(job, """
                    job: posts
                    clients: {n: {url: "https://localhost:%d", ca: %s, http2: true}}
                    each: {range: 1..300}
                    do: {post: "/{item}", json: {i: "{item}"}}
                    limits: {concurrency: 20, retries: 0}
                    """.formatted(port, certificates.authority()));
            Command.End end = Command.run(Map.of(), job.toString());
            assertThat(end.lines()).as(end.out() + end.err()).hasSize(300).containsOnly("{\"ok\":true}");
            assertThat(end.code()).isZero();
            assertThat(processed()).hasSize(300).doesNotHaveDuplicates();
        }
    }

    @Test
    void aPostDoesNotMeetTheEndOfAnIdleConnection() throws Exception {
        int port = InstalledServer.freePort();
        int atOnce = 100;
        int sent = 0;
        List<Throwable> failures = new ArrayList<>();
        try (InstalledServer nginx = start(port, "listen 127.0.0.1:" + port + "; keepalive_timeout 2s;");
                HttpHouse house = HttpHouse.of(atOnce)) {
            assertThat(nginx).isNotNull();
            for (int pause : new int[] {1995, 2000, 2005, 1000, 0}) {
                List<Task<HttpResponse<Buffer>>> calls = new ArrayList<>();
                for (int i = 0; i < atOnce; i++) {
                    String url = "http://127.0.0.1:" + port + "/" + sent++;
                    calls.add(house.start(() -> house.http.web().postAbs(url).sendBuffer(Buffer.buffer("x"))));
                }
                for (Task<HttpResponse<Buffer>> call : calls) {
                    Throwable error = HttpHouse.outcome(call).errorOrNull();
                    if (error != null) {
                        failures.add(error);
                    }
                }
                // the very moment at which nginx closes what is idle
                value(house.start(() -> Tasks.sleep(Duration.ofMillis(pause)).map(true)));
            }
        }
        assertThat(failures).hasSizeLessThanOrEqualTo(1).allMatch(HttpIdleClosedException.class::isInstance);
        assertThat(processed())
                .hasSizeGreaterThanOrEqualTo(sent - failures.size())
                .doesNotHaveDuplicates();
    }
}
