package io.dovetail.connector;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One folder under {@code samples/}: a delivery, and what must come of it.
 *
 * @param name the folder's name
 * @param file the delivery's file, e.g. {@code delivery.json}
 * @param delivery the body as received
 * @param headers by lower-case name, without {@code x-sample-sender}
 * @param answers what other systems answer ({@code answers.json}), in the order in which they do
 * @param sender whose secret proved it ({@code x-sample-sender} in {@code headers}), mostly {@code default}
 */
public record Sample(
        String name,
        Path dir,
        String file,
        byte[] delivery,
        Map<String, String> headers,
        String sender,
        List<SampleAnswer> answers,
        Expectation expectation) {}
