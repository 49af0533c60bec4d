package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertask.testing.Certificates;
import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.InstalledServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same jobs against servers that we have not written: nginx and httpbin, where they are installed. */
class RealServersIT {
    @TempDir
    private Path folder;

    private End run(String job) throws Exception {
        Path file = folder.resolve("job.yaml");
        Files.writeString(file, job);
        return Command.run(Map.of("TOKEN", "hunter2"), file.toString());
    }

    @Test
    void nginxSpeaksHttp2OverTlsLimitsItsClientsAndServesLargeFiles() throws Exception {
        Optional<Path> nginx = InstalledServer.find("nginx");
        assumeTrue(nginx.isPresent(), "nginx is not installed: apt-get install nginx-light");
        Certificates certificates = Certificates.in(folder);
        int plain = InstalledServer.freePort();
        int tls = InstalledServer.freePort();
        Files.createDirectory(folder.resolve("www"));
        Files.writeString(folder.resolve("www/large.json"), "[\"" + "x".repeat(10_000_000) + "\"]");
        Files.writeString(folder.resolve("www/small.json"), "{\"a\": 1}");
        Files.writeString(folder.resolve("nginx.conf"), """
                daemon off; master_process off; pid FOLDER/nginx.pid; error_log stderr warn;
                events {}
                http {
                  access_log off; default_type application/json; gzip on; gzip_types *; root FOLDER/www;
                  client_body_temp_path FOLDER/t1; proxy_temp_path FOLDER/t2; fastcgi_temp_path FOLDER/t3;
                  uwsgi_temp_path FOLDER/t4; scgi_temp_path FOLDER/t5;
                  limit_req_zone $binary_remote_addr zone=one:1m rate=1r/s;
                  server {
                    listen 127.0.0.1:PLAIN;
                    location /limited/ { limit_req zone=one; limit_req_status 429; alias FOLDER/www/; error_page 429 = @busy; }
                    location @busy { internal; add_header Retry-After 1 always; return 429 "{}"; }
                    location = /to-tls { return 308 https://localhost:TLS/proto; }
                  }
                  server {
                    listen 127.0.0.1:TLS ssl http2;
                    ssl_certificate CERT; ssl_certificate_key KEY;
                    location = /proto { return 200 '{"proto": "$server_protocol", "token": "$http_authorization"}'; }
                  }
                }
                """.replace("FOLDER", folder.toString())
                .replace("PLAIN", "" + plain)
                .replace("TLS", "" + tls)
                .replace(
                        "CERT", certificates.certificate(Certificates.LOCALHOST).toString())
                .replace("KEY", certificates.key(Certificates.LOCALHOST).toString()));
        List<String> line = List.of(
                nginx.get().toString(),
                "-p",
                folder.toString(),
                "-c",
                folder.resolve("nginx.conf").toString());
        try (InstalledServer server = InstalledServer.start(folder, tls, line)) {
            assertThat(server).isNotNull();
            End http2 = run("""
                    job: http2
                    clients: {n: {url: "https://localhost:%d", ca: %s, http2: true, token: "${TOKEN}"}}
                    each: {range: 1..200}
                    do: {get: "/proto?{item}", pick: {proto: proto, token: token}}
                    print: "{proto} {token}"
                    limits: {concurrency: 50}
                    """.formatted(tls, certificates.authority()));
            assertThat(http2.code()).as(http2.err()).isZero();
            assertThat(http2.lines()).hasSize(200).containsOnly("HTTP/2.0 Bearer hunter2");

            End redirected = run("""
                    job: redirected
                    clients: {n: {url: "https://localhost:%d", ca: %s, token: "${TOKEN}"}}
                    each: ["http://localhost:%d/to-tls"]
                    do: {get: "{+item}", client: n}
                    """.formatted(tls, certificates.authority(), plain));
            assertThat(redirected.lines()).containsExactly("{\"proto\":\"HTTP/1.1\",\"token\":\"\"}");

            End limited = run("""
                    job: limited
                    clients: {n: {url: "http://127.0.0.1:%d", max_body: 11MB}}
                    each: [limited/small.json, limited/small.json, limited/small.json, large.json, none.json]
                    do: {get: "/{+item}", body: discard}
                    limits: {concurrency: 5}
                    """.formatted(plain));
            assertThat(limited.lines())
                    .containsExactly("200", "200", "200", "200", "none.json: ERROR - 404 Not Found (GET /none.json)");
            assertThat(limited.err()).contains("paused ", "said Retry-After 1s, honoured for all of `n`");
        }
    }

    @Test
    void httpbinHearsWhatWeSayAndIsUnderstood() throws Exception {
        Optional<Path> gunicorn = InstalledServer.find("gunicorn");
        assumeTrue(
                gunicorn.isPresent() && Files.exists(Path.of("/usr/lib/python3/dist-packages/httpbin")),
                "httpbin is not installed: apt-get install python3-httpbin gunicorn");
        int port = InstalledServer.freePort();
        List<String> line = List.of(
                gunicorn.get().toString(), "-b", "127.0.0.1:" + port, "-k", "gthread", "--threads", "8", "httpbin:app");
        try (InstalledServer server = InstalledServer.start(folder, port, line)) {
            assertThat(server).isNotNull();
            String client = "clients: {h: {url: \"http://127.0.0.1:" + port + "\", token: \"${TOKEN}\"}}\n";
            End posts = run("job: posts\n" + client + """
                    each: [{id: 1, name: ü}, {id: 2, name: "a b"}]
                    do:
                      post: /anything/{item.name}
                      json: {id: "{item.id}", name: "{item.name}"}
                      pick: {method: method, id: json.id, name: json.name, type: headers.Content-Type, token: headers.Authorization}
                    print: "{method} {id} {name} {type} {token}"
                    """);
            assertThat(posts.lines())
                    .as(posts.err())
                    .containsExactly(
                            "POST 1 ü application/json Bearer hunter2", "POST 2 a b application/json Bearer hunter2");

            End forms = run("job: forms\n" + client + """
                    each: [x&y]
                    do: {put: /put, form: {a: "{item}", b: [1, 2]}, pick: {form: form}}
                    """);
            assertThat(forms.lines()).containsExactly("{\"form\":{\"a\":\"x&y\",\"b\":[\"1\",\"2\"]}}");

            End answers = run("job: answers\n" + client + """
                    each: [gzip, deflate, redirect/3, relative-redirect/2, redirect/9, status/418, bytes/100, delay/0, "stream-bytes/5000?seed=1"]
                    do: {get: "/{+item}", body: discard}
                    limits: {concurrency: 4}
                    """);
            assertThat(answers.lines())
                    .satisfies(lines -> assertThat(lines.get(4)).contains("ERROR - the redirect 302 is one too many"))
                    .satisfies(lines -> assertThat(lines.get(5)).isEqualTo("status/418: ERROR - 418 (GET /status/418)"))
                    .filteredOn("200"::equals)
                    .hasSize(7);

            End denied = run("job: denied\n" + client + """
                    each: {range: 1..100}
                    do: {get: "/basic-auth/user/password?{item}"}
                    limits: {concurrency: 1}
                    """);
            assertThat(denied.code()).isEqualTo(4);
            assertThat(denied.err()).contains("h: 401 Unauthorized. Stopped").doesNotContain("hunter2");
        }
    }
}
