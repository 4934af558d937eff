package io.dovetail.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangesTest {

    private static JsonNode json(String text) {
        try {
            return new JsonCodec().read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode places(String was, String now) {
        return Changes.between(json(was), json(now)).path("places");
    }

    @Test
    void tellWhatWasAndIs() {
        assertThat(places("{'a': {'b': 'two', 'c': 1}, 'd': [1, 2]}", "{'d': [1, 3, 4], 'a': {'b': 2, 'x/y': null}}"))
                .isEqualTo(json("""
                        [{'place': '/a/b', 'was': '\\'two\\'', 'now': '2'}, {'place': '/a/c', 'was': '1'},
                         {'place': '/a/x~1y', 'now': 'null'}, {'place': '/d/1', 'was': '2', 'now': '3'},
                         {'place': '/d/2', 'now': '4'}]
                        """));
    }

    @Test
    void areNoneOfWhatIsOnlyWrittenOtherwise() {
        assertThat(places("{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}")).isEmpty();
    }

    @Test
    void tellThatTheWholeIsAnotherThing() {
        assertThat(places("{'a': 1}", "[1]")).isEqualTo(json("[{'place': '/', 'was': '{\\'a\\':1}', 'now': '[1]'}]"));
    }

    @Test
    void areBoundedWhateverIsSent() {
        var many = IntStream.range(0, 2 * Changes.MOST).mapToObj(n -> "0").collect(Collectors.joining(",", "[", "]"));
        var all = Changes.between(json(many), json(many.replace('0', '1')));
        assertThat(all.path("places")).hasSize(Changes.MOST);
        assertThat(all.path("more").asInt()).isEqualTo(Changes.MOST);
        var longOne = places("['']", "['" + "x".repeat(10_000) + "']").get(0);
        assertThat(longOne.path("now").asText()).hasSize(Changes.LONGEST + 1).endsWith("…");
    }
}
