package io.dovetail.translate;

/** Translates one event at a time; safe for many threads; holds no transaction and no connection. */
public interface Translator extends AutoCloseable {

    /**
     * @throws io.dovetail.event.FailedException of kind CONTRACT when the source breaks its contract, MAPPING when the
     *     mapping fails or its result breaks the canonical schema
     */
    Translated translate(Source source);

    @Override
    void close();
}
