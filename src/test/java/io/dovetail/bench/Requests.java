package io.dovetail.bench;

/** Prepared requests, each another delivery; for one thread. */
interface Requests {

    /** The next request, whole; the array may be used again for a later one. */
    byte[] next();
}
