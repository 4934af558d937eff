package io.dovetail.connector;

import java.util.Set;

/** The keywords of JSON Schema 2020-12 by where schemas stand below them, and the formats that are asserted. */
final class SchemaKeywords {

    /** An object whose values are schemas. */
    static final Set<String> BY_NAME = words("properties patternProperties $defs dependentSchemas");

    static final Set<String> LISTS = words("allOf anyOf oneOf prefixItems");

    static final Set<String> SINGLE = words("""
            additionalProperties unevaluatedProperties propertyNames items unevaluatedItems contains not if then else
            contentSchema""");

    /** No schema stands below these. */
    static final Set<String> OTHERS = words("""
            $schema $id $ref $anchor $dynamicRef $dynamicAnchor $comment $vocabulary
            title description default deprecated readOnly writeOnly examples
            type enum const format required dependentRequired minProperties maxProperties
            multipleOf maximum exclusiveMaximum minimum exclusiveMinimum
            minLength maxLength pattern contentEncoding contentMediaType
            minItems maxItems uniqueItems minContains maxContains
            x-sensitivity""");

    /** Our own: why not everybody may see the values of a property. */
    static final String SENSITIVITY = "x-sensitivity";

    static final Set<String> SENSITIVITIES = words("personal confidential secret");

    static final Set<String> FORMATS = words("""
            date-time date time duration email hostname ipv4 ipv6 uri uri-reference uuid json-pointer regex""");

    private SchemaKeywords() {}

    private static Set<String> words(String text) {
        return Set.of(text.split("\\s+"));
    }
}
