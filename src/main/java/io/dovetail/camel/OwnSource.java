package io.dovetail.camel;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;

/**
 * Gives every route that begins with a Kamelet its own copy of it, named after the route. Camel would take two that
 * begin alike, such as two policies for the same types, for two consumers of one endpoint, and refuse the second.
 */
final class OwnSource implements RouteBuilderLifecycleStrategy {

    private static final String SCHEME = "kamelet:";

    @Override
    public void afterConfigure(RouteBuilder builder) {
        for (var route : builder.getRouteCollection().getRoutes()) {
            var uri = route.getInput().getUri();
            if (uri != null && uri.startsWith(SCHEME)) {
                var query = uri.indexOf('?');
                var end = query < 0 ? uri.length() : query;
                route.getInput().setUri(uri.substring(0, end) + "/" + route.getId() + "-source" + uri.substring(end));
            }
        }
    }
}
