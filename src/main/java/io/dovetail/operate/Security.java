package io.dovetail.operate;

import io.dovetail.ledger.Refusals;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;

/** Every door is shut unless it is named here. Deliveries prove themselves to their connector (room intake). */
@Configuration(proxyBeanMethods = false)
class Security {

    /** Only the firewall looks at deliveries and handshakes: their proof is the connector's business. */
    @Bean
    @Order(0)
    SecurityFilterChain deliveryDoors() {
        var paths = PathPatternRequestMatcher.withDefaults();
        // behind the name may be a proof, and the connector says whether
        return new DefaultSecurityFilterChain(
                new OrRequestMatcher(paths.matcher("/in/{connector}"), paths.matcher("/in/{connector}/{tail}")));
    }

    @Bean
    @Order(1)
    SecurityFilterChain managementDoors(HttpSecurity http, Doorkeeper doorkeeper) throws Exception {
        return stateless(doorkeeper, http.securityMatcher(EndpointRequest.toAnyEndpoint()))
                .authorizeHttpRequests(requests -> requests.requestMatchers(EndpointRequest.to(HealthEndpoint.class))
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain apiDoors(HttpSecurity http, Doorkeeper doorkeeper) throws Exception {
        return stateless(doorkeeper, http.securityMatcher("/api/**"))
                .authorizeHttpRequests(requests -> requests.requestMatchers("/api/audit", "/api/audit/**")
                        .hasRole(Role.APPROVER.name())
                        // whole bodies, with all that contracts mark as sensitive
                        .requestMatchers("/api/deliveries/*/payload", "/api/events/*/published")
                        .hasRole(Role.REPAIRER.name())
                        .requestMatchers(HttpMethod.POST, "/api/*/*/approve", "/api/*/*/refuse")
                        .hasRole(Role.APPROVER.name())
                        .requestMatchers(HttpMethod.POST)
                        .hasRole(Role.REPAIRER.name())
                        .requestMatchers(HttpMethod.GET)
                        .hasRole(Role.VIEWER.name())
                        .requestMatchers(HttpMethod.HEAD)
                        .hasRole(Role.VIEWER.name())
                        .anyRequest()
                        .hasRole(Role.ADMIN.name()))
                .build();
    }

    @Bean
    @Order(3)
    SecurityFilterChain otherDoors(HttpSecurity http, Doorkeeper doorkeeper) throws Exception {
        return stateless(doorkeeper, http)
                .authorizeHttpRequests(requests -> requests.requestMatchers("/error")
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .build();
    }

    /** No page of another site has any business here, so browsers get no answer when they ask for one. */
    @Bean
    HttpFirewall firewall() {
        return new Firewall();
    }

    private static final class Firewall extends StrictHttpFirewall {

        private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

        private final StrictHttpFirewall ofDeliveries = new StrictHttpFirewall();

        Firewall() {
            setAllowedHttpMethods(METHODS);
            // no database text holds a NUL, so no question with one has an answer
            setAllowedParameterValues(value -> value.indexOf('\0') < 0);
            // a vendor's server may ask by OPTIONS whether it may send; a browser gets no for an answer
            ofDeliveries.setAllowedHttpMethods(
                    Stream.concat(METHODS.stream(), Stream.of("OPTIONS")).toList());
        }

        @Override
        public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
            return request.getRequestURI().startsWith("/in/")
                    ? ofDeliveries.getFirewalledRequest(request)
                    : super.getFirewalledRequest(request);
        }
    }

    @Bean
    AuthenticationProvider operatorLogin(Operators operators, OperatorSettings settings) {
        return new OperatorLogin(
                operators,
                new FailedLogins(settings.failuresPerMinute(), TimeMeter.SYSTEM_NANOTIME),
                new ProvenPasswords(System::nanoTime));
    }

    @Bean
    Doorkeeper doorkeeper(Refusals refusals, MeterRegistry meters) {
        return new Doorkeeper(refusals, meters);
    }

    private static HttpSecurity stateless(Doorkeeper doorkeeper, HttpSecurity http) throws Exception {
        // a browser that knows the password sends it by itself, but never with a JSON body from another site
        return http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .exceptionHandling(
                        refused -> refused.authenticationEntryPoint(doorkeeper).accessDeniedHandler(doorkeeper))
                // RefusedRequests knows an operator by it
                .httpBasic(basic -> basic.authenticationEntryPoint(doorkeeper)
                        .securityContextRepository(new RequestAttributeSecurityContextRepository()));
    }
}
