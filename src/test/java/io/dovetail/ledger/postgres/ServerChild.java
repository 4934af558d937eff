package io.dovetail.ledger.postgres;

import java.nio.file.Path;

/** A JVM that starts the server, says where, and waits to be killed. */
final class ServerChild {

    private ServerChild() {}

    public static void main(String[] args) throws Exception {
        var home = Path.of(args[0]);
        DataLock.acquire(home);
        var server = EmbeddedServer.start(home, Path.of(args[1]));
        System.out.println(server.jdbcUrl());
        Thread.currentThread().join();
    }
}
