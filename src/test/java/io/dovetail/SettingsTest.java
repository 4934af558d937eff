package io.dovetail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dovetail.check.DealdeskExample;
import io.dovetail.check.Tree;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.flow.FlowSettings;
import io.dovetail.intake.IntakeSettings;
import io.dovetail.operate.AuditSettings;
import io.dovetail.operate.OperatorSettings;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.autoconfigure.web.ErrorProperties.IncludeAttribute;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties.ForwardHeadersStrategy;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.unit.DataSize;

/** The names and defaults that people and images rely on. */
class SettingsTest {

    private static final PortTls PLAIN = new PortTls(false, false, Set.of());
    private static final PortTls TLS = new PortTls(true, false, Set.of());
    private static final Optional<String> NO_RISK = Optional.empty();

    @TempDir
    Path directory;

    private static Binder with(Map<String, Object> variables) throws IOException {
        return Binder.get(environment(variables));
    }

    private static StandardEnvironment environment(Map<String, Object> variables) throws IOException {
        var environment = new StandardEnvironment();
        var sources = environment.getPropertySources();
        sources.forEach(source -> sources.remove(source.getName()));
        sources.addLast(new SystemEnvironmentPropertySource("systemEnvironment", variables));
        new YamlPropertySourceLoader()
                .load("application", new ClassPathResource("application.yaml"))
                .forEach(sources::addLast);
        ConfigurationPropertySources.attach(environment);
        return environment;
    }

    private static HubSettings hub(Map<String, Object> variables) throws IOException {
        return with(variables).bind("hub", HubSettings.class).get();
    }

    private static File head(Map<String, Object> variables) throws IOException {
        return with(variables).bind("hub.audit", AuditSettings.class).get().head();
    }

    @Test
    void haveDefaults() throws IOException {
        assertThat(hub(Map.of()))
                .isEqualTo(new HubSettings(
                        new File("."),
                        new File("data"),
                        new File("data/secrets"),
                        false,
                        false,
                        "",
                        "",
                        "127.0.0.1",
                        5672,
                        "",
                        "",
                        List.of("workflow"),
                        Map.of(),
                        DataSize.ofMegabytes(512),
                        Duration.ofSeconds(10)));
        var binder = with(Map.of());
        assertThat(binder.bind("hub.flow", FlowSettings.class).get())
                .isEqualTo(new FlowSettings(2, 500, Duration.ofMillis(50), Duration.ofSeconds(30), 3));
        assertThat(binder.bind("hub.intake", IntakeSettings.class).get().timeout())
                .isEqualTo(Duration.ofMillis(2_500));
        assertThat(binder.bind("hub.audit", AuditSettings.class).get())
                .isEqualTo(new AuditSettings(new File("data/audit.head"), Duration.ofMinutes(1)));
        assertThat(binder.bind("hub.operators", OperatorSettings.class).get()).isEqualTo(new OperatorSettings(20));
        assertThat(binder.bind("server.port", Integer.class).get()).isEqualTo(8080);
        assertThat(binder.bind("management.server.port", Integer.class).get()).isEqualTo(9090);
        assertThat(binder.bind("management.server.address", String.class).get()).isEqualTo("127.0.0.1");
    }

    /** The defaults in the code are those of the file. */
    @Test
    void haveTheSameDefaultsWithoutTheFile() throws IOException {
        var none = new Binder(List.of());
        assertThat(none.bindOrCreate("hub", HubSettings.class)).isEqualTo(hub(Map.of()));
        var binder = with(Map.of());
        assertThat(none.bindOrCreate("hub.flow", FlowSettings.class))
                .isEqualTo(binder.bind("hub.flow", FlowSettings.class).get());
        assertThat(none.bindOrCreate("hub.intake", IntakeSettings.class))
                .isEqualTo(binder.bind("hub.intake", IntakeSettings.class).get());
        assertThat(none.bindOrCreate("hub.audit", AuditSettings.class))
                .isEqualTo(binder.bind("hub.audit", AuditSettings.class).get());
        assertThat(none.bindOrCreate("hub.keys", KeySettings.class))
                .isEqualTo(binder.bind("hub.keys", KeySettings.class).get())
                .isEqualTo(new KeySettings(List.of(), ""));
        assertThat(none.bindOrCreate("hub.repair", RepairSettings.class))
                .isEqualTo(binder.bind("hub.repair", RepairSettings.class).get())
                .isEqualTo(new RepairSettings(List.of()));
        assertThat(none.bindOrCreate("hub.operators", OperatorSettings.class))
                .isEqualTo(binder.bind("hub.operators", OperatorSettings.class).get());
    }

