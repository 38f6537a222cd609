package io.mlflowgateway.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.samples.process.Children;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Does what the documentation shows, with the built jar and a gateway without a configuration. */
public final class DocsRun implements AutoCloseable {
    private final Children children = new Children(Optional.empty());
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path folder;
    private final GatewayJar jar;
    private final String gateway;

    /** @param folder for files; belongs to this run alone */
    public DocsRun(Path folder) throws IOException {
        this.folder = folder;
        this.jar = new GatewayJar(children, folder);
        try {
            this.gateway = jar.serve();
        } catch (IOException e) {
            children.close();
            throw e;
        }
    }

    /** Of the gateway that serves the built-in routes; without a slash at the end. */
    public String gateway() {
        return gateway;
    }

    public void assertValid(String yaml) throws IOException, InterruptedException {
        GatewayJar.Ended ended = validate(yaml);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).doesNotContain("warning");
    }

    public void assertRefused(String yaml, String shown) throws IOException, InterruptedException {
        GatewayJar.Ended ended = validate(yaml);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(shown).isEqualTo(ended.output().strip());
    }

    private GatewayJar.Ended validate(String yaml) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("gateway.yaml"), yaml);
        return jar.run("validate", "--config-path", "gateway.yaml");
    }

    public void assertAnswered(MarkdownFile.Block call, MarkdownFile.Block shown)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = Curl.run(client, call.text(), gateway);

        assertThat(shown.argument()).as(answer.body()).isEqualTo(Integer.toString(answer.statusCode()));
        assertThat(Sameness.same(shown.text(), answer.body()))
                .as("%s shows%n%s%nbut is%n%s", shown.place(), shown.text(), answer.body())
                .isTrue();
    }

    public void assertCommandsExist(String block) throws IOException, InterruptedException {
        assertThat(new Commands(jar, this::answers).problems(block)).isEmpty();
    }

    private boolean answers(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway + path)).build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                        .join()
                        .statusCode()
                == 200;
    }

    @Override
    public void close() {
        children.close();
    }
}
