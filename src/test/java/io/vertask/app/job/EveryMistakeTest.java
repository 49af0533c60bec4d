package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.yaml.JobErrors;
import io.vertask.app.job.yaml.Mistake;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EveryMistakeTest {

    private static final Pattern KEY = Pattern.compile(
            "\\b(job|clients|each|do|print|limits|url|profile|token|get|client|pick|concurrency|timeout|retries|postgres"
                    + "|pool|min|max|statement_timeout|range|as|every|queue|capacity|consumers|sleep|glob|offload|sql|params"
                    + "|rows|accept|body|pages|next|into|table|key|create|deadline)(?=: )",
            Pattern.MULTILINE);

    static List<String> files() {
        return Conf.ALL;
    }

    /** A line and column for each key that was misspelt. */
    private record Misspelt(String text, List<String> places) {}

    @ParameterizedTest
    @MethodSource("files")
    void aTypoInEveryKeyIsFoundInOneGo(String file) {
        Misspelt misspelt = misspell(Conf.text(file));

        JobErrors errors = Conf.errors(misspelt.text(), Map.of("GITHUB_TOKEN", "t"));

        assertThat(errors.mistakes())
                .as(errors.getMessage())
                .extracting(mistake -> mistake.line() + ":" + mistake.column())
                .containsExactlyElementsOf(misspelt.places());
        assertThat(errors.mistakes())
                .allSatisfy(mistake -> assertThat(mistake.text()).contains("unknown key", "did you mean"));
    }

    /** Swaps the last two letters of every key, outside comments. */
    private static Misspelt misspell(String text) {
        List<String> places = new ArrayList<>();
        StringBuilder out = new StringBuilder();
        int row = 0;
        for (String line : text.lines().toList()) {
            row++;
            int comment = line.startsWith("#") ? 0 : Math.max(line.indexOf("  #"), -1);
            String code = comment < 0 ? line : line.substring(0, comment);
            Matcher key = Pattern.compile(KEY.pattern().replace("(?=: )", "(?=:( |$))"))
                    .matcher(code);
            StringBuilder changed = new StringBuilder();
            while (key.find()) {
                String word = key.group(1);
                int n = word.length();
                places.add(row + ":" + (key.start() + 1));
                key.appendReplacement(changed, word.substring(0, n - 2) + word.charAt(n - 1) + word.charAt(n - 2));
            }
            key.appendTail(changed);
            out.append(changed).append('\n');
        }
        return new Misspelt(out.toString(), places);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "limits: {concurrency: 0}                 | 3:23 | limits.concurrency must be a whole number from 1 to 100000, not `0`",
                "limits: {concurrency: lots}              | 3:23 | limits.concurrency must be a whole number from 1 to 100000, not `lots`",
                "limits: {concurrency: \"4\"}             | 3:23 | limits.concurrency must be a whole number from 1 to 100000, not a text",
                "limits: {retries: -1}                    | 3:19 | limits.retries must be a whole number from 0 to 1000, not `-1`",
                "limits: {retries: [1]}                   | 3:19 | limits.retries must be one value, not a list",
                "limits: {timeout: 10}                    | 3:19 | limits.timeout must be a duration, not `10`",
                "limits: {timeout: 30s1m}                 | 3:19 | limits.timeout must be a duration, not `30s1m`",
                "limits: {timeout: 0s}                    | 3:19 | limits.timeout must be longer than zero",
                "limits: {allow_failures: 101%}           | 3:26 | limits.allow_failures must be a number of items like 3, or a share like 5%, not `101%`",
                "limits: [1]                              | 3:9  | limits must be a map, not a list",
                "limits:                                  | 3:8  | limits must be a map, but it is empty",
                "on_error: maybe                          | 3:11 | on_error cannot be `maybe`",
                "on_error: value\\non_error: stop        | 4:1  | duplicate key `on_error`",
                "each: 1..20                              | 3:7  | each must be a list, or a map with one of: range list file stdin glob sql",
                "each: {as: x}                            | 3:7  | `each` needs one of: range list file stdin glob sql",
                "each: {range: 1..2, list: [1]}           | 3:21 | `range` and `list` at once",
                "each: {range: 2..1}                      | 3:15 | each.range must be FIRST..LAST with the smaller number first",
                "each: {range: 1-20}                      | 3:15 | each.range must be FIRST..LAST, not `1-20`",
                "each: [1, [2]]                           | 3:11 | an item is one value or a map, not a list",
                "each: {file: }                           | 3:13 | each.file must be not empty",
                "each: {file: [a]}                        | 3:14 | each.file must be one value, not a list",
                "each: {file: a, format: csv}             | 3:25 | each.format cannot be `csv`",
                "each: {range: 1..2, format: lines}       | 3:21 | `format` does not go with `range`",
                "each: {stdin: words}                     | 3:15 | each.stdin cannot be `words`",
                "each: {glob: \"a[\"}                     | 3:14 | each.glob must be a pattern like data/*.bin",
                "each: {sql: SELECT 1}                    | 3:8  | `sql` needs a client",
                "each: {sql: SELECT 1, client: b}         | 3:31 | unknown client `b`",
                "each: {range: 1..2, every: 10}           | 3:28 | each.every must be a duration, not `10`",
                "each: {range: 1..2, every: 0s}           | 3:28 | each.every must be longer than zero",
                "each: {range: 1..2, key: \"{item.a}\"}   | 3:28 | `{item.a}`: the items are plain values without fields",
                "each: {file: a.txt, key: \"{item.a}\"}   | 3:28 | `{item.a}`: the items are plain values without fields",
                "each: {file: a.jsonl, key: \"{itm.a}\"}  | 3:30 | unknown name `itm` in a template",
                "queue: 10                                | 3:8  | queue must be a map, not a value",
                "queue: {capacity: 0}                     | 3:19 | queue.capacity must be a whole number from 1 to 100000, not `0`",
                "queue: {consumers: many}                 | 3:20 | queue.consumers must be a whole number from 1 to 100000, not `many`",
                "queue: {size: 3}                         | 3:9  | unknown key `size`",
                "queue: {consumers: 3}\\nlimits: {concurrency: 3} | 4:10 | `limits.concurrency` and `queue.consumers` at once",
                "limits: {rate: 10}                       | 3:16 | limits.rate must be a rate like 10/s, 600/m or 5000/h, not `10`",
                "limits: {rate: 0/s}                      | 3:16 | limits.rate must be a rate like 10/s, 600/m or 5000/h, not `0/s`",
                "limits: {rate: 10/d}                     | 3:16 | limits.rate must be a rate like 10/s, 600/m or 5000/h, not `10/d`",
                "limits: {stop_after: 0}                  | 3:22 | limits.stop_after must be a number of failed items from 1 on, or a share like 5%, not `0`",
                "limits: {stop_after: 101%}               | 3:22 | limits.stop_after must be a number of failed items from 1 on, or a share like 5%, not `101%`",
                "each: {range: 1..2, as: \"{itm}\"}       | 3:27 | unknown name `itm` in a template",
                "each: {range: 1..2, as: \"{item.a}\"}    | 3:27 | `{item.a}`: the items are plain values without fields",
                "print: \"{item\"                         | 3:8  | print: `{` has no partner; a literal brace is written {{",
                "print: \"{a..b}\"                        | 3:8  | print: `a..b` is not a path; a path looks like owner.login or items[0].id",
                "each: [{id: 1}]\\nprint: \"{item.ids}\"   | 4:10 | no item has a field `ids`",
                "print: \"{status.code}\"                 | 3:10 | `{status.code}`: `status` is a plain value without fields",
                "clients: {a: {}}                         | 3:14 | `clients.a` needs one of: url postgres",
                "clients: {a: {url: ftp://h}}             | 3:20 | clients.a.url must be an absolute URL, not `ftp://h`",
                "clients: {a: {url: \"https://h\", pool: {max: 1}}} | 3:33 | `pool` does not go with `url`",
                "clients: {a: {url: \"https://h\", postgres: \"\"}}  | 3:33 | `url` and `postgres` at once",
                "clients: {a: {url: \"https://h\", profile: gihub}} | 3:42 | unknown profile `gihub`",
                "clients: {a: {postgres: \"host=h\"}}     | 3:25 | clients.a.postgres must be a URI or empty",
                "clients: {a: {postgres: \"\", pool: {min: 3, max: 2}}} | 3:36 | pool.min 3 is more than pool.max 2",
                "clients: {a: {url: \"http://h\", http2: true}} | 3:32 | `http2` is for https",
                "clients: {a: {url: \"http://h\", ca: a.pem}} | 3:32 | `ca` is for https",
                "clients: {a: {url: \"https://h\", http2: yes}} | 3:40 | clients.a.http2 must be true or false, not `yes`",
                "clients: {a: {url: \"https://h\", max_body: 10}} | 3:43 | clients.a.max_body must be a size, not `10`",
                "clients: {a: {url: \"https://h\", max_body: 2GB}} | 3:43 | clients.a.max_body must be a size from 1B to 1GB, not `2GB`",
                "clients: {a: {url: \"https://h\", max_body: 0B}} | 3:43 | clients.a.max_body must be a size from 1B to 1GB, not `0B`",
                "clients: {a: {url: \"https://h\", headers: [1]}} | 3:42 | clients.a.headers must be a map, not a list",
                "clients: {a: {url: \"https://h\", headers: {\"a b\": c}}} | 3:43 | `a b` is not a header name",
                "clients: {a: {url: \"https://h\", headers: {host: c}}} | 3:43 | `host` is set by the connection itself",
                "clients: {a: {url: \"https://h\", headers: {A: b, a: b}}} | 3:49 | `a` twice: header names ignore case",
                "clients: {a: {url: \"https://h\", headers: {A: }}} | 3:45 | clients.a.headers.A must be one value, but it is empty",
                "clients: {a: {url: \"https://h\", headers: {A: \"ü\"}}} | 3:46 | clients.a.headers.A must be printable ASCII characters without line breaks",
                "clients: {a: {url: \"https://h\", token: t, headers: {Authorization: b}}} | 3:33 | `token` sets the header Authorization too",
                "clients: [a]                             | 3:10 | clients must be a map, not a list",
                "limits: !!map {}                         | 3:9  | tags are not used in job files: `tag:yaml.org,2002:map`",
                "? [a]\\n: 1                               | 3:3  | a key must be text",
                "limits: *l                               | 3:9  | no complete anchor `&l` before this alias",
                "--- \\njob: k                             | 3:1  | a second document starts here",
                "print: ${                                | 3:8  | `${` does not begin a variable",
                "print: a ${B} c                          | 3:10 | environment variable B is not set",
            })
    void mistakeHasItsPlaceAndMessage(String lines, String place, String message) {
        JobErrors errors = Conf.errorsWith(lines.replace("\\n", "\n").strip() + "\n");

        assertThat(errors.mistakes()).as(errors.getMessage()).singleElement().satisfies(mistake -> {
            assertThat(mistake.message()).isEqualTo(message);
            assertThat(mistake.line() + ":" + mistake.column()).isEqualTo(place);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "do: {}                                   | 2:5  | `do` needs one of: get head post patch put delete pages sql call sleep",
                "do: {get: /a, sql: SELECT}               | 2:15 | `get` and `sql` at once",
                "do: {get: repos}                         | 2:11 | do.get must be a path that begins with /, or a URL with http:// or https://",
                "do: {get: /a}                            | 2:6  | `get` needs a client",
                "do: {sql: SELECT 1}                      | 2:6  | `sql` needs a client",
                "do: {get: /a, client: githb}             | 2:23 | unknown client `githb`",
                "do: {get: \"{+item}\", params: [1]}      | 2:22 | `params` does not go with `get`",
                "do: {get: \"{+itm}\"}                    | 2:14 | unknown name `itm` in a template",
                "do: {get: \"https://h/{a b}\"}           | 2:11 | do.get: `{a b}` is not a URL expression; write {name}, {+name} or {name.field}",
                "do: {get: \"https://h/a b\"}             | 2:11 | do.get: a URL cannot have ` `; write %20",
                "do: {get: \"https://h/}\"}               | 2:11 | do.get: `}` has no partner",
                "do: {get: \"{+item}\", accept: 2yy}      | 2:30 | do.accept must be statuses like 2xx or 404, or any",
                "do: {get: \"{+item}\", body: jsn}        | 2:28 | do.body cannot be `jsn`",
                "do: {get: \"{+item}\", pick: {a: b..c}}  | 2:32 | do.pick.a: `b..c` is not a path; a path looks like owner.login or items[0].id",
                "do: {get: \"{+item}\", pick: {a: =x}}    | 2:32 | do.pick.a: `=x` is not a selector; after = comes item or item.field",
                "do: {get: \"{+item}\", pick: {item: a}}  | 2:29 | `item` is already a name",
                "do: {head: \"{+item}\", pick: {a: b}}    | 2:23 | `pick` needs a JSON body",
                "do: {get: \"{+item}\", json: {}}        | 2:22 | `json` does not go with `get`",
                "do: {head: \"{+item}\", text: a}        | 2:23 | `text` does not go with `head`",
                "do: {put: \"{+item}\", retry_unsafe: true} | 2:22 | `retry_unsafe` does not go with `put`",
                "do: {post: \"{+item}\", json: {}, form: {a: b}} | 2:33 | `json` and `form` at once",
                "do: {post: \"{+item}\", retry_unsafe: 1} | 2:37 | do.retry_unsafe must be true or false, not `1`",
                "do: {post: \"{+item}\", form: [a]}      | 2:29 | do.form must be a map, not a list",
                "do: {post: \"{+item}\", form: {a: {b: c}}} | 2:33 | do.form.a must be one value or a list of values, not a map",
                "do: {post: \"{+item}\", text: [a]}      | 2:29 | do.text must be one value, not a list",
                "do: {post: \"{+item}\", json: {id: {item}}} | 2:34 | do.json: `{item}` without quotes is a map",
                "do: {post: \"{+item}\", json: [{a: \"{itm}\"}]} | 2:36 | unknown name `itm` in a template",
                "do: {post: \"{+item}\", json: \"{\"}     | 2:29 | do.json: `{` has no partner; a literal brace is written {{",
                "do: {get: \"{+item}\", max_body: lots}  | 2:32 | do.max_body must be a size, not `lots`",
                "do: {get: \"{+item}\", charset: utf9}  | 2:31 | do.charset must be the name of a charset, not `utf9`",
                "do: {get: \"{+item}\", charset: \"a b\"}  | 2:31 | do.charset must be the name of a charset, not `a b`",
                "do: {pages: \"{+item}\", next: link, charset: latin99} | 2:45 | do.charset must be the name of a charset, not `latin99`",
                "do: {head: \"{+item}\", charset: utf-8}  | 2:23 | `charset` needs a body that is read",
                "do: {get: \"{+item}\", body: discard, charset: utf-8}  | 2:37 | `charset` needs a body that is read",
                "do: {get: \"{+item}\", headers: {A: [1]}} | 2:35 | do.headers.A must be one value, not a list",
                "do: {get: \"{+item}\", headers: {A: {item}}} | 2:35 | do.headers.A must be one value, not a map",
                "do: {get: \"{+item}\", headers: {\"é\": a}} | 2:32 | `é` is not a header name",
                "do: {get: \"{+item}\", headers: {Content-Length: 3}} | 2:32 | `Content-Length` is set by the connection itself",
                "do: {get: \"{+item}\", headers: {A: \"{itm}\"}} | 2:37 | unknown name `itm` in a template",
                "do: {sleep: 0s}                          | 2:13 | do.sleep must be longer than zero",
                "do: {sleep: 5}                           | 2:13 | do.sleep must be a duration, not `5`",
                "do: {sleep: 1s, offload: io}             | 2:17 | `offload` does not go with `sleep`",
                "do: {call: }                             | 2:11 | do.call must be not empty",
                "do: {call: com.example.None}             | 2:12 | do.call must be a class on the class path, and `com.example.None` is not there",
                "do: {call: java.lang.String}             | 2:12 | do.call must be a class that can be called; `java.lang.String` does not implement io.vertask.app.step.CallableStep",
                "do: {call: io.vertask.app.step.CallableStep} | 2:12 | do.call must be a class that can be called; `io.vertask.app.step.CallableStep` is an interface",
                "do: {call: \"io.vertask.app.job.Steps$Hidden\"} | 2:12 | do.call must be a class that can be called; `io.vertask.app.job.Steps$Hidden` is not public",
                "do: {call: \"io.vertask.app.job.Steps$Picky\"}  | 2:12 | do.call must be a class that can be called; `io.vertask.app.job.Steps$Picky` has no public constructor without parameters",
                "do: {call: io.vertask.app.step.Sha256, offload: gpu} | 2:49 | do.offload cannot be `gpu`",
                "do: {call: io.vertask.app.step.Sha256, with: 3}  | 2:46 | do.with must be a map, not a value",
                "do: {call: io.vertask.app.step.Sha256, with: {a: \"{itm}\"}} | 2:52 | unknown name `itm` in a template",
                "do: {pages: \"{+item}\"}                | 2:6  | `pages` needs `next`, the way to the next page",
                "do: {pages: \"{+item}\", next: lnk}     | 2:30 | do.next must be one of: link, {page: page}, {cursor: meta.next, param: after} or {offset: offset, size: 100}",
                "do: {pages: \"{+item}\", next: {page: \"a b\"}} | 2:37 | do.next.page must be the name of a query parameter, not `a b`",
                "do: {pages: \"{+item}\", next: {page: p, size: 3}} | 2:40 | `size` does not go with `page`",
                "do: {pages: \"{+item}\", next: {cursor: a.b}} | 2:30 | `do.next` has no `param`",
                "do: {pages: \"{+item}\", next: {cursor: =item, param: a}} | 2:39 | do.next.cursor must be a path into the answer, not into the item",
                "do: {pages: \"{+item}\", next: {offset: o}} | 2:30 | `do.next` has no `size`",
                "do: {pages: \"{+item}\", next: {offset: o, size: 0}} | 2:48 | do.next.size must be a whole number from 1 to 1000000, not `0`",
                "do: {pages: \"{+item}\", next: {offset: o, size: 9, step: size}} | 2:51 | `step: size` needs the sign of the last page, because a page in the middle may be empty",
                "do: {pages: \"{+item}\", next: {offset: o, size: 9, step: each}} | 2:57 | do.next.step cannot be `each`",
                "do: {pages: \"{+item}\", next: {page: p, step: rows}} | 2:40 | `step` does not go with `page`",
                "do: {pages: \"{+item}\", next: {page: p, more: a, end: 404}} | 2:49 | `more` and `end` at once",
                "do: {pages: \"{+item}\", next: {page: p, total: =item}} | 2:47 | do.next.total must be a path into the answer, not into the item",
                "do: {pages: \"{+item}\", next: {page: p, end: 200}} | 2:45 | do.next.end must be statuses that mean that there is no such page, like 404",
                "do: {pages: \"{+item}\", next: {page: p, end: [404, 429]}} | 2:51 | do.next.end must be statuses that mean that there is no such page, like 404",
                "do: {pages: \"{+item}\", next: {page: p, end: []}} | 2:45 | do.next.end must be not empty; it takes statuses that mean that there is no such page, like 404",
                "do: {pages: \"{+item}\", next: {cursor: c, param: p, total: t}} | 2:52 | `total` does not go with `cursor`",
                "do: {pages: \"{+item}\", next: {}}       | 2:30 | `do.next` needs one of: page cursor offset",
                "do: {pages: \"{+item}\", next: link, rows: =item} | 2:42 | do.rows must be a path into the answer, not into the item",
                "do: {pages: \"{+item}\", next: link, rows: a..b} | 2:42 | do.rows: `a..b` is not a path; a path looks like owner.login or items[0].id",
                "do: {pages: \"{+item}\", next: link, max_pages: 0} | 2:47 | do.max_pages must be a whole number from 1 to 10000000, not `0`",
                "do: {pages: \"{+item}\", next: link, pick: {item: a}} | 2:43 | `item` is already a name",
                "do: {pages: \"{+item}\", next: link, accept: any} | 2:36 | `accept` does not go with `pages`",
                "do: get                                  | 2:5  | do must be a map, not a value",
            })
    void mistakeInTheStepHasItsPlaceAndMessage(String line, String place, String message) {
        JobErrors errors = Conf.errors("job: j\n" + line + "\n");

        assertThat(errors.mistakes()).as(errors.getMessage()).singleElement().satisfies(mistake -> {
            assertThat(mistake.message()).isEqualTo(message);
            assertThat(mistake.line() + ":" + mistake.column()).isEqualTo(place);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "into: db                                               | 4:7  | into must be a map, not a value",
                "into: {table: t}                                       | 4:7  | `into` has no `postgres`",
                "into: {postgres: db}                                   | 4:7  | `into` has no `table`",
                "into: {postgres: dbb, table: t}                        | 4:18 | unknown client `dbb`",
                "into: {postgres: h, table: t}                          | 4:18 | client `h` does not fit `into`",
                "into: {postgres: db, table: a.b.c}                     | 4:29 | into.table must be TABLE or SCHEMA.TABLE",
                "into: {postgres: db, table: a b}                       | 4:29 | into.table must be TABLE or SCHEMA.TABLE",
                "into: {postgres: db, table: t, key: []}                | 4:37 | into.key must be not empty",
                "into: {postgres: db, table: t, key: [[a]]}             | 4:38 | into.key must be a list of fields, like [repo, number]",
                "into: {postgres: db, table: t, key: [nr]}              | 4:38 | into.key: the rows have no field `nr`",
                "into: {postgres: db, table: t, key: [n, n]}            | 4:41 | into.key has `n` twice",
                "into: {postgres: db, table: t, create: yes}            | 4:40 | into.create cannot be `yes`",
                "into: {postgres: db, table: t, creat: true}            | 4:32 | unknown key `creat`",
            })
    void mistakeInIntoHasItsPlaceAndMessage(String line, String place, String message) {
        JobErrors errors = Conf.errors("job: j\nclients: {db: {postgres: }, h: {url: \"http://h\"}}\n"
                + "do: {get: /a, client: h, pick: {n: number, t: title}}\n" + line + "\n");

        assertThat(errors.mistakes()).as(errors.getMessage()).singleElement().satisfies(mistake -> {
            assertThat(mistake.message()).isEqualTo(message);
            assertThat(mistake.line() + ":" + mistake.column()).isEqualTo(place);
        });
    }

    @Test
    void intoNeedsRows() {
        String clients = "job: j\nclients: {db: {postgres: }}\ninto: {postgres: db, table: t}\n";

        assertThat(Conf.errors(clients + "do: {get: \"https://h\", body: text}\n"))
                .hasMessageContaining("`into` needs rows, and this `do` gives none");
        assertThat(Conf.errors(clients + "do: {sql: SELECT 1, rows: none}\n"))
                .hasMessageContaining("take `rows: first`, `rows: all` or `rows: each`");
    }

    @Test
    void missingKeysAreAllNamed() {
        assertThat(Conf.errors("print: x\n").mistakes())
                .extracting(Mistake::message)
                .containsExactly("the job has no `job`", "the job has no `do`");
    }

    @Test
    void anEmptyFileIsOneMistake() {
        assertThat(Conf.errors("# nothing\n").mistakes())
                .extracting(Mistake::message)
                .containsExactly("the job is empty");
    }

    @Test
    void severalFittingClientsAskForOne() {
        String text = "job: j\nclients: {a: {url: \"http://a\"}, b: {url: \"http://b\"}, c: {postgres: }}\n";

        assertThat(Conf.errors(text + "do: {get: /x}\n")).hasMessageContaining("add `client:` with one of: a b");
        assertThat(Conf.errors(text + "do: {get: /x, client: c}\n"))
                .hasMessageContaining("client `c` does not fit `get`");
        assertThat(Conf.read(text + "do: {sql: SELECT 1}\n").step().client()).contains("c");
    }

    @Test
    void anUnreadableClientIsNotAlsoAnUnknownOne() {
        String text = "job: j\nclients: {a: {}}\ndo: {get: /x, client: a}\n";

        assertThat(Conf.errors(text).mistakes()).hasSize(1);
    }

    @Test
    void printNamesAreCheckedOnceTheyAreKnown() {
        String picked = "job: j\ndo: {get: \"https://h\", pick: {stars: s}}\nprint: \"{star}\"\n";
        String open = "job: j\ndo: {get: \"https://h\"}\nprint: \"{star.count}\"\n";

        assertThat(Conf.errors(picked)).hasMessageContaining("did you mean `stars`?", "names here: item status stars");
        assertThat(Conf.read(open).print()).isPresent();
    }

    @Test
    void aHugeFileIsRefusedBeforeItIsParsed() {
        assertThat(Conf.errors("a".repeat(3_000_001)).mistakes())
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.message())
                        .isEqualTo("the file has 3,000,001 characters; a job file has at most 3,000,000"));
    }

    @Test
    void aliasesCannotExpandWithoutBound() {
        StringBuilder bomb =
                new StringBuilder("job: j\ndo: {get: \"https://h\"}\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append("a%d: &a%d [".formatted(i, i))
                    .append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("]\n");
        }

        assertThat(Conf.errors(bomb.toString())).hasMessageContaining("the aliases expand to more than 10000 values");
    }

    @Test
    void aSmallAliasIsFine() {
        assertThat(Conf.read("job: j\ndo: {get: \"https://h\"}\neach: [&a {x: 1}, *a]\n")
                        .each())
                .containsExactly(Map.of("x", 1L), Map.of("x", 1L));
    }

    @Test
    void depthIsBounded() {
        assertThat(Conf.errors("[".repeat(100_000))).hasMessageContaining("nested deeper than 32 levels");
    }

    @Test
    void anotherFilesLineEndsKeepThePlaces() {
        assertThat(Conf.errors("job: j\r\ndo: {get: \"https://h\"}\r\nlimit: {}\r\n")
                        .mistakes())
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.excerpt().get(0)).isEqualTo("   3 | limit: {}"));
    }
}
