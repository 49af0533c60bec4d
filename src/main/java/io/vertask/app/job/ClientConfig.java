package io.vertask.app.job;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.Forms;
import io.vertask.app.job.yaml.Secret;
import java.util.List;

/** What a job file says about one of its clients: an HTTP origin or a database. */
public sealed interface ClientConfig permits HttpClientConfig, PostgresConfig {

    /** The name that steps use for it. */
    String name();

    /** What no output may show; as it is sent, and as it may come back. */
    List<Secret> secrets();

    /** How one kind of client is read. */
    interface Form extends Forms.Form {
        ClientConfig read(String name, Fields fields);
    }
}
