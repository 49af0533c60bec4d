package io.vertask.app.demo;

/** A process that starts the demo's Postgres, prints its directory and waits to be killed, or exits when told to. */
final class DemoPostgresMain {
    private DemoPostgresMain() {}

    public static void main(String[] args) throws Exception {
        try {
            // Not closed: what happens without is what is tested.
            DemoPostgres postgres = DemoPostgres.start();
            System.out.println(postgres.directory());
            if (args.length == 0) {
                int ignored = System.in.read();
            }
        } catch (DemoUnavailable e) {
            System.out.println(e.getMessage());
        }
    }
}
