package io.vertask.app.job;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.Forms;
import io.vertask.app.job.yaml.Secret;
import java.util.List;

/** A client of a job file: an HTTP origin or a database. */
public sealed interface ClientConfig permits HttpClientConfig, PostgresConfig {

    /** The name that steps use for it. */
    String name();

    /** The secrets of the client, as they are sent and as they may come back. */
    List<Secret> secrets();

    /** The notes on what is no mistake in it but may surprise. */
    default List<String> notes() {
        return List.of();
    }

    /** Reads one kind of client. */
    interface Form extends Forms.Form {
        ClientConfig read(String name, Fields fields);
    }
}
