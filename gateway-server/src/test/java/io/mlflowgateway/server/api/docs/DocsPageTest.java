package io.mlflowgateway.server.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.routing.Routes;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.Calls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class DocsPageTest {
    private final Routes routes = new Routes(Tables.of("1", Tables.route("before", Task.CHAT, false)));
    private final Map<String, Endpoint> endpoints = DocsPage.endpoints(routes, "1.2.3");

    @Test
    void the_document_follows_the_routes() {
        String before = text(get("/openapi.json"));

        routes.replace(Tables.of("2", Tables.route("after", Task.CHAT, false)));

        assertThat(before).contains("/gateway/before/invocations").contains("\"version\":\"1.2.3\"");
        assertThat(text(get("/openapi.json")))
                .contains("/gateway/after/invocations")
                .doesNotContain("/gateway/before/invocations");
    }

    @Test
    void a_browser_that_has_the_document_gets_it_again_only_when_routes_changed() {
        String tag = Objects.requireNonNull(get("/openapi.json").headers().get("etag"));

        Answer.Whole same = get("/openapi.json", tag);
        routes.replace(Tables.of("2", Tables.route("after", Task.CHAT, false)));
        Answer.Whole changed = get("/openapi.json", tag);

        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.headers()).containsEntry("content-type", "application/json");
    }

    @Test
    void however_many_ask_at_once_the_document_is_made_once() {
        Endpoint endpoint = Objects.requireNonNull(endpoints.get("/openapi.json"));
        Head head = new Head("id", "GET", "/openapi.json", "", name -> null, false, Calls.notes());

        var bodies = Await.all(Flux.range(0, 20)
                .flatMap(i -> endpoint.answer(head, new byte[0]).subscribeOn(Schedulers.parallel()))
                .map(answer -> ((Answer.Whole) answer).body()));

        assertThat(bodies).hasSize(20).allSatisfy(body -> assertThat(body).isSameAs(bodies.get(0)));
    }

    @Test
    void the_page_loads_only_what_the_table_has() {
        String page = text(get("/docs"));

        assertThat(page).isEqualTo(text(get("/"))).doesNotContain("http:").doesNotContain("https:");
        assertThat(Pattern.compile("(?:src|href)=\"(/[^\"]*)\"").matcher(page).results())
                .extracting(match -> match.group(1))
                .hasSize(4)
                .allMatch(endpoints::containsKey);
        assertThat(text(get("/docs/docs.js"))).contains("'/openapi.json'");
    }

    private Answer.Whole get(String path, String... ifNoneMatch) {
        Map<String, String> headers = ifNoneMatch.length == 0 ? Map.of() : Map.of("if-none-match", ifNoneMatch[0]);
        Head head = new Head("id", "GET", path, "", headers::get, false, Calls.notes());
        Endpoint endpoint = Objects.requireNonNull(endpoints.get(path));
        return (Answer.Whole)
                Objects.requireNonNull(endpoint.answer(head, new byte[0]).block(Duration.ofSeconds(5)));
    }

    private static String text(Answer.Whole answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
