package io.mlflowgateway.server.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferencesTest {
    private static final String CHAT = "{'name':'chat','type':'llm/v1/chat','model':{'provider':'echo','name':'m'}}";

    private static Map<String, JsonNode> routes(String... routes) throws Exception {
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        for (String route : routes) {
            JsonNode json = Json.tree(route.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
            byName.put(json.path("name").asText(), json);
        }
        return byName;
    }

    @Test
    void the_same_in_another_order_is_no_difference() throws Exception {
        String other = CHAT.replace("'chat'", "'other'");

        Differences differences = Differences.between(routes(CHAT, other), routes(other, CHAT));

        assertThat(differences.none()).isTrue();
        assertThat(differences.lines()).isEmpty();
    }

    @Test
    void what_comes_and_what_goes_is_described() throws Exception {
        Differences differences = Differences.between(routes(CHAT), routes(CHAT.replace("'chat'", "'new'")));

        assertThat(differences.none()).isFalse();
        assertThat(differences.lines())
                .containsExactly(
                        "+ new (type llm/v1/chat, model.provider echo, model.name m)",
                        "- chat (type llm/v1/chat, model.provider echo, model.name m)");
        assertThat(differences).hasToString("1 added, 1 removed, 0 changed");
    }

    @Test
    void every_field_that_changed_is_told_with_old_and_new() throws Exception {
        String before = "{'name':'a','type':'x','destinations':{'one':70,'two':30},'own':{'timeouts.total':'9s'}}";
        String after = "{'name':'a','type':'y','destinations':{'one':60,'three':40},'limit':{'calls':5}}";

        assertThat(Differences.between(routes(before), routes(after)).lines())
                .containsExactly(
                        "~ a",
                        "    type: x -> y",
                        "    destinations.one: 70 -> 60",
                        "    destinations.three: none -> 40",
                        "    limit.calls: none -> 5",
                        "    destinations.two: 30 -> none",
                        "    own.timeouts.total: 9s -> none");
    }

    @Test
    void a_change_inside_a_list_is_told_by_its_place() throws Exception {
        String before = "{'name':'a','targets':[{'name':'one','weight':1},{'name':'two','weight':1}]}";
        String after =
                "{'name':'a','targets':[{'name':'one','weight':1},{'name':'two','weight':3}],'capabilities':['x']}";

        assertThat(Differences.between(routes(before), routes(after)).lines())
                .containsExactly("~ a", "    targets[1].weight: 1 -> 3", "    capabilities[0]: none -> x");
    }

    @Test
    void what_a_terminal_obeys_is_not_printed() throws Exception {
        String evil = "{'name':'a\\u001b[2J','type':'x\\u202e\\n'}";

        assertThat(Differences.between(routes(), routes(evil)).lines()).containsExactly("+ a?[2J (type x??)");
    }
}