    @Test
    void areNamedByTheirVariables() throws IOException {
        var variables = Map.<String, Object>of(
                "HUB_PORT", "1",
                "HUB_MANAGEMENT_PORT", "2",
                "HUB_AMQP_PORT", "3",
                "HUB_MANAGEMENT_ADDRESS", "0.0.0.0",
                "HUB_DATA", "/d",
                "HUB_SECRETS", "/s",
                "HUB_ADMIN_PASSWORD", "p",
                "HUB_DATABASE_URL", "jdbc:postgresql://x/y",
                "HUB_DATABASE_OWNER_URL", "jdbc:postgresql://x/z",
                "HUB_PRODUCTION", "true");
        var hub = hub(variables);
        assertThat(hub.amqpPort()).isEqualTo(3);
        assertThat(hub.dataPath()).isEqualTo(Path.of("/d"));
        assertThat(hub.secretsPath()).isEqualTo(Path.of("/s"));
        assertThat(hub(Map.of("HUB_ROOT", "/r")).rootPath()).isEqualTo(Path.of("/r"));
        assertThat(hub.adminPassword()).isEqualTo("p");
        assertThat(hub.databaseUrl()).isEqualTo("jdbc:postgresql://x/y");
        assertThat(hub.databaseOwnerUrl()).isEqualTo("jdbc:postgresql://x/z");
        assertThat(hub.isEmbedded()).isFalse();
        assertThat(hub.production()).isTrue();
        assertThat(hub.tlsEndsBefore()).isFalse();
        assertThat(hub(Map.of("HUB_TLS_ENDS_BEFORE", "true")).tlsEndsBefore()).isTrue();
        var binder = with(variables);
        assertThat(binder.bind("server.port", Integer.class).get()).isOne();
        assertThat(binder.bind("management.server.port", Integer.class).get()).isEqualTo(2);
        assertThat(binder.bind("management.server.address", String.class).get()).isEqualTo("0.0.0.0");
        assertThat(hub(Map.of("HUB_DATA", "/d")).secretsPath()).isEqualTo(Path.of("/d/secrets"));
        assertThat(head(Map.of("HUB_DATA", "/d"))).isEqualTo(new File("/d/audit.head"));
        assertThat(head(Map.of("HUB_DATA", "/d", "HUB_AUDIT_HEAD", "/other/head")))
                .isEqualTo(new File("/other/head"));
        assertThat(hub(Map.of("HUB_RETENTION_STANDARD", "90d", "HUB_RETENTION_LONG", "3650d"))
                        .retention())
                .isEqualTo(Map.of("standard", Duration.ofDays(90), "long", Duration.ofDays(3650)));
        assertThat(with(Map.of("HUB_FLOW_PARTITIONS", "8"))
                        .bind("hub.flow", FlowSettings.class)
                        .get()
                        .partitions())
                .isEqualTo(8);
    }

    @Test
    void nameTheHostsThatKeysMayComeFrom() throws IOException {
        var keys = with(Map.of("HUB_KEYS_HOSTS", "IdP.example.com,127.0.0.1:8443"))
                .bind("hub.keys", KeySettings.class)
                .get();
        for (var allowed :
                List.of("https://idp.example.com/k", "https://IDP.example.com:443/", "https://127.0.0.1:8443/k")) {
            assertThat(keys.allows(URI.create(allowed))).as(allowed).isTrue();
        }
        for (var other : List.of(
                "http://idp.example.com/k",
                "https://idp.example.com:8443/k",
                "https://idp.example.com.evil/k",
                "https://evil/idp.example.com",
                "https://127.0.0.1/k",
                "https://localhost:8443/k",
                "https://[::ffff:127.0.0.1]:8443/k",
                "https://169.254.169.254/k")) {
            assertThat(keys.allows(URI.create(other))).as(other).isFalse();
        }
    }

