package io.dovetail.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** Something bad that is done to a hub under load, and is over again. */
interface Fault extends AutoCloseable {

    /**
     * Where the hub is to be.
     *
     * @param directory of this round alone
     */
    default Path place(Path directory) throws IOException {
        return directory;
    }

    /** Before the hub is started for the first time. */
    default void prepare(Trial trial) throws IOException {}

    /** How many of the partners' deliveries are answered between two blows at least, on average. */
    default int pace() {
        return 150;
    }

    /**
     * Does it once. The hub is ready again when this returns, or about to be.
     *
     * @return how many blows that was
     */
    int strike(Trial trial, Random random) throws IOException, InterruptedException;

    /** Before everything must come to its end: from now on the hub is one that can. */
    default void lift(Trial trial) throws IOException, InterruptedException {}

    @Override
    default void close() throws IOException {}
}
