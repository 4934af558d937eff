package io.dovetail.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Names by which Camel, its components, brokers and frameworks are steered, in every spelling, by every channel. */
final class SteeringHeaders {

    /** Stands in every value, and in nothing that ever leaves the hub. */
    static final String MARK = "steered-by-a-stranger";

    static final List<String> NAMES = List.of(
            "CamelBeanMethodName",
            "CamelBeanParameters",
            "CamelJmsDestinationName",
            "CamelJmsDestination",
            "CamelHttpUri",
            "CamelHttpPath",
            "CamelHttpQuery",
            "CamelHttpMethod",
            "CamelHttpResponseCode",
            "CamelFileName",
            "CamelFileNameProduced",
            "CamelFilePath",
            "CamelExecCommandExecutable",
            "CamelExecCommandArgs",
            "CamelSqlQuery",
            "CamelSqlParameters",
            "CamelJacksonUnmarshalType",
            "CamelKafkaOverrideTopic",
            "CamelKafkaTopic",
            "kafka.OVERRIDE_TOPIC",
            "kafka.PARTITION_KEY",
            "kafka.KEY",
            "kafka.TOPIC",
            "CamelRedeliveryCounter",
            "CamelRedelivered",
            "CamelToEndpoint",
            "CamelSlipEndpoint",
            "CamelRecipientListEndpoint",
            "CamelTemplateContent",
            "CamelTemplatePath",
            "CamelXsltFileName",
            "CamelXsltStylesheet",
            "CamelLanguageScript",
            "CamelSchematronRules",
            "CamelCorrelationId",
            "CamelMessageHistory",
            "CamelRouteStop",
            "CamelRollbackOnly",
            "CamelCharsetName",
            "CamelJsltString",
            "CamelJsltResourceUri",
            "JMSReplyTo",
            "JMSXGroupID",
            "JMSXUserID",
            "JMSExpiration",
            "JMSDeliveryMode",
            "JMSCorrelationID",
            "JMSType",
            "_AMQ_DUPL_ID",
            "_AMQ_SCHED_DELIVERY",
            "_AMQ_GROUP_ID",
            "_AMQ_VALIDATED_USER",
            "operationName",
            "websocket.connectionKey",
            "mail.smtp.host",
            "breadcrumbId",
            "org.apache.camel.Exchange",
            "org.apache.camel.component.bean.method",
            "x-tenant",
            "X-HTTP-Method-Override");

    record Spelling(String name, UnaryOperator<String> as) {}

    static final List<Spelling> SPELLINGS = List.of(
            new Spelling("exact", name -> name),
            new Spelling("lower", name -> name.toLowerCase(Locale.ROOT)),
            new Spelling("upper", name -> name.toUpperCase(Locale.ROOT)),
            new Spelling(
                    "swapped",
                    name -> name.replace("Camel", "CAmel").replace("JMS", "jMS").replace("_AMQ", "_amQ")),
            new Spelling("jms coded", name -> name.replace(".", "_DOT_").replace("-", "_HYPHEN_")),
            new Spelling(
                    "underscored",
                    name -> name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").replace('-', '_')),
            new Spelling(
                    "look-alike",
                    name -> name.replace('a', '\u0430').replace('M', '\u041C').replace('o', '\u043E')),
            new Spelling("blank behind", name -> name + " "));

    private final Numbers numbers;
    private final Words words;

    SteeringHeaders(Words words, Numbers numbers) {
        this.words = words;
        this.numbers = numbers;
    }

    /** Every name in every spelling by every channel of the door. */
    List<Attack> cells(Door door) {
        var all = new ArrayList<Attack>();
        var templates = Template.all();
        for (var channel : door.channels()) {
            for (var spelling : SPELLINGS) {
                for (var name : NAMES) {
                    var template = templates.get(all.size() % templates.size());
                    var number = numbers.next();
                    var spelled = spelling.as.apply(name);
                    all.add(new Attack(
                            "steering",
                            channel.name() + " " + spelled + " (" + spelling.name + ")",
                            channel.ends(spelled),
                            () -> twice(channel, template.sound(number), spelled),
                            null));
                }
            }
        }
        return all;
    }

    /** As one value and as another, so that neither the first nor the last counts. */
    private Delivery twice(Door.Channel channel, Delivery delivery, String name) {
        var once = channel.put(delivery, name, MARK + " " + words.somewhere());
        return channel.put(once, name, MARK + "-again");
    }
}
