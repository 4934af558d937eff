package io.dovetail.codec;

import java.io.ByteArrayInputStream;

/**
 * What the tokenizer reads. It keeps a header, and all that it has found there, until the header ends: one that never
 * does would take all memory there is.
 */
final class EdiBytes extends ByteArrayInputStream {

    static final int MOST = 64 * 1024;

    /** More bytes than any element, header or gap between segments has. */
    static final class EndlessException extends RuntimeException {

        EndlessException() {
            super(null, null, false, false);
        }
    }

    private int since;
    private boolean over;

    EdiBytes(byte[] bytes) {
        super(bytes);
    }

    /** Something has been found. */
    void progress() {
        since = 0;
    }

    @Override
    public synchronized int read() {
        if (++since > MOST) {
            throw new EndlessException();
        }
        var next = super.read();
        over |= next < 0;
        return next;
    }

    /** Whether more was asked for than there is. */
    boolean isOver() {
        return over;
    }
}
