package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.testing.AwsFrames;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each provider with a wire of its own over real sockets, configured as an operator does: its fixtures go in and out. */
class ProvidersIT {
    private enum Wire {
        ANTHROPIC("claude-3-5-sonnet-20241022", "/v1", "/v1/messages", "/v1/messages"),
        GEMINI(
                "gemini-2.5-flash",
                "/v1beta",
                "/v1beta/models/gemini-2.5-flash:generateContent",
                "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"),
        COHERE("command-a", "", "/v2/chat", "/v2/chat"),
        BEDROCK(
                "eu.anthropic.claude-3-5-sonnet-20241022-v2:0",
                "",
                "/model/eu.anthropic.claude-3-5-sonnet-20241022-v2%3A0/converse",
                "/model/eu.anthropic.claude-3-5-sonnet-20241022-v2%3A0/converse-stream");

        private final String model;
        private final String base;
        private final String path;
        private final String streamPath;

        Wire(String model, String base, String path, String streamPath) {
            this.model = model;
            this.base = base;
            this.path = path;
            this.streamPath = streamPath;
        }

        private String provider() {
            return name().toLowerCase(Locale.ROOT);
        }

        private String fixture(String file) {
            try (InputStream in = ProvidersIT.class.getResourceAsStream("/provider/" + provider() + "/" + file)) {
                assertThat(in).as(file).isNotNull();
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private TestGateway inFrontOf(ScriptedUpstream upstream) {
            String root = upstream.base().replaceAll("/v1$", "");
            return TestGateway.with("""
                    endpoints:
                      - name: chat
                        endpoint_type: llm/v1/chat
                        model:
                          provider: %s
                          name: %s
                          config: %s
                    """.formatted(provider(), model, config(root + base)));
        }

        private String config(String url) {
            return this == BEDROCK
                    ? "{aws_config: {aws_region: eu-central-1, endpoint_url: '%s', aws_access_key_id: AKIDEXAMPLE, "
                                    .formatted(url)
                            + "aws_secret_access_key: fake-secret-key}}"
                    : "{%s_api_key: key-1234567, %s_api_base: '%s'}".formatted(provider(), provider(), url);
        }

        private String streamType() {
            return this == BEDROCK ? "application/vnd.amazon.eventstream" : "text/event-stream";
        }

        /** A file's events, in the framing of the provider. */
        private byte[] stream(String file) {
            if (this != BEDROCK) {
                return fixture(file).getBytes(StandardCharsets.UTF_8);
            }
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (String block : fixture(file).split("\n\n")) {
                String name = block.substring("event: ".length(), block.indexOf('\n'));
                String data = block.substring(block.indexOf("data: ") + "data: ".length());
                frames.writeBytes(
                        name.startsWith(Framing.EXCEPTION)
                                ? AwsFrames.exception(name.substring(Framing.EXCEPTION.length()), data)
                                : AwsFrames.event(name, data));
            }
            return frames.toByteArray();
        }
    }

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    private ScriptedUpstream answering(String type, String body) {
        return answering(type, body.getBytes(StandardCharsets.UTF_8));
    }

    private ScriptedUpstream answering(String type, byte[] body) {
        return new ScriptedUpstream(exchange -> {
            asked.add(exchange.head().split(" ")[1]);
            bodies.add(exchange.body());
            exchange.send("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
                            + "\r\n\r\n")
                    .send(body);
        });
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void a_call_goes_out_and_comes_back_as_the_files_say(Wire wire) {
        try (ScriptedUpstream upstream = answering("application/json", wire.fixture("tools-response.json"));
                TestGateway gateway = wire.inFrontOf(upstream)) {
            String call = wire.fixture("chat-request.json")
                    .replaceFirst("\\{", "{\"model\":\"chat\",")
                    .replace("\"model\": \"support-chat\",", "");

            HttpResponse<String> answer = gateway.post("/v1/chat/completions", call);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(asked).containsExactly(wire.path);
            assertThat(ProviderContract.json(bodies.get(0)))
                    .isEqualTo(ProviderContract.json(wire.fixture("chat-upstream.json")));
            JsonNode choice = ProviderContract.json(answer.body()).at("/choices/0");
            assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
            assertThat(choice.at("/message/tool_calls/0/function/arguments").asText())
                    .isEqualTo("{\"city\":\"東京\"}");
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void a_stream_amounts_to_the_whole_answer_at_the_client(Wire wire) {
        try (ScriptedUpstream upstream = answering(wire.streamType(), wire.stream("tools.sse"));
                TestGateway gateway = wire.inFrontOf(upstream)) {

            HttpResponse<String> answer = gateway.post(
                    "/v1/chat/completions",
                    "{\"model\":\"chat\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                            + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

            assertThat(asked).containsExactly(wire.streamPath);
            assertThat(answer.body()).endsWith("data: [DONE]\n\n");
            ObjectNode assembled = Assembled.of(pieces(answer.body()));
            assertThat(assembled.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
            assertThat(assembled.at("/choices/0/message/tool_calls")).hasSize(2);
            assertThat(assembled.at("/usage/prompt_tokens").asInt()).isEqualTo(30);
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void a_stream_that_breaks_in_the_middle_never_looks_complete(Wire wire) {
        try (ScriptedUpstream upstream = answering(wire.streamType(), wire.stream("error-stream.sse"));
                TestGateway gateway = wire.inFrontOf(upstream)) {

            HttpResponse<String> answer = gateway.post(
                    "/v1/chat/completions",
                    "{\"model\":\"chat\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

            assertThat(answer.body()).contains("\"error\"").doesNotContain("[DONE]");
        }
    }

    private static List<Piece> pieces(String stream) {
        List<Piece> pieces = new ArrayList<>();
        Stream.of(stream.split("\n\n"))
                .map(event -> event.substring("data: ".length()))
                .filter(data -> !data.equals("[DONE]"))
                .forEach(data -> pieces.add(new Piece(
                        data.getBytes(StandardCharsets.UTF_8), Optional.empty(), data.contains("\"choices\":[]"))));
        return pieces;
    }
}
