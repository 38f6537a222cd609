package io.mlflowgateway.langchain4j.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolCallsTest {

    @Test
    void servers_that_repeat_id_and_name_in_each_part_are_understood() {
        List<ToolExecutionRequest> calls = calls(
                "{'index':0,'id':'a','function':{'name':'f','arguments':'{'}}",
                "{'index':0,'id':'a','function':{'name':'f','arguments':'}'}}");

        assertThat(calls).containsExactly(call("a", "f", "{}"));
    }

    @Test
    void servers_that_give_every_call_index_zero_are_understood() {
        List<ToolExecutionRequest> calls = calls(
                "{'index':0,'id':'a','function':{'name':'f','arguments':'{1}'}}",
                "{'index':0,'id':'b','function':{'name':'f','arguments':'{2}'}}");

        assertThat(calls).containsExactly(call("a", "f", "{1}"), call("b", "f", "{2}"));
    }

    @Test
    void servers_without_index_are_understood() {
        List<ToolExecutionRequest> calls = calls(
                "{'id':'a','function':{'name':'f','arguments':'{'}}",
                "{'function':{'arguments':'}'}}",
                "{'id':'b','function':{'name':'g','arguments':'{}'}}");

        assertThat(calls).containsExactly(call("a", "f", "{}"), call("b", "g", "{}"));
    }

    @Test
    void arguments_as_an_object_and_none_at_all_are_understood() {
        List<ToolExecutionRequest> calls = calls(
                "{'index':3,'id':'a','function':{'name':'f','arguments':{'x':1}}}",
                "{'index':4,'id':'b','function':{'name':'g'}}");

        assertThat(calls).containsExactly(call("a", "f", "{\"x\":1}"), call("b", "g", "{}"));
    }

    @Test
    void a_call_without_a_name_is_refused() {
        assertThatThrownBy(() -> calls("{'index':0,'id':'a','function':{'arguments':'{}'}}"))
                .isInstanceOf(UnreadableAnswer.class);
        assertThatThrownBy(() -> calls("{'index':0,'id':'a'}")).isInstanceOf(UnreadableAnswer.class);
    }

    @Test
    void going_back_to_a_complete_call_is_refused() {
        assertThatThrownBy(() -> calls(
                        "{'index':0,'id':'a','function':{'name':'f','arguments':'{'}}",
                        "{'index':1,'id':'b','function':{'name':'g','arguments':'{}'}}",
                        "{'index':0,'function':{'arguments':'}'}}"))
                .isInstanceOf(UnreadableAnswer.class);
    }

    private static List<ToolExecutionRequest> calls(String... deltas) {
        ToolCalls calls = new ToolCalls();
        List<ChatEvent> events = new ArrayList<>();
        for (String delta : deltas) {
            events.addAll(calls.take(Json.parse(delta.replace('\'', '"')).orElseThrow()));
        }
        events.addAll(calls.finish());
        assertThat(events).filteredOn(ChatEvent.ToolCall.class::isInstance).hasSameSizeAs(calls.all());
        return calls.all();
    }

    private static ToolExecutionRequest call(String id, String name, String arguments) {
        return ToolExecutionRequest.builder()
                .id(id)
                .name(name)
                .arguments(arguments)
                .build();
    }
}
