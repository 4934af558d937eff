package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.connector.verify.SecretFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** {@code /api} of a running hub, asked as one of its operators. */
final class Api {

    private static final String ADMIN = "admin";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client;
    private final String url;
    private final String operator;
    private final String password;

    private Api(HttpClient client, String url, String operator, String password) {
        this.client = client;
        this.url = url;
        this.operator = operator;
        this.password = password;
    }

    static Api of(Workplace workplace, HubOptions options) {
        var url = workplace.url(options.url, options.data);
        var named = options.operator != null
                ? options.operator
                : workplace.environment().get("HUB_OPERATOR");
        var operator = named == null || named.isEmpty() ? ADMIN : named;
        return new Api(
                Connection.to(workplace, options),
                url,
                operator,
                operator.equals(ADMIN) ? adminPassword(workplace, options) : password(workplace, operator));
    }

    private static String password(Workplace workplace, String operator) {
        var given = workplace.environment().get("HUB_OPERATOR_PASSWORD");
        return given != null && !given.isEmpty() ? given : workplace.prompt().secret("Password of " + operator);
    }

    private static String adminPassword(Workplace workplace, HubOptions options) {
        var given = workplace.environment().get("HUB_ADMIN_PASSWORD");
        if (given != null && !given.isEmpty()) {
            return given;
        }
        var file = workplace.secrets(null, options.data).resolve("hub.admin");
        try {
            // while it is changed, the one that is to stay stands first
            return SecretFile.secrets(Files.readString(file)).stream()
                    .findFirst()
                    .orElseThrow(
                            () -> new NotDoneException(file.toAbsolutePath().normalize() + " is empty"));
        } catch (IOException e) {
            throw new NotDoneException(
                    "no administrator's password: set HUB_ADMIN_PASSWORD, or let HUB_SECRETS or --data"
                            + " lead to the hub's secrets; there is no "
                            + file.toAbsolutePath().normalize()
                            + " (is a hub running with this data directory?)");
        }
    }

    JsonNode get(String path) {
        return get(path, PATIENCE);
    }

    /** @param patience for an answer that takes the hub its time */
    JsonNode get(String path, Duration patience) {
        return answer(HttpRequest.newBuilder().GET(), path, patience);
    }

    /** @param body null: none */
    JsonNode post(String path, @Nullable JsonNode body) {
        return post(path, body, PATIENCE);
    }

    /** @param patience for an answer that takes the hub its time */
    JsonNode post(String path, @Nullable JsonNode body, Duration patience) {
        var request = HttpRequest.newBuilder();
        if (body == null) {
            return answer(request.POST(BodyPublishers.noBody()), path, patience);
        }
        return answer(
                request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body.toString())),
                path,
                patience);
    }

    private JsonNode answer(HttpRequest.Builder request, String path, Duration patience) {
        var credential =
                Base64.getEncoder().encodeToString((operator + ":" + password).getBytes(StandardCharsets.UTF_8));
        var response = send(
                client,
                request.uri(uri(url + path))
                        .header("Authorization", "Basic " + credential)
                        .header("Accept", "application/json, application/problem+json")
                        .timeout(patience)
                        .build());
        var body = Json.read(response.body());
        if (response.statusCode() / 100 == 2) {
            return body;
        }
        throw new NotDoneException(problem(response.statusCode(), body));
    }

    private String problem(int status, JsonNode body) {
        if (status == 401) {
            return operator.equals(ADMIN)
                    ? "the hub at " + url
                            + " does not know this administrator's password; it is in HUB_ADMIN_PASSWORD or in"
                            + " the file hub.admin of the hub's secrets"
                    : "the hub at " + url + " does not know " + operator + " by this password; operators are in"
                            + " the file operators of the hub's secrets";
        }
        if (status == 403) {
            return "the role of " + operator + " at the hub at " + url + " does not allow this";
        }
        var text = new StringBuilder(body.path("title").asText("the hub answered " + status));
        if (!body.path("detail").asText("").isEmpty()) {
            text.append(": ").append(body.path("detail").asText());
        }
        for (var problem : body.path("problems")) {
            text.append("\n  ").append(problem.isTextual() ? problem.asText() : line(problem));
        }
        return text.toString();
    }

    private static String line(JsonNode problem) {
        return problem.path("place").asText() + ": " + problem.path("message").asText();
    }

    static HttpResponse<String> send(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (SSLException e) {
            throw new NotDoneException("TLS with " + request.uri().resolve("/") + " does not come about ("
                    + e.getMessage() + "); say whom to trust with --trust, and call the hub by the name in its"
                    + " certificate with --url");
        } catch (IOException e) {
            throw new NotDoneException("there is no hub at " + request.uri().resolve("/") + " (" + reason(e)
                    + "); start one with \"hub run\", or say where it is with --url");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotDoneException("interrupted");
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.net.ConnectException ? "connection refused" : String.valueOf(e.getMessage());
    }

    static URI uri(String text) {
        try {
            var uri = URI.create(text);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new NotDoneException(text + " is no address of a hub, such as http://127.0.0.1:8080");
    }
}
