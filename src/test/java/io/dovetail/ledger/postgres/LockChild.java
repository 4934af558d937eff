package io.dovetail.ledger.postgres;

import java.nio.file.Path;

/** A JVM that takes the lock, says so, and waits to be killed. */
final class LockChild {

    private LockChild() {}

    public static void main(String[] args) throws Exception {
        DataLock.acquire(Path.of(args[0]));
        System.out.println("locked");
        Thread.currentThread().join();
    }
}
