package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** LangChain4j's rules of who wins, for each field that only our parameters have, whichever there are. */
class ChatRequestParametersAlgebraTest {

    private static final Set<String> NOT_FIELDS =
            Set.of("overrideWith", "defaultedBy", "hashCode", "toString", "route");

    private static final ChatRequestParameters PLAIN = DefaultChatRequestParameters.builder()
            .modelName("plain")
            .temperature(0.5)
            .build();

    static Stream<Method> fields() {
        return Arrays.stream(MlflowGatewayChatRequestParameters.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getParameterCount() == 0 && !NOT_FIELDS.contains(method.getName()));
    }

    @Test
    void all_fields_of_ours_are_tried() {
        assertThat(fields().map(Method::getName))
                .contains(
                        "n",
                        "seed",
                        "user",
                        "reasoningEffort",
                        "parallelToolCalls",
                        "logprobs",
                        "topLogprobs",
                        "metadata",
                        "customHeaders",
                        "customParameters",
                        "timeout");
    }

    @ParameterizedTest
    @MethodSource("fields")
    void what_is_set_on_the_right_wins_and_what_is_not_leaves_the_left(Method field) throws Exception {
        MlflowGatewayChatRequestParameters one = with(field, 1);
        MlflowGatewayChatRequestParameters two = with(field, 2);

        assertThat(one.overrideWith(two)).isEqualTo(two);
        assertThat(one.defaultedBy(two)).isEqualTo(one);
        assertThat(one.overrideWith(MlflowGatewayChatRequestParameters.EMPTY)).isEqualTo(one);
        assertThat(MlflowGatewayChatRequestParameters.EMPTY.defaultedBy(one)).isEqualTo(one);
    }

    @ParameterizedTest
    @MethodSource("fields")
    void plain_parameters_on_either_side_keep_it(Method field) throws Exception {
        MlflowGatewayChatRequestParameters one = with(field, 1);
        Object value = field.invoke(one);

        for (ChatRequestParameters merged : List.of(
                one.overrideWith(PLAIN),
                one.defaultedBy(PLAIN),
                PLAIN.overrideWith(one),
                PLAIN.defaultedBy(one),
                DefaultChatRequestParameters.EMPTY.overrideWith(one))) {
            assertThat(merged).isInstanceOf(MlflowGatewayChatRequestParameters.class);
            assertThat(field.invoke(merged)).isEqualTo(value);
        }
        assertThat(PLAIN.overrideWith(one).modelName()).isEqualTo("plain");
        assertThat(one.overrideWith(PLAIN).temperature()).isEqualTo(0.5);
    }

    @ParameterizedTest
    @MethodSource("fields")
    void it_counts_for_equality_and_is_printed(Method field) throws Exception {
        MlflowGatewayChatRequestParameters one = with(field, 1);

        assertThat(one).isEqualTo(with(field, 1)).hasSameHashCodeAs(with(field, 1));
        assertThat(one)
                .isNotEqualTo(with(field, 2))
                .isNotEqualTo(MlflowGatewayChatRequestParameters.EMPTY)
                .isNotEqualTo(PLAIN);
        assertThat(one.toString())
                .contains(field.getName() + "=")
                .isNotEqualTo(MlflowGatewayChatRequestParameters.EMPTY.toString());
    }

    @ParameterizedTest
    @MethodSource("fields")
    void null_unsets_it(Method field) throws Exception {
        MlflowGatewayChatRequestParameters.Builder builder = MlflowGatewayChatRequestParameters.builder();
        set(builder, field, value(field.getReturnType(), 1));
        set(builder, field, null);

        assertThat(builder.build()).isEqualTo(MlflowGatewayChatRequestParameters.EMPTY);
    }

    @Test
    void empty_lists_and_maps_override_nothing() {
        ToolSpecification tool = ToolSpecification.builder().name("tool").build();
        MlflowGatewayChatRequestParameters full = MlflowGatewayChatRequestParameters.builder()
                .stopSequences("stop")
                .toolSpecifications(tool)
                .metadata(Map.of("a", "b"))
                .customHeaders(Map.of("A", "b"))
                .customParameters(Map.of("a", 1))
                .build();
        MlflowGatewayChatRequestParameters none = MlflowGatewayChatRequestParameters.builder()
                .stopSequences(List.of())
                .toolSpecifications(List.of())
                .metadata(Map.of())
                .customHeaders(Map.of())
                .customParameters(Map.of())
                .build();

        assertThat(full.overrideWith(none)).isEqualTo(full);
        assertThat(none.defaultedBy(full)).isEqualTo(full);
        assertThat(none).isEqualTo(MlflowGatewayChatRequestParameters.EMPTY);
    }

    private static MlflowGatewayChatRequestParameters with(Method field, int number) throws Exception {
        MlflowGatewayChatRequestParameters.Builder builder = MlflowGatewayChatRequestParameters.builder();
        set(builder, field, value(field.getReturnType(), number));
        return builder.build();
    }

    private static void set(MlflowGatewayChatRequestParameters.Builder builder, Method field, @Nullable Object value)
            throws Exception {
        MlflowGatewayChatRequestParameters.Builder.class
                .getMethod(field.getName(), field.getReturnType())
                .invoke(builder, value);
    }

    private static Object value(Class<?> type, int number) {
        Map<Class<?>, Object> values = Map.of(
                Integer.class,
                number,
                String.class,
                "text " + number,
                Boolean.class,
                number == 1,
                Duration.class,
                Duration.ofSeconds(number),
                Map.class,
                Map.of("key" + number, "v"));
        return Objects.requireNonNull(values.get(type), type::getName);
    }
}
