package io.mlflowgateway.server.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.testing.Calls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StaticFilesTest {
    private final Map<String, Endpoint> files = StaticFiles.docsPage();

    @Test
    void the_page_runs_no_inline_script_and_talks_to_no_other_host() {
        Answer.Whole page = get("/");

        assertThat(page.headers())
                .containsEntry("referrer-policy", "no-referrer")
                .hasEntrySatisfying(
                        "content-security-policy",
                        policy -> assertThat(policy)
                                .contains(
                                        "default-src 'self'",
                                        "frame-ancestors 'none'",
                                        "base-uri 'none'",
                                        "form-action 'none'")
                                .doesNotContain("unsafe-eval", "script-src", "http"));
        assertThat(new String(page.body(), StandardCharsets.UTF_8)).doesNotContain("<script>");
    }

    @Test
    void the_loosened_policy_stands_on_the_page_alone() {
        assertThat(files.keySet())
                .filteredOn(path -> get(path).headers().containsKey("content-security-policy"))
                .containsExactlyInAnyOrder("/", "/docs");
    }

    @Test
    void swagger_ui_comes_out_of_the_class_path_with_types_a_browser_takes() {
        Answer.Whole script = get("/docs/swagger-ui-bundle.js");
        Answer.Whole style = get("/docs/swagger-ui.css");

        assertThat(script.headers()).containsEntry("content-type", "text/javascript; charset=utf-8");
        assertThat(script.body().length).isGreaterThan(500_000);
        assertThat(style.headers()).containsEntry("content-type", "text/css; charset=utf-8");
        assertThat(style.body().length).isGreaterThan(50_000);
    }

    @Test
    void there_is_nothing_else() {
        assertThat(files).hasSize(5);
    }

    private Answer.Whole get(String path) {
        Head head = new Head("id", "GET", path, "", name -> null, false, Calls.notes());
        Endpoint endpoint = Objects.requireNonNull(files.get(path));
        return (Answer.Whole)
                Objects.requireNonNull(endpoint.answer(head, new byte[0]).block(Duration.ofSeconds(5)));
    }
}
