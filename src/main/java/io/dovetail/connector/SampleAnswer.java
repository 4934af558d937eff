package io.dovetail.connector;

import org.jspecify.annotations.Nullable;

/**
 * What another system answers while a sample is rehearsed: one entry of {@code answers.json}.
 *
 * @param request the only request it answers, as {@code GET https://crm.example.com/customers/4711}; null: whatever is
 *     asked next
 * @param contentType null for an answer without a body
 * @param failure why there is no answer at all; null: there is one
 */
public record SampleAnswer(
        @Nullable String request,
        int status,
        @Nullable String contentType,
        byte[] body,
        @Nullable String failure) {}
