package io.dovetail.connector;

import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.regex.RegularExpression;
import io.dovetail.codec.Bounded;
import io.dovetail.codec.SlowPatternException;
import java.util.regex.Pattern;

/** A schema's {@code pattern}, which a hostile text does not keep busy. */
record BoundedExpression(Pattern pattern) implements RegularExpression {

    /** The validator logs any other exception as an error of its own. {@link Schema} turns it into a violation. */
    static final class Exceeded extends JsonSchemaException {

        Exceeded(SlowPatternException e) {
            super(e.getMessage());
        }
    }

    static RegularExpression of(String regex) {
        return new BoundedExpression(Pattern.compile(regex));
    }

    @Override
    public boolean matches(String text) {
        try {
            return Bounded.find(pattern, text);
        } catch (SlowPatternException e) {
            throw new Exceeded(e);
        }
    }
}
