package io.vertask.app.job;

/** What a job file says about one of its clients: an HTTP origin or a database. */
public sealed interface ClientConfig permits HttpClientConfig, PostgresConfig {

    /** The name that steps use for it. */
    String name();

    /** How one kind of client is read. */
    interface Form extends Forms.Form {
        ClientConfig read(String name, Fields fields);
    }
}
