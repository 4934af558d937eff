package io.dovetail;

import io.dovetail.relay.artemis.Broker;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.integration.IntegrationAutoConfiguration;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** The hub in the JVM of the tests, joined as it is for people, without the command around it. */
public final class TestHub {

    private TestHub() {}

    /** @param settings stand above the environment and {@code application.yaml} */
    public static ConfigurableApplicationContext start(Map<String, Object> settings) {
        return start(settings, Map.of());
    }

    /** @param standIns take the places of the hub's own beans of these names */
    public static ConfigurableApplicationContext start(Map<String, Object> settings, Map<String, Object> standIns) {
        var application = new SpringApplication(HubApplication.class);
        application.setRegisterShutdownHook(false);
        // the tests' own logging stays as it is, and what Tomcat says goes there too
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        application.setListeners(application.getListeners().stream()
                .filter(listener -> !(listener instanceof LoggingApplicationListener))
                .toList());
        var all = new HashMap<>(settings);
        // Citrus brings these onto the class path of the tests
        all.put("spring.autoconfigure.exclude", IntegrationAutoConfiguration.class.getName());
        application.addInitializers(
                context -> context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", all)));
        application.setAllowBeanDefinitionOverriding(!standIns.isEmpty());
        application.addInitializers(context -> standIns.forEach(
                (name, bean) -> standIn((GenericApplicationContext) context, name, bean.getClass(), bean)));
        return application.run();
    }

    private static <T> void standIn(GenericApplicationContext context, String name, Class<T> type, Object bean) {
        context.registerBean(name, type, () -> type.cast(bean));
    }

    /** Its broker, for whoever has to break it. */
    public static Broker broker(ApplicationContext hub) {
        return hub.getBean(Foundation.class).broker();
    }

    /** The sentence that {@code hub run} tells a person of a start that failed. */
    public static String whyNot(Throwable thrown) {
        return WhyNot.of(thrown);
    }
}
