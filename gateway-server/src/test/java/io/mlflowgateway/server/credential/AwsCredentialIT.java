package io.mlflowgateway.server.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.AwsFrames;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** STS and Bedrock on sockets of their own, and the whole gateway between them and its callers. */
class AwsCredentialIT {
    private static final String CHAT = "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";

    private final Queue<String> heads = new ConcurrentLinkedQueue<>();
    private final Queue<String> stsHeads = new ConcurrentLinkedQueue<>();
    private final Queue<String> forms = new ConcurrentLinkedQueue<>();
    private final AtomicInteger roles = new AtomicInteger();
    private final ScriptedUpstream sts = new ScriptedUpstream(this::giveKeys);

    /** Takes only the keys that were given last. */
    private final ScriptedUpstream bedrock = new ScriptedUpstream(this::answer);

    private void giveKeys(ScriptedUpstream.Exchange exchange) throws IOException {
        stsHeads.add(exchange.head());
        forms.add(exchange.body());
        String id = "ASIA" + roles.incrementAndGet();
        send(exchange, "200 OK", "text/xml", """
                <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>%s</AccessKeyId>\
                <SecretAccessKey>secret-of-role</SecretAccessKey><SessionToken>token-of-role</SessionToken>\
                <Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>""".formatted(id, Instant.now().plusSeconds(3_600)), "");
    }

    private void answer(ScriptedUpstream.Exchange exchange) throws IOException {
        heads.add(exchange.head());
        if (!exchange.head().contains("Credential=ASIA" + roles.get() + "/")) {
            send(
                    exchange,
                    "403 Forbidden",
                    "application/json",
                    "{\"message\":\"The security token included in the request is expired\"}",
                    "x-amzn-ErrorType: ExpiredTokenException\r\n");
        } else if (exchange.head().contains("/converse-stream")) {
            stream(exchange);
        } else {
            send(
                    exchange,
                    "200 OK",
                    "application/json",
                    "{\"output\":{\"message\":{\"content\":[{\"text\":\"hey\"}]}},\"stopReason\":\"end_turn\","
                            + "\"usage\":{\"inputTokens\":1,\"outputTokens\":1}}",
                    "");
        }
    }

    private static void stream(ScriptedUpstream.Exchange exchange) throws IOException {
        exchange.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\nConnection: close\r\n\r\n");
        exchange.send(AwsFrames.event("messageStart", "{\"role\":\"assistant\"}"));
        exchange.send(AwsFrames.event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"hey\"}}"));
        exchange.send(AwsFrames.event("messageStop", "{\"stopReason\":\"end_turn\"}"));
        exchange.send(AwsFrames.event("metadata", "{\"usage\":{\"inputTokens\":1,\"outputTokens\":1}}"));
    }

    private static void send(ScriptedUpstream.Exchange exchange, String status, String type, String body, String header)
            throws IOException {
        exchange.send("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\n" + header + "Content-Length: "
                + body.length() + "\r\n\r\n" + body);
    }

    @AfterEach
    void stop() {
        sts.close();
        bedrock.close();
    }

    private String config() {
        return """
                credentials:
                  - name: role
                    type: aws
                    aws_access_key_id: AKIAFAKE
                    aws_secret_access_key: secret-of-user
                    aws_role_arn: arn:aws:iam::123456789012:role/models
                    sts_endpoint_url: http://127.0.0.1:%d
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model:
                      provider: amazon-bedrock
                      name: meta.llama3-8b-instruct-v1:0
                      credential: role
                      config: {aws_config: {aws_region: eu-west-1, endpoint_url: 'http://127.0.0.1:%d/proxy'}}
                """.formatted(sts.port(), bedrock.port());
    }

    @Test
    void calls_whole_and_streamed_are_signed_with_the_keys_of_one_role() {
        try (TestGateway gateway = TestGateway.with(config())) {
            HttpResponse<String> whole = gateway.post("/v1/chat/completions", CHAT.formatted(""));
            HttpResponse<String> streamed = gateway.post("/v1/chat/completions", CHAT.formatted(",\"stream\":true"));

            assertThat(whole.body()).contains("hey");
            assertThat(streamed.body()).contains("hey").endsWith("data: [DONE]\n\n");
            assertThat(stsHeads)
                    .singleElement()
                    .satisfies(head -> assertThat(head)
                            .startsWith("POST / HTTP/1.1")
                            .contains("Credential=AKIAFAKE/")
                            .contains("accept: */*\r\n"));
            assertThat(forms)
                    .containsExactly("Action=AssumeRole&Version=2011-06-15"
                            + "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fmodels"
                            + "&RoleSessionName=mlflow-gateway&DurationSeconds=900");
            assertThat(heads)
                    .hasSize(2)
                    .allSatisfy(head -> assertThat(head)
                            .startsWith("POST /proxy/model/meta.llama3-8b-instruct-v1%3A0/converse")
                            .contains("X-Amz-Security-Token: token-of-role\r\n")
                            .contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token"));
        }
    }

    @Test
    void keys_that_end_before_their_time_cost_the_caller_nothing() {
        try (TestGateway gateway = TestGateway.with(config())) {
            assertThat(gateway.post("/v1/chat/completions", CHAT.formatted("")).statusCode())
                    .isEqualTo(200);
            roles.incrementAndGet();

            HttpResponse<String> answer = gateway.post("/v1/chat/completions", CHAT.formatted(""));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(forms).hasSize(2);
        }
    }

    @Test
    void many_callers_at_once_ask_sts_once() {
        try (TestGateway gateway = TestGateway.with(config())) {
            List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, 32)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> gateway.post("/v1/chat/completions", CHAT.formatted(""))))
                    .toList();

            assertThat(calls)
                    .allSatisfy(call -> assertThat(call.join().statusCode()).isEqualTo(200));
            assertThat(forms).hasSize(1);
        }
    }
}
