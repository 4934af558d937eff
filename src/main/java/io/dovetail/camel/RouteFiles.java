package io.dovetail.camel;

import org.jspecify.annotations.Nullable;

/** The names of engineers' files. */
final class RouteFiles {

    static final String ROUTE = ".camel.yaml";
    static final String KAMELET = ".kamelet.yaml";

    /** Routes that ask a connector's source for news, called {@code <connector>} or {@code <connector>.<what>}. */
    static final String INTAKE = "routes/intake/";

    private RouteFiles() {}

    /** The id that the route in this file must have; null when it is no route's file. */
    static @Nullable String routeId(String path) {
        return path.startsWith("routes/") && path.endsWith(ROUTE) ? stem(path, ROUTE) : null;
    }

    /** The name that the Kamelet in this file must have; null when it is no Kamelet's file. */
    static @Nullable String kameletName(String path) {
        return path.startsWith("connectors/") && path.endsWith(KAMELET) ? stem(path, KAMELET) : null;
    }

    /** The connector for which a route of {@link #INTAKE} asks. */
    static String polled(String routeId) {
        return routeId.split("\\.", 2)[0];
    }

    private static String stem(String path, String suffix) {
        return path.substring(path.lastIndexOf('/') + 1, path.length() - suffix.length());
    }
}