    /** A slip in a name would let everybody edit alone. */
    @Test
    void nameConnectorsWhoseEditsAreApprovedAndNoOthers() throws IOException {
        var configuration = Configuration.read(Path.of("."), new Problems());
        assertThat(repair("sap-idoc,jira").approve(configuration)).containsExactlyInAnyOrder("jira", "sap-idoc");
        assertThatThrownBy(() -> repair("sap-idoc,sap_idoc,jria").approve(configuration))
                .isInstanceOf(CannotStartException.class)
                .hasMessageStartingWith("The setting hub.repair.approve cannot be used: ")
                .hasMessageContainingAll("no connector jria, sap_idoc", "jira, ", "partner-api, ", "sap-idoc");
    }

    private static RepairSettings repair(String approve) throws IOException {
        return with(Map.of("HUB_REPAIR_APPROVE", approve))
                .bind("hub.repair", RepairSettings.class)
                .get();
    }

    @Test
    void nameEverySecretThatProductionMisses() throws IOException {
        var configuration = Configuration.read(Path.of("."), new Problems());
        Files.writeString(directory.resolve("partner-api.acme.webhook"), "whsec_x");
        var secrets = new SecretFiles(directory);
        var settings = hub(Map.of("HUB_SECRETS", directory.toString(), "HUB_TLS_ENDS_BEFORE", "true"));
        assertThatThrownBy(() -> Production.require(settings, PLAIN, List.of(), configuration, secrets, NO_RISK))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContainingAll("jira.webhook", "sap-idoc.basic", "bus.workflow", "hub.admin")
                .hasMessageNotContaining("partner-api");
        assertThat(directory.resolve("jira.webhook")).doesNotExist();
        assertThat(secrets.missing(configuration, hub(Map.of("HUB_ADMIN_PASSWORD", "x"))))
                .isNotEmpty()
                .doesNotContain("hub.admin");
    }

    /** One of them would be taken for the other. */
    @Test
    void nameSendersWhomOneSecretProves() throws IOException {
        var configuration = Configuration.read(Path.of("."), new Problems());
        var secrets = new SecretFiles(directory);
        var settings = hub(Map.of("HUB_SECRETS", directory.toString(), "HUB_TLS_ENDS_BEFORE", "true"));
        secrets.makeUpMissing(configuration, settings);
        Files.writeString(directory.resolve("partner-api.acme.webhook"), "whsec_new\nwhsec_old\n");
        Files.writeString(directory.resolve("partner-api.globex.webhook"), "whsec_own\n");
        assertThat(secrets.sharedBySenders(configuration)).isEmpty();
        Files.writeString(directory.resolve("partner-api.globex.webhook"), "whsec_old\n");
        assertThatThrownBy(() -> Production.require(settings, PLAIN, List.of(), configuration, secrets, NO_RISK))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("partner-api.acme.webhook, partner-api.globex.webhook");
    }

