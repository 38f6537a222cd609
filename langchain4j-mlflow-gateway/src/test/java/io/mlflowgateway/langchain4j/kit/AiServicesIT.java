package io.mlflowgateway.langchain4j.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageType;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.guardrail.InputGuardrail;
import dev.langchain4j.guardrail.InputGuardrailException;
import dev.langchain4j.guardrail.InputGuardrailResult;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.mlflowgateway.langchain4j.MlflowGatewayChatRequestParameters;
import io.mlflowgateway.langchain4j.MlflowGatewayTokenUsage;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** AI services in the ways LangChain4j's own tests leave out. */
@Kit
class AiServicesIT {

    interface Assistant {
        Result<String> ask(String question);
    }

    private final KitGateway gateway;

    AiServicesIT(KitGateway gateway) {
        this.gateway = gateway;
    }

    @Test
    void a_question_is_answered_from_the_nearest_of_our_own_texts() {
        EmbeddingModel embeddings = gateway.embeddings().build();
        InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        List<TextSegment> segments = Stream.of(
                        "The library opens at nine in the morning.",
                        "The ferry leaves from pier seven every two hours.")
                .map(TextSegment::from)
                .toList();
        store.addAll(embeddings.embedAll(segments).content(), segments);
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(gateway.chat().build())
                .contentRetriever(EmbeddingStoreContentRetriever.builder()
                        .embeddingStore(store)
                        .embeddingModel(embeddings)
                        .maxResults(1)
                        .build())
                .build();

        Result<String> result = assistant.ask("From which pier leaves the ferry?");

        assertThat(result.content()).isEqualTo("The ferry leaves from pier seven every two hours.");
        assertThat(result.sources())
                .extracting(source -> source.textSegment().text())
                .containsExactly("The ferry leaves from pier seven every two hours.");
    }

    static final class Adder {
        @Tool("adds two numbers")
        int add(@P("the one") int a, @P("the other") int b) {
            return a + b;
        }
    }

    @Test
    void tools_and_memory_work_together_over_several_questions() {
        ChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(gateway.chat().build())
                .tools(new Adder())
                .chatMemory(memory)
                .build();

        Result<String> first = assistant.ask("How much is 37 plus 87?");
        Result<String> second = assistant.ask("Now add 47 to the previous result");

        assertThat(first.content()).contains("124");
        assertThat(second.content()).contains("171");
        assertThat(memory.messages())
                .extracting(ChatMessage::type)
                .containsExactly(
                        ChatMessageType.USER,
                        ChatMessageType.AI,
                        ChatMessageType.TOOL_EXECUTION_RESULT,
                        ChatMessageType.AI,
                        ChatMessageType.USER,
                        ChatMessageType.AI,
                        ChatMessageType.TOOL_EXECUTION_RESULT,
                        ChatMessageType.AI);
    }

    @Test
    void the_usage_of_all_calls_of_a_question_is_summed_in_our_own_type() {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(gateway.chat().build())
                .tools(new Adder())
                .build();

        Result<String> result = assistant.ask("How much is 1 plus 2?");

        assertThat(result.tokenUsage()).isExactlyInstanceOf(MlflowGatewayTokenUsage.class);
        assertThat(result.tokenUsage().inputTokenCount())
                .isGreaterThan(result.finalResponse().tokenUsage().inputTokenCount());
    }

    record Person(String name, int age) {}

    interface PersonReader {
        Person read(String text);
    }

    @Test
    void an_object_is_asked_for_by_its_schema_where_the_model_can_do_that() {
        PersonReader reader =
                AiServices.create(PersonReader.class, gateway.chat().build());

        Person person = reader.read("Wilhelmine is 71 years old.");

        assertThat(person).isEqualTo(new Person("Wilhelmine", 71));
        JsonNode sent = sent("Wilhelmine");
        assertThat(sent.at("/response_format/json_schema/schema/properties").properties())
                .hasSize(2);
        assertThat(sent.at("/messages/0/content").asText()).isEqualTo("Wilhelmine is 71 years old.");
    }

    @Test
    void an_object_is_asked_for_in_words_where_the_model_knows_no_schemas() {
        PersonReader reader = AiServices.create(
                PersonReader.class,
                gateway.chat().supportedCapabilities(Set.of()).build());

        Person person = reader.read("Theodor is 42 years old.");

        assertThat(person).isEqualTo(new Person("Theodor", 42));
        JsonNode sent = sent("Theodor");
        assertThat(sent.has("response_format")).isFalse();
        assertThat(sent.at("/messages/0/content").asText()).contains("JSON");
    }

    interface Switchable {
        String ask(@dev.langchain4j.service.UserMessage String question, ChatRequestParameters parameters);
    }

    @Test
    void parameters_as_an_argument_send_each_question_to_its_route() {
        Switchable assistant =
                AiServices.create(Switchable.class, gateway.chat().build());
        ChatRequestParameters other =
                ChatRequestParameters.builder().modelName(KitGateway.OTHER_CHAT).build();
        ChatRequestParameters ours = MlflowGatewayChatRequestParameters.builder()
                .route(KitGateway.OTHER_CHAT)
                .seed(17)
                .build();

        assistant.ask(
                "Say 'switched by nothing'", ChatRequestParameters.builder().build());
        assistant.ask("Say 'switched by name'", other);
        assistant.ask("Say 'switched by route'", ours);

        assertThat(sent("switched by nothing").path("model").asText()).isEqualTo("model-of-chat");
        assertThat(sent("switched by name").path("model").asText()).isEqualTo("model-of-other-chat");
        assertThat(sent("switched by route").path("model").asText()).isEqualTo("model-of-other-chat");
        assertThat(sent("switched by route").path("seed").asInt()).isEqualTo(17);
    }

    /** Lets nothing in that speaks of a password. */
    static final class NoPasswords implements InputGuardrail {
        @Override
        public InputGuardrailResult validate(UserMessage message) {
            return message.singleText().contains("password") ? fatal("no passwords, please") : success();
        }
    }

    /** Lets no shouting out, and asks for the same in a low voice. */
    static final class NoShouting implements OutputGuardrail {
        @Override
        public OutputGuardrailResult validate(AiMessage message) {
            return message.text().endsWith("!") ? reprompt("too loud", "Say 'quiet now'") : success();
        }
    }

    @Test
    void an_input_guardrail_keeps_a_question_from_the_gateway() {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(gateway.chat().build())
                .inputGuardrails(new NoPasswords())
                .build();

        assertThatThrownBy(() -> assistant.ask("Say 'my password'"))
                .isInstanceOf(InputGuardrailException.class)
                .hasMessageContaining("no passwords, please");

        assertThat(allSent("my password")).isEmpty();
        assertThat(assistant.ask("Say 'my name'").content()).isEqualTo("my name");
    }

    @Test
    void an_output_guardrail_asks_the_gateway_again() {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(gateway.chat().build())
                .outputGuardrails(new NoShouting())
                .build();

        Result<String> result = assistant.ask("Say 'so loud!'");

        assertThat(result.content()).isEqualTo("quiet now");
        assertThat(sent("so loud!").path("messages")).hasSize(1);
        assertThat(sent("quiet now").path("messages")).hasSize(1);
    }

    private JsonNode sent(String words) {
        List<JsonNode> all = allSent(words);
        assertThat(all).as("requests that say %s", words).hasSize(1);
        return all.get(0);
    }

    private List<JsonNode> allSent(String words) {
        return gateway.upstream().requests().stream()
                .filter(body -> body.path("messages").toString().contains(words))
                .toList();
    }
}
