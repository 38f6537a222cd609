package io.mlflowgateway.server.provider.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Task;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatReaderTest {
    private static final String USER = "{'role':'user','content':'hi'}";

    private static ChatQuery read(String json) {
        return read(json, TemperatureRange.ZERO_TO_TWO);
    }

    private static ChatQuery read(String json, TemperatureRange range) {
        try {
            byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            return ChatReader.read(new Query(Task.CHAT, BodyScanner.scan(body), false, false, range));
        } catch (BodyScanner.Malformed e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static ChatQuery with(String members) {
        return read("{'messages':[" + USER + "]," + members + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | messages must hold at least one message",
                "{'messages':[{'role':'robot'}]} | messages[0].role must be one of",
                "{'messages':[{'role':'user','content':7}]} | messages[0].content must be a string or a list",
                "{'messages':[{'role':'user','content':[{'text':'x'}]}]} | messages[0].content[0].type is missing",
                "{'messages':[{'role':'user','content':[{'type':'image_url'}]}]} | messages[0].content[0].image_url.url is missing",
                "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':'data:,x'}]}]} | messages[0].content[0] must be a data URL",
                "{'messages':[{'role':'tool','content':'x'}]} | messages[0].tool_call_id is missing",
                "{'messages':[{'role':'assistant','tool_calls':[{'id':'1'}]}]} | messages[0].tool_calls[0] must be a call",
                "{'messages':[{'role':'assistant','tool_calls':[{'function':{}}]}]} | messages[0].tool_calls[0].function.name",
                "{'messages':[{'role':'user','content':'x'}],'tools':[{'type':'web_search'}]} | tools[0].type must be function",
                "{'messages':[{'role':'user','content':'x'}],'tools':[{'type':'function','function':{}}]} | tools[0].function.name is missing",
                "{'messages':[{'role':'user','content':'x'}],'tool_choice':'maybe'} | tool_choice must be",
                "{'messages':[{'role':'user','content':'x'}],'tool_choice':{'type':'x'}} | tool_choice must be",
                "{'messages':[{'role':'user','content':'x'}],'response_format':{'type':'xml'}} | response_format.type must be",
                "{'messages':[{'role':'user','content':'x'}],'response_format':{'type':'json_schema'}} | response_format.json_schema.schema",
            })
    void what_cannot_be_read_is_told_with_its_place(String json, String message) {
        Failure failure = catchThrowableOfType(Failure.class, () -> read(json));

        assertThat(failure.status()).isEqualTo(400);
        assertThat(failure.getMessage()).startsWith(message);
    }

    @ParameterizedTest
    @CsvSource({"n,'x',n must be a whole number", "n,1.5,n must be a whole number", "top_p,'x',top_p must be a number"})
    void a_parameter_of_another_type_is_told_by_its_name(String name, String value, String message) {
        Parameters parameters =
                with("'" + name + "':" + (value.equals("x") ? "'x'" : value)).parameters();

        Failure failure = catchThrowableOfType(Failure.class, () -> {
            parameters.choices();
            parameters.number("top_p");
        });

        assertThat(failure.getMessage()).isEqualTo(message);
    }

    @Test
    void null_is_as_good_as_absent() {
        ChatQuery query = with("'n':null,'stop':null,'temperature':null,'tool_choice':null,'response_format':null,"
                + "'max_completion_tokens':null,'max_tokens':7");

        assertThat(query.parameters().choices()).isEqualTo(1);
        assertThat(query.parameters().stops()).isEmpty();
        assertThat(query.parameters().temperature(BigDecimal.ONE)).isEmpty();
        assertThat(query.parameters().maxTokens()).contains(7);
        assertThat(query.toolChoice().mode()).isEqualTo(ToolChoice.Mode.UNSET);
        assertThat(query.format().kind()).isEqualTo(ResponseFormat.Kind.TEXT);
    }

    @Test
    void older_forms_of_tools_are_read_as_the_newer_ones() {
        ChatQuery query = read("{'messages':[" + USER + ",{'role':'assistant','content':null,'function_call':"
                + "{'name':'f','arguments':'{}'}},{'role':'function','name':'f','content':'1'}],"
                + "'functions':[{'name':'f','parameters':{'type':'object'}}],'function_call':{'name':'f'}}");

        assertThat(query.tools()).extracting(Tool::name).containsExactly("f");
        assertThat(query.toolChoice()).isEqualTo(new ToolChoice(ToolChoice.Mode.NAMED, "f", true));
        assertThat(query.turns().get(1).toolCalls()).containsExactly(new ToolCall("", "f", "{}"));
        assertThat(query.turns().get(2).role()).isEqualTo(Turn.Role.TOOL);
    }

    @Test
    void blank_texts_beside_tool_calls_are_left_out() {
        ChatQuery query = read(
                "{'messages':[{'role':'assistant','content':'','tool_calls':"
                        + "[{'id':'1','function':{'name':'f','arguments':{'a':1}}}]},{'role':'tool','tool_call_id':'1','content':'x'}]}");

        assertThat(query.turns().get(0).parts()).isEmpty();
        assertThat(query.turns()
                        .get(0)
                        .toolCalls()
                        .get(0)
                        .argumentsObject()
                        .path("a")
                        .asInt())
                .isEqualTo(1);
        assertThat(query.toolNames()).containsOnly(Map.entry("1", "f"));
    }

    @Test
    void arguments_that_are_no_object_are_the_callers_mistake() {
        for (String arguments : List.of("{", "[]", "7")) {
            Failure failure =
                    catchThrowableOfType(Failure.class, () -> new ToolCall("call_9", "f", arguments).argumentsObject());

            assertThat(failure.status()).isEqualTo(400);
            assertThat(failure.getMessage()).contains("call_9");
        }
    }

    @ParameterizedTest
    @CsvSource({"ZERO_TO_TWO,1,0.35", "ZERO_TO_ONE,1,0.7", "ZERO_TO_TWO,2,0.7", "ZERO_TO_ONE,2,1.4"})
    void temperature_is_scaled_from_the_callers_range(TemperatureRange range, BigDecimal most, BigDecimal expected) {
        ChatQuery query = read("{'messages':[" + USER + "],'temperature':0.7}", range);

        assertThat(query.parameters().temperature(most)).contains(expected);
    }

    @Test
    void a_body_of_more_values_than_a_tree_may_have_is_refused() {
        String many = "'x':[" + "{},".repeat(600_000) + "{}]";

        Failure failure = catchThrowableOfType(Failure.class, () -> with(many));

        assertThat(failure.status()).isEqualTo(400);
        assertThat(failure.getMessage()).contains("more values");
    }
}