    /** Only the system that is asked can give it. */
    @Test
    void wantTheSecretsOfOtherSystemsAndMakeUpNone() throws IOException {
        var root = directory.resolve("root");
        DealdeskExample.addTo(Tree.of(root), DealdeskExample.CRM);
        var configuration = Configuration.read(root, new Problems());
        var secrets = new SecretFiles(directory.resolve("secrets"));
        var settings = hub(Map.of("HUB_TLS_ENDS_BEFORE", "true"));
        secrets.makeUpMissing(configuration, settings);
        assertThat(secrets.missing(configuration, settings)).containsExactly("dealdesk.crm");
        assertThatThrownBy(() -> Production.require(settings, PLAIN, List.of(), configuration, secrets, NO_RISK))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("dealdesk.crm");
        assertThatThrownBy(() -> secrets.toShow("dealdesk.crm"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the secret dealdesk.crm");
        Files.writeString(directory.resolve("secrets/dealdesk.crm"), "new\nold\n");
        assertThat(secrets.missing(configuration, settings)).isEmpty();
        assertThat(secrets.toShow("dealdesk.crm")).isEqualTo("new");
        Files.writeString(directory.resolve("secrets/dealdesk.crm"), "\n");
        assertThatThrownBy(() -> secrets.toShow("dealdesk.crm")).hasMessageContaining("is empty");
    }

    @Test
    void tellAllThatStandsAgainstProductionAtOnce() throws IOException {
        var configuration = Configuration.read(Path.of("."), new Problems());
        var secrets = new SecretFiles(directory);
        var settings = hub(Map.of("HUB_SECRETS", directory.toString()));
        secrets.makeUpMissing(configuration, settings);
        Files.delete(directory.resolve("jira.webhook"));
        Files.writeString(directory.resolve("hub.admin"), "long-and-random-2f81c0\nChangeMe!23\n");
        Files.writeString(directory.resolve("bus.workflow"), "\n");
        Files.writeString(directory.resolve("operators"), "# who\nalice plain-password viewer\n");
        assertThatThrownBy(() -> Production.require(settings, PLAIN, List.of(), configuration, secrets, NO_RISK))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContainingAll(
                        "jira.webhook",
                        "are empty: bus.workflow. Put",
                        "fewer than 12 characters",
                        "everybody tries first",
                        "Secret file operators, line 2: the second word is no bcrypt hash",
                        "HUB_TLS_ENDS_BEFORE=true")
                .hasMessageNotContaining("plain-password");
    }

    /** It lets nobody in, which would be noticed late, and by those who are shut out. */
    @Test
    void beginWithNoFileOfTheirOwnThatIsEmpty() throws IOException {
        var configuration = Configuration.read(Path.of("."), new Problems());
        var secrets = new SecretFiles(directory);
        var settings = hub(Map.of("HUB_SECRETS", directory.toString()));
        secrets.makeUpMissing(configuration, settings);
        assertThatCode(() -> secrets.requireNoneEmpty(settings)).doesNotThrowAnyException();
        Files.writeString(directory.resolve("hub.admin"), "");
        Files.writeString(directory.resolve("bus.workflow"), " \n");
        assertThatThrownBy(() -> secrets.requireNoneEmpty(settings))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("are empty: bus.workflow, hub.admin. Put");
        assertThat(secrets.empty(hub(Map.of("HUB_SECRETS", directory.toString(), "HUB_ADMIN_PASSWORD", "x"))))
                .containsExactly("bus.workflow");
    }

    @Test
    void speakTlsByThemselvesOrSaySo() throws IOException {
        var root = directory.resolve("root");
        Tree.of(root, "jira");
        var yaml = root.resolve("connectors/jira/connector.yaml");
        var configuration = Configuration.read(root, new Problems());
        var secrets = new SecretFiles(directory);
        var settings = hub(Map.of("HUB_SECRETS", directory.toString()));
        secrets.makeUpMissing(configuration, settings);
        assertThatCode(() -> Production.require(settings, TLS, List.of(), configuration, secrets, NO_RISK))
                .doesNotThrowAnyException();

        Files.writeString(
                yaml,
                Files.readString(yaml)
                        .replaceFirst("verify: \\{[^}]*}", "verify: { scheme: client-certificate, secret: webhook }"));
        var wanting = Configuration.read(root, new Problems());
        assertThatThrownBy(() -> Production.require(settings, TLS, List.of(), wanting, secrets, NO_RISK))
                .hasMessageContainingAll("asks for none: jira", "server.ssl.client-auth=want")
                .hasMessageNotContaining("HUB_TLS_ENDS_BEFORE");
        assertThat(new PortTls(true, true, Set.of()).notAskedFor(wanting)).isEmpty();
    }

    /** Health's details, metrics and AMQP want passwords, which anybody between could read. */
    @Test
    void takeNoPasswordsInTheClearFromOtherMachines() throws IOException {
        var root = directory.resolve("root");
        Tree.of(root, "jira");
        var configuration = Configuration.read(root, new Problems());
        var secrets = new SecretFiles(directory);
        var open = Map.<String, Object>of(
                "HUB_SECRETS",
                directory.toString(),
                "HUB_AMQP_ADDRESS",
                "0.0.0.0",
                "HUB_MANAGEMENT_ADDRESS",
                "0.0.0.0");
        secrets.makeUpMissing(configuration, hub(open));
        assertThatThrownBy(() -> Production.require(hub(open), TLS, others(open), configuration, secrets, NO_RISK))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContainingAll(
                        "port for AMQP", "HUB_AMQP_ADDRESS", "port for management", "HUB_MANAGEMENT_ADDRESS")
                .hasMessageContaining("HUB_TLS_ENDS_BEFORE=true");
        for (var sound : List.<Map<String, Object>>of(
                Map.of("HUB_AMQP_ADDRESS", "localhost", "HUB_MANAGEMENT_ADDRESS", "::1"),
                Map.of("HUB_TLS_ENDS_BEFORE", "true"),
                // the same port as that of webhooks, or none
                Map.of("HUB_AMQP_SSL_BUNDLE", "bus", "HUB_MANAGEMENT_PORT", "8080"),
                Map.of("HUB_AMQP_SSL_BUNDLE", "bus", "HUB_MANAGEMENT_PORT", "-1"))) {
            var all = new HashMap<>(open);
            all.putAll(sound);
            assertThatCode(() -> Production.require(hub(all), TLS, others(all), configuration, secrets, NO_RISK))
                    .as(sound.toString())
                    .doesNotThrowAnyException();
        }
        var management = with(open)
                .bind("management.server", ManagementServerProperties.class)
                .get();
        assertThat(Port.ofManagement(management, TLS, environment(open))
                        .orElseThrow()
                        .inTheClear())
                .isEmpty();
    }

    @Test
    void areToldToTheAuditWhereTheyAreNotTheDefaultsAndWithoutSecrets() throws IOException {
        assertThat(GivenSettings.of(List.of(hub(Map.of())))).isEmpty();
        var given = Map.<String, Object>of(
                "HUB_ADMIN_PASSWORD", "canary",
                "HUB_DATABASE_URL", "jdbc:postgresql://db:5432/hub?user=hub_app&password=canary",
                "HUB_DATABASE_OWNER_URL", "jdbc:postgresql://hub_owner:canary@db:5432/hub",
                "HUB_RETENTION_STANDARD", "90d",
                "HUB_CONSUMERS", "workflow,other",
                "HUB_REPAIR_APPROVE", "jira,sap-idoc",
                "HUB_INTAKE_TIMEOUT", "2s");
        var intake = with(given).bind("hub.intake", IntakeSettings.class).get();
        var repair = with(given).bind("hub.repair", RepairSettings.class).get();
        var told = GivenSettings.of(List.of(hub(given), intake, repair));
        assertThat(told.properties().stream()
                        .map(setting ->
                                setting.getKey() + "=" + setting.getValue().asText()))
                .containsExactly(
                        "hub.admin-password=(set)",
                        "hub.consumers=[workflow, other]",
                        "hub.database-owner-url=(set)",
                        "hub.database-url=jdbc:postgresql://db:5432/hub",
                        "hub.intake.timeout=PT2S",
                        "hub.repair.approve=[jira, sap-idoc]",
                        "hub.retention={standard=PT2160H}");
        var local = Map.<String, Object>of("HUB_DATABASE_URL", "jdbc:postgresql:hub?user=hub_app&password=canary");
        assertThat(GivenSettings.of(List.of(hub(local)))
                        .path("hub.database-url")
                        .asText())
                .isEqualTo("jdbc:postgresql:hub");
    }

    /** Who may write them may let himself in, so that the audit tells when they are written. */
    @Test
    void nameTheFilesOfTls() throws IOException {
        var tls = with(Map.of(
                        "SPRING_SSL_BUNDLE_PEM_FRONT_KEYSTORE_CERTIFICATE", "file:/tls/front.crt",
                        "SPRING_SSL_BUNDLE_PEM_FRONT_KEYSTORE_PRIVATEKEY", "/tls/front.key",
                        "SPRING_SSL_BUNDLE_PEM_FRONT_TRUSTSTORE_CERTIFICATE", "-----BEGIN CERTIFICATE-----\nMII",
                        "SPRING_SSL_BUNDLE_PEM_BUS_KEYSTORE_CERTIFICATE", "classpath:bus.crt",
                        "SPRING_SSL_BUNDLE_JKS_BUS_TRUSTSTORE_LOCATION", "file:/tls/bus.p12"))
                .bind("spring.ssl", SslProperties.class)
                .get();
        var own = with(Map.of(
                        "SERVER_SSL_CERTIFICATE", "/tls/own.crt", "SERVER_SSL_CERTIFICATEPRIVATEKEY", "/tls/own.key"))
                .bind("server.ssl", Ssl.class)
                .get();
        assertThat(TlsFiles.of(tls, Arrays.asList(own, null)))
                .containsExactlyInAnyOrder(
                        Path.of("/tls/front.crt"),
                        Path.of("/tls/front.key"),
                        Path.of("/tls/bus.p12"),
                        Path.of("/tls/own.crt"),
                        Path.of("/tls/own.key"));
    }

    private static List<Port> others(Map<String, Object> variables) throws IOException {
        var management = with(variables)
                .bind("management.server", ManagementServerProperties.class)
                .get();
        return Stream.concat(
                        Stream.of(Port.ofAmqp(hub(variables))),
                        Port.ofManagement(management, PLAIN, environment(variables)).stream())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "Tr0ub4dor&3,fewer than 12",
        "administrator,everybody tries first",
        "Admin-Password-2026,everybody tries first",
        "changeme changeme,everybody tries first",
        "123456789012,everybody tries first",
        "correct horse battery,",
        "0123456789ab0123456789cd,"
    })
    void weighTheAdministratorsPassword(String password, @Nullable String problem) throws IOException {
        var configuration = Configuration.read(Path.of("."), new Problems());
        var settings = hub(Map.of("HUB_ADMIN_PASSWORD", password, "HUB_TLS_ENDS_BEFORE", "true"));
        var secrets = new SecretFiles(directory);
        secrets.makeUpMissing(configuration, settings);
        for (var name : secrets.missingOfOthers(configuration)) {
            Files.writeString(directory.resolve(name), "of a system that is asked");
        }
        var thrown =
                catchThrowable(() -> Production.require(settings, PLAIN, List.of(), configuration, secrets, NO_RISK));
        if (problem == null) {
            assertThat(thrown).isNull();
        } else {
            assertThat(thrown).hasMessageContaining(problem);
        }
    }

    /** Of consumers and senders, who may have several; what is made of keys is nobody's to think up. */
    @Test
    void weighThePasswordsOfConsumersAndSendersToo() throws IOException {
        var root = directory.resolve("root");
        Tree.of(root, "jira", "sap-idoc");
        var yaml = root.resolve("connectors/jira/connector.yaml");
        Files.writeString(yaml, Files.readString(yaml).replace("intake:\n", "intake:\n  amqp: {}\n"));
        var configuration = Configuration.read(root, new Problems());
        var directory = this.directory.resolve("secrets");
        var secrets = new SecretFiles(directory);
        var settings = hub(Map.of("HUB_SECRETS", directory.toString(), "HUB_TLS_ENDS_BEFORE", "true"));
        secrets.makeUpMissing(configuration, settings);
        Files.writeString(directory.resolve("jira.webhook"), "short-key\n");
        assertThatCode(() -> Production.require(settings, PLAIN, List.of(), configuration, secrets, Optional.empty()))
                .doesNotThrowAnyException();

        Files.writeString(directory.resolve("bus.workflow"), "changeme-changeme\n");
        Files.writeString(directory.resolve("jira.amqp"), "correct horse battery\nTr0ub4dor&3\n");
        Files.writeString(directory.resolve("jira.acme.amqp"), "Passwort-2026\n");
        // it is not the whole that is long
        Files.writeString(directory.resolve("sap-idoc.basic"), "a-user-with-a-long-name:hub\n");
        var thrown = catchThrowable(
                () -> Production.require(settings, PLAIN, List.of(), configuration, secrets, Optional.empty()));
        assertThat(thrown)
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("Put a long random one into it, and tell its user, as of: openssl rand -hex 24");
        assertThat(thrown.getMessage().lines().skip(1).map(line -> line.strip().replaceFirst("\\. Put .*", "")))
                .containsExactly(
                        "A password in the secret bus.workflow is one that everybody tries first",
                        "A password in the secret jira.acme.amqp is one that everybody tries first",
                        "A password in the secret jira.amqp has fewer than 12 characters",
                        "A password in the secret sap-idoc.basic has fewer than 12 characters",
                        "A password in the secret sap-idoc.basic is one that everybody tries first");
        assertThat(thrown.getMessage()).doesNotContain("changeme", "Tr0ub4dor", "2026");
    }

    @Test
    void makeUpMissingSecretsForTheirOwnerAlone() throws IOException {
        var configuration = Configuration.read(Path.of("."), new Problems());
        var secrets = directory.resolve("made/up");
        new SecretFiles(secrets).makeUpMissing(configuration, hub(Map.of()));
        assertThat(Files.readString(secrets.resolve("sap-idoc.basic"))).matches("[^:\\s]+:[0-9a-f]{48}\n");
        assertThat(Files.readString(secrets.resolve("partner-api.webhook"))).startsWith("whsec_");
        for (var name : List.of("jira.webhook", "bus.workflow", "hub.admin")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.resolve(name))))
                    .isEqualTo("rw-------");
        }
        var before = Files.readString(secrets.resolve("jira.webhook"));
        new SecretFiles(secrets).makeUpMissing(configuration, hub(Map.of()));
        assertThat(Files.readString(secrets.resolve("jira.webhook"))).isEqualTo(before);
    }

    /** What a stranger can keep busy before anybody knows who it is. A name that Spring does not know is no limit. */
    @Test
    void boundWhatAStrangerCanTake() throws IOException {
        // an empty address is none, which the handler would take for an unknown name
        var binder = with(Map.of("HUB_ADDRESS", "127.0.0.1"));
        var known = new NoUnboundElementsBindHandler(BindHandler.DEFAULT);
        var server = binder.bind("server", Bindable.of(ServerProperties.class), known)
                .get();
        var tomcat = server.getTomcat();

        assertThat(server.getForwardHeadersStrategy()).isEqualTo(ForwardHeadersStrategy.NONE);
        assertThat(server.getShutdown()).isEqualTo(Shutdown.GRACEFUL);
        assertThat(server.getHttp2().isEnabled()).isFalse();
        assertThat(server.getMaxHttpRequestHeaderSize()).isEqualTo(DataSize.ofKilobytes(8));
        assertThat(tomcat.getMaxHttpResponseHeaderSize()).isEqualTo(DataSize.ofKilobytes(4));
        assertThat(tomcat.getConnectionTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(tomcat.getKeepAliveTimeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(tomcat.getMaxKeepAliveRequests()).isEqualTo(10_000);
        assertThat(tomcat.getMaxConnections()).isEqualTo(1024);
        assertThat(tomcat.getProcessorCache()).isEqualTo(1024);
        assertThat(tomcat.getAcceptCount()).isEqualTo(256);
        assertThat(tomcat.getMaxSwallowSize()).isEqualTo(DataSize.ofKilobytes(64));
        assertThat(tomcat.getMaxParameterCount()).isEqualTo(50);
        assertThat(tomcat.getMaxHttpFormPostSize()).isEqualTo(DataSize.ofKilobytes(1));
        assertThat(tomcat.getMbeanregistry().isEnabled()).isFalse();
        var error = server.getError();
        assertThat(List.of(error.getIncludeStacktrace(), error.getIncludeMessage(), error.getIncludePath()))
                .containsOnly(IncludeAttribute.NEVER);
        assertThat(error.getWhitelabel().isEnabled()).isFalse();

        assertThat(binder.bind("spring.threads.virtual.enabled", Boolean.class).get())
                .isTrue();
        assertThat(binder.bind("spring.servlet.multipart.enabled", Boolean.class)
                        .get())
                .isFalse();
        assertThat(binder.bind("spring.mvc.formcontent.filter.enabled", Boolean.class)
                        .get())
                .isFalse();
        assertThat(binder.bind("spring.lifecycle.timeout-per-shutdown-phase", Duration.class)
                        .get())
                .isEqualTo(Duration.ofSeconds(20));
    }

    /** What a person reads who starts a hub with a setting that is of no use. */
    @ParameterizedTest
    @CsvSource({
        "HUB_RETENTION_STANDARD, 6d, hub, hub.retention.standard must be 7d or more",
        "HUB_INTAKE_MEMORY, 8MB, hub.intake, hub.intake.memory must be 16MB or more",
        "HUB_DATABASE_OWNER_URL, jdbc:postgresql://x/y, hub, hub.database-url (HUB_DATABASE_URL)",
        "HUB_INTAKE_QUEUE, many, hub.intake.queue, many"
    })
    void aSettingOfNoUseIsNamed(String variable, String value, String name, String why) throws IOException {
        var binder = with(Map.of(variable, value));
        var thrown = catchThrowable(() -> {
            binder.bind("hub", HubSettings.class);
            binder.bind("hub.intake", IntakeSettings.class);
        });
        assertThat(WhyNot.of(new IllegalStateException("a bean", thrown)))
                .startsWith("The setting " + name + " cannot be used: ")
                .contains(why);
    }
}
