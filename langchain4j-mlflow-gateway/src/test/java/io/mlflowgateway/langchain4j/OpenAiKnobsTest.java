package io.mlflowgateway.langchain4j;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiLanguageModel;
import dev.langchain4j.model.openai.OpenAiModelCatalog;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingLanguageModel;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever knows the builders of LangChain4j's OpenAI module finds every knob here, under the same name and of the same type. */
class OpenAiKnobsTest {

    /** What is left out, and why. */
    private static final Map<String, String> LEFT_OUT = Map.of(
            "useInputImageFormat(boolean)", "a switch between two shapes of images, of which gateways know one",
            "accumulateToolCallId(boolean)", "ids are taken as they come: whole, or repeated with each part",
            "encodingFormat(String)", "both forms are understood; customParameters asks for one",
            "readTimeout(Duration)", "firstByteTimeout and idleTimeout say which wait is meant");

    static Stream<Arguments> builders() {
        return Stream.of(
                Arguments.of(OpenAiChatModel.builder(), MlflowGatewayChatModel.builder()),
                Arguments.of(OpenAiStreamingChatModel.builder(), MlflowGatewayStreamingChatModel.builder()),
                Arguments.of(OpenAiLanguageModel.builder(), MlflowGatewayLanguageModel.builder()),
                Arguments.of(OpenAiStreamingLanguageModel.builder(), MlflowGatewayStreamingLanguageModel.builder()),
                Arguments.of(OpenAiEmbeddingModel.builder(), MlflowGatewayEmbeddingModel.builder()),
                Arguments.of(OpenAiModelCatalog.builder(), MlflowGatewayModelCatalog.builder()));
    }

    @ParameterizedTest
    @MethodSource("builders")
    void every_knob_is_here_or_left_out_for_a_reason(Object theirs, Object ours) {
        Set<String> missing = knobs(theirs);

        missing.removeAll(knobs(ours));

        assertThat(missing).isSubsetOf(LEFT_OUT.keySet());
    }

    @Test
    void what_is_said_to_be_left_out_is() {
        Set<String> present =
                builders().flatMap(pair -> knobs(pair.get()[1]).stream()).collect(toCollection(TreeSet::new));

        assertThat(present).doesNotContainAnyElementsOf(LEFT_OUT.keySet());
    }

    private static Set<String> knobs(Object builder) {
        return Arrays.stream(builder.getClass().getMethods())
                .filter(method -> method.getParameterCount() > 0 && !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !method.getDeclaringClass().equals(Object.class))
                .filter(OpenAiKnobsTest::speaksOfNoOtherModule)
                .map(OpenAiKnobsTest::signature)
                .collect(toCollection(TreeSet::new));
    }

    /** Their enums of OpenAI's model names are of no use to us; the same knobs take a text. */
    private static boolean speaksOfNoOtherModule(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .noneMatch(type -> type.getPackageName().startsWith("dev.langchain4j.model.openai"));
    }

    /** A wrapper counts as what it wraps. */
    private static String signature(Method method) {
        List<String> types = Arrays.stream(method.getParameterTypes())
                .map(type -> type == Boolean.class ? "boolean" : type.getSimpleName())
                .toList();
        return method.getName() + "(" + String.join(", ", types) + ")";
    }
}
