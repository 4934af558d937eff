package io.dovetail.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** All systems that the demo plays for the hub to ask, to listen to and to write to. */
final class Neighbours implements AutoCloseable {

    private final ErpSystems erp;
    private final PlmSystems plm = new PlmSystems();
    private final TicketSystems tickets = new TicketSystems();
    private final IdentityProviders identities = new IdentityProviders();
    private final SalesAndLearning others = new SalesAndLearning();
    private final List<Neighbour> all;

    /** @param folder what an SFTP server serves */
    Neighbours(Path folder) throws Exception {
        erp = new ErpSystems(folder);
        all = Stream.of(erp.all(), plm.all(), tickets.all(), identities.all(), others.all())
                .flatMap(List::stream)
                .toList();
    }

    List<Neighbour> all() {
        return all;
    }

    /** Lets the connectors below {@code root} ask these systems: where they are, without TLS, and every second. */
    void areAskedBelow(Path root) {
        for (var neighbour : all) {
            // what samples say of its answers must be of the same place
            files(root.resolve("connectors").resolve(neighbour.connector()), ".kamelet.yaml", "answers.json")
                    .forEach(file -> change(file, text -> withPlaces(neighbour, file, text)));
            files(root.resolve("routes/intake"), ".camel.yaml").stream()
                    .filter(file -> file.getFileName().toString().startsWith(neighbour.connector() + "."))
                    .forEach(file -> change(file, text -> text.replaceAll("every: PT\\d{1,2}[SM]\\b", "every: PT1S")));
        }
        Office.into(root, all);
    }

    private static String withPlaces(Neighbour neighbour, Path file, String text) {
        var changed = text;
        for (var place : neighbour.places()) {
            if (file.endsWith(place.kamelet() + ".kamelet.yaml")) {
                changed = changed.replace(place.piece(), place.instead());
            }
        }
        // without TLS the hub speaks with this machine alone, and a secret might name another one
        for (var secret : neighbour.secrets().entrySet()) {
            changed = changed.replace("https://{{" + secret.getKey() + "}}", "http://" + secret.getValue());
        }
        return changed;
    }

    private static List<Path> files(Path folder, String... endings) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void change(Path file, UnaryOperator<String> how) {
        try {
            Files.write(file, how.apply(Files.readString(file)).getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        erp.close();
        plm.close();
        tickets.close();
        identities.close();
        others.close();
    }
}
