package io.dovetail.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.dovetail.codec.Expression;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.LanguageSupport;

/**
 * JSLT over the message's body, which is always a tree, with {@code $lookup} for what variables hold. In YAML:
 *
 * <pre>
 * when:
 *   - expression:
 *       language: { language: jslt, expression: 'number(.data.total) &gt; 10000' }
 *     steps: …
 * </pre>
 *
 * <p>Compiled when the route is loaded, so a broken expression shows there and not at the first message.
 */
final class JsltLanguage extends LanguageSupport {

    private JsltPlaces places = JsltPlaces.of("a route", new byte[0]);

    /** The file whose routes are being loaded; what is compiled from now on names its place in it. */
    void reading(JsltPlaces file) {
        places = file;
    }

    @Override
    public Predicate createPredicate(String text) {
        return new Jslt(Expression.compile(text, places.find(text)));
    }

    @Override
    public org.apache.camel.Expression createExpression(String text) {
        return new Jslt(Expression.compile(text, places.find(text)));
    }

    private static final class Jslt extends ExpressionAdapter {

        private final Expression expression;
        private final boolean looksUp;

        Jslt(Expression expression) {
            this.expression = expression;
            this.looksUp = expression.freeVariables().contains(Lookups.VARIABLE);
        }

        @Override
        public Object evaluate(Exchange exchange) {
            return expression.apply(body(exchange), variables(exchange));
        }

        @Override
        public boolean matches(Exchange exchange) {
            return expression.test(body(exchange), variables(exchange));
        }

        private Map<String, JsonNode> variables(Exchange exchange) {
            return looksUp ? Map.of(Lookups.VARIABLE, Lookups.of(exchange)) : Map.of();
        }

        private JsonNode body(Exchange exchange) {
            var body = exchange.getMessage().getBody();
            if (body == null) {
                return NullNode.getInstance();
            }
            if (body instanceof JsonNode tree) {
                return tree;
            }
            throw new IllegalStateException(expression.place() + ": jslt needs a tree as the message's body, but a step"
                    + " before it has put a " + body.getClass().getSimpleName() + " there");
        }
    }
}
