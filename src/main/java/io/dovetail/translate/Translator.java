package io.dovetail.translate;

import io.dovetail.call.Caller;

/** Translates one event at a time; safe for many threads; holds no transaction and no connection. */
public interface Translator extends AutoCloseable {

    /** {@link #translate(Source, Caller)} where nobody is asked. */
    default Translated translate(Source source) {
        return translate(source, Caller.NOBODY);
    }

    /**
     * @param caller by whom other systems are asked, if its connector asks any
     * @throws io.dovetail.event.FailedException of kind CONTRACT when the source breaks its contract, MAPPING when the
     *     mapping fails or its result breaks the canonical schema, EXTERNAL or REJECTED when another system was asked
     *     in vain
     */
    Translated translate(Source source, Caller caller);

    @Override
    void close();
}
