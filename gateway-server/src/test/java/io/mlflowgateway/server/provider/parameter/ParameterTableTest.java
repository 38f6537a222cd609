package io.mlflowgateway.server.provider.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Task;
import org.junit.jupiter.api.Test;

class ParameterTableTest {
    @Test
    void an_open_table_takes_what_nobody_knows() {
        assertThat(ParameterTable.OPEN.of("new").kind()).isEqualTo(Treatment.Kind.FORWARD);
        assertThat(ParameterTable.OPEN.takesAll()).isTrue();
        assertThat(ParameterTable.OPEN.without("user").takesAll()).isFalse();
    }

    @Test
    void a_closed_table_takes_what_is_named_alone() {
        ParameterTable table = ParameterTable.CLOSED.forwarding("seed");

        assertThat(table.of("seed").isUnsupported()).isFalse();
        assertThat(table.of("new").isUnsupported()).isTrue();
        assertThat(table.takesAll()).isFalse();
    }

    @Test
    void a_translated_table_takes_what_is_named_and_what_openai_does_not_know() {
        ParameterTable table = ParameterTable.TRANSLATED.with(Treatment.sentAs("p"), "top_p");

        assertThat(table.of("top_p").rule()).isEqualTo("sent as p");
        assertThat(table.of("logit_bias").isUnsupported()).isTrue();
        assertThat(table.of("thinking").kind()).isEqualTo(Treatment.Kind.FORWARD);
    }

    @Test
    void openais_parameters_of_the_task_are_listed_with_the_providers_own_and_without_the_content() {
        ParameterTable table = ParameterTable.CLOSED.forwarding("model", "messages", "safe_prompt", "tools");

        assertThat(table.listed(Task.CHAT).keySet())
                .contains("safe_prompt", "tools", "user", "seed")
                .doesNotContain("model", "messages", "suffix");
        assertThat(table.listed(Task.EMBEDDINGS).keySet())
                .containsExactly("dimensions", "encoding_format", "safe_prompt", "tools", "user");
        assertThat(ParameterTable.OPEN
                        .without("dimensions", "x")
                        .listed(Task.CHAT)
                        .keySet())
                .contains("x")
                .doesNotContain("dimensions");
    }
}
