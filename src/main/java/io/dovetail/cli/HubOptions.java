package io.dovetail.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which running hub a command speaks to. */
final class HubOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "the hub's address; default: that in DATA/run.json, or http://127.0.0.1:8080")
    @Nullable
    String url;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the hub's data directory; default: HUB_DATA, or else the checkout's data/")
    @Nullable
    Path data;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "certificates (PEM) to trust for the hub's; default: HUB_TRUST, or Java's own")
    @Nullable
    Path trust;

    @Option(
            names = "--operator",
            paramLabel = "NAME",
            description = "who asks; the password is HUB_OPERATOR_PASSWORD, or is asked for. Default: HUB_OPERATOR,"
                    + " or else admin with the password in the hub's secrets")
    @Nullable
    String operator;
}
