package io.dovetail.codec;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of any length into documents that its {@link Codec} reads one by one, and holds one of them at a time.
 * For one thread.
 */
public interface Cutter {

    /**
     * @param body a document of its own
     * @param number what its sender calls it, as it stands there; empty where it has none
     */
    record Piece(byte[] body, String number) {}

    /**
     * The next one; null when there are no more, and nothing was wrong up to the stream's end.
     *
     * @throws MalformedException saying what is wrong, with its line in the stream
     */
    @Nullable
    Piece next() throws IOException, MalformedException;
}
