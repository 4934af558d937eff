package io.dovetail.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTemplateTest {

    private static final Map<String, String> TWO_OPTIONAL = Map.of("$filter", "{filter?}", "$top", "{top?}");

    private static String fill(String rest, Map<String, String> query, String name, @Nullable String value) {
        var values = new HashMap<String, @Nullable String>();
        values.put(name, value);
        return AddressTemplate.of("https", rest, query).fill(values::get);
    }

    @Test
    void keepsAValueInItsPlaceWhateverItHolds() {
        assertThat(fill("//crm.example.com/customers/{number}", Map.of(), "number", "4/7?a=1&b#c{d}%2F é"))
                .isEqualTo("https://crm.example.com/customers/4%2F7%3Fa%3D1%26b%23c%7Bd%7D%252F%20%C3%A9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/../b", "..\\b", "a\r\nHost: evil", "", " "})
    void takesNoValueThatLeadsElsewhere(String value) {
        assertThatThrownBy(() -> fill("//crm.example.com/customers/{number}", Map.of(), "number", value))
                .isInstanceOf(AddressTemplate.UnfitException.class)
                .hasMessageContaining("{number}");
    }

    @Test
    void leavesParametersOutForWhichThereIsNothing() {
        assertThat(fill("//erp.example.com/Orders", TWO_OPTIONAL, "filter", "a eq 'b&c'"))
                .isEqualTo("https://erp.example.com/Orders?$filter=a%20eq%20%27b%26c%27");
        assertThat(fill("//erp.example.com/Orders", TWO_OPTIONAL, "top", "5"))
                .isEqualTo("https://erp.example.com/Orders?$top=5");
        assertThat(fill("//erp.example.com/Orders", TWO_OPTIONAL, "top", " "))
                .isEqualTo("https://erp.example.com/Orders");
        assertThat(fill("//erp.example.com/Orders", Map.of("a", "{a?}", "b", "fixed&x"), "a", null))
                .isEqualTo("https://erp.example.com/Orders?b=fixed%26x");
    }

    @ParameterizedTest
    @CsvSource({
        "/audit?page=2&x=%20y, https://idp.example.com/audit?page=2&x=%20y",
        "/, https://idp.example.com/",
        "/a;b=c/d..e?to=/../f, https://idp.example.com/a;b=c/d..e?to=/../f",
    })
    void goesOnWhereAnAnswerOfTheSameHostSays(String way, String address) {
        assertThat(fill("//idp.example.com/{next...}", Map.of(), "next", way)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com/",
                "//evil.example.com/",
                "@evil.example.com/",
                ".evil.example.com/",
                "/a/../b",
                "/a/%2e%2E/b",
                // a segment's parameter, which many servers take away first
                "/..;/a",
                "/a/%2e.;x=1?b",
                "/a%2fb",
                "/a%5Cb",
                "/a\\b",
                "/a b",
                "/a\r\nHost: evil",
                "/a#b",
                ""
            })
    void staysAtTheHostWhateverAnAnswerNames(String way) {
        assertThatThrownBy(() -> fill("//idp.example.com/{next...}", Map.of(), "next", way))
                .isInstanceOf(AddressTemplate.UnfitException.class)
                .hasMessageContaining("{next...}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//{host}/a", "//user@crm.example.com/a", "//crm.example.com:x/a", "//crm.example.com/a b"})
    void isNoTemplateWhoseHostAnEventCouldChoose(String rest) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressTemplate.of("https", rest, Map.of()));
    }

    @Test
    void hasNothingBehindTheWayOn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AddressTemplate.of("https", "//idp.example.com/{next...}", Map.of("a", "b")))
                .withMessageContaining("{next...}");
    }
}
