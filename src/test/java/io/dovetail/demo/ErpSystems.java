package io.dovetail.demo;

import io.dovetail.counterpart.S4;
import io.dovetail.counterpart.SapDouble;
import io.dovetail.counterpart.SftpDouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** SAP in both its ways, and partners who speak EDI. */
final class ErpSystems implements AutoCloseable {

    private final Path folder;
    private final SftpDouble sftp;
    private final S4 s4 = S4.start();
    private final SapDouble sap = new SapDouble();

    ErpSystems(Path folder) throws IOException, GeneralSecurityException {
        this.folder = Files.createDirectories(folder);
        sftp = new SftpDouble(folder);
    }

    List<Neighbour> all() throws IOException, GeneralSecurityException {
        return List.of(
                sales(),
                Neighbour.of("sap-idoc", "SFTP server, IDoc receiver", "SFTP")
                        .knownBy(folder("sap-idoc"))
                        .knownBy(Map.of(
                                "sap-idoc.host", sap.host(),
                                "sap-idoc.user", SapDouble.USER,
                                "sap-idoc.password", SapDouble.PASSWORD))
                        .tells(
                                1,
                                outside -> put(
                                        "sap-idoc/orders.xml",
                                        outside.sample(
                                                "sap-idoc",
                                                "order-placed-small",
                                                "4500017424",
                                                "4500077003",
                                                "0000000000718805",
                                                "0000000000777003")))
                        .isToldTo(
                                "IDoc received",
                                () -> sap.received().size() == 1,
                                Office.set("idoc", "{ \"E1EDK01\": { \"BELNR\": \"4711\" } }"),
                                """
                                - to:
                                    uri: kamelet:sap-idoc-send
                                    parameters:
                                      client: "100"
                                      basicType: ORDERS05
                                      messageType: ORDERS
                                      sender: DOVETAIL
                                      receiver: P41CLNT410
                                      receiverPort: SAPP41
                                """),
                edi("edi-x12", "order-placed", "0004711", "00770", "000000905", "0000009", "997", "AK5*A~"),
                edi("edi-edifact", "order-placed-small", "B10001", "B770", "+909'", "+9", "CONTRL", "+7'"));
    }

    private Neighbour sales() {
        return Neighbour.of("sap-s4", "OData gateway", "poll")
                .knownBy(Map.of("sap-s4.host", s4.host(), "sap-s4.user", "hub", "sap-s4.password", "s3cret"))
                .tells(3, outside -> {
                    var soon = Instant.now().plusSeconds(10);
                    s4.salesOrder("70001", soon, "3", "2.000");
                    s4.purchaseOrder("4500077001", soon, "5");
                    // what the hub makes there is news, too
                    s4.sales().at(soon);
                })
                .isToldTo(
                        "order made, CSRF token",
                        () -> s4.sales().orders().size() == 1,
                        Office.set("salesOrder", """
                                {
                                  "SalesOrderType": "OR",
                                  "SoldToParty": "17100001",
                                  "PurchaseOrderByCustomer": "PO-77002",
                                  "to_Item": [{ "SalesOrderItem": "10", "Material": "TG11", "RequestedQuantity": "3" }]
                                }
                                """),
                        Office.call("sap-s4-create-sales-order"));
    }

    /** One order as a file, and one by HTTP, which is acknowledged. */
    private Neighbour edi(
            String connector,
            String sample,
            String order,
            String otherOrder,
            String control,
            String otherControl,
            String acknowledgement,
            String accepted)
            throws IOException, GeneralSecurityException {
        var answer = new AtomicReference<>("");
        var end = control.endsWith("'") ? "'" : "";
        return Neighbour.of(connector, "SFTP server, HTTP client", "SFTP and HTTP")
                .knownBy(folder(connector))
                .tells(2, outside -> {
                    put(
                            connector + "/order.edi",
                            outside.sample(
                                    connector, sample, order, otherOrder + "01", control, otherControl + "77" + end));
                    var second = outside.sample(
                            connector, sample, order, otherOrder + "02", control, otherControl + "78" + end);
                    answer.set(outside.deliver(connector, second).text());
                })
                .isToldTo(
                        acknowledgement + " answered",
                        () -> answer.get().contains(acknowledgement)
                                && answer.get().contains(accepted));
    }

    private Map<String, String> folder(String connector) throws IOException, GeneralSecurityException {
        Files.createDirectories(folder.resolve(connector));
        return Map.of(
                connector + ".sftp-folder", sftp.address("/" + connector),
                connector + ".sftp-host-key", sftp.hostKey(),
                connector + ".sftp-private-key", sftp.privateKey());
    }

    /** As one that has been whole for a minute. */
    private void put(String name, byte[] content) {
        try {
            var part = Files.write(folder.resolve(name + ".part"), content);
            Files.setLastModifiedTime(part, FileTime.from(Instant.now().minusSeconds(60)));
            Files.move(part, folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        sftp.close();
        s4.close();
        sap.close();
    }
}
