package io.mlflowgateway.langchain4j.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WireLogTest {

    private static final String SECRET = "sk-fake-never-logged";

    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final Logger logger = new LoggerContext().getLogger("wire");

    WireLogTest() {
        logger.setLevel(Level.INFO);
        logger.addAppender(written);
        written.start();
    }

    @Test
    void requests_are_written_without_credentials_and_queries() {
        new WireLog(logger, true, false).request(request("{\"prompt\":\"hi\"}"));

        assertThat(text()).contains("POST", "/endpoints/chat/invocations", "{\"prompt\":\"hi\"}", "X-Plain=shown");
        assertThat(text()).doesNotContain(SECRET);
    }

    @Test
    void answers_are_written_without_what_we_showed_the_server() {
        WireLog log = new WireLog(logger, false, true);
        ResponseHead head = new ResponseHead(401, Map.of("Set-Cookie", List.of(SECRET), "X-Request-Id", List.of("r")));

        log.response(head, ("bad key " + SECRET).getBytes(UTF_8), request("{}"));
        log.streamOpened(head);

        assertThat(text()).contains("401", "bad key ***", "X-Request-Id=r").doesNotContain(SECRET);
    }

    @Test
    void long_bodies_are_cut() {
        new WireLog(logger, true, true).request(request("x y ".repeat(25_000)));

        assertThat(text()).contains("100000 bytes").hasSizeLessThan(6_000);
    }

    @Test
    void images_are_left_out_and_what_follows_them_is_shown() {
        String image = "iVBORw0KGgo" + "A+/b".repeat(250_000) + "==";

        new WireLog(logger, true, false)
                .request(request("{\"url\":\"data:image/png;base64," + image + "\",\"max_tokens\":7}"));

        assertThat(text())
                .contains("data:image/png;base64,iVBORw0KGgo", "(1000013 characters)", "\"max_tokens\":7")
                .hasSizeLessThan(1_000);
    }

    @Test
    void fields_named_like_a_credential_are_written_without_their_value() {
        String body = "{\"openai_api_key\":\"" + SECRET + "\",\"clientSecret\" : \"a\\\"" + SECRET
                + "\",\"max_tokens\":5," + "\"author\":\"Goethe\",\"arguments\":\"{\\\"password\\\":\\\"" + SECRET
                + "\\\",\\\"city\\\":\\\"Ulm\\\"}\"}";

        new WireLog(logger, true, false).request(request(body));

        assertThat(text())
                .doesNotContain(SECRET)
                .contains("\"max_tokens\":5", "Goethe", "Ulm", "\"openai_api_key\":\"***\"");
    }

    @Test
    void a_credential_at_the_cut_is_masked_too() {
        new WireLog(logger, true, false)
                .request(request("{\"a\":\"" + "x ".repeat(1_980) + "\",\"password\":\"" + SECRET + " and more\"}"));

        assertThat(text()).contains("password").doesNotContain("sk-fake");
    }

    @Test
    void events_are_written_without_what_we_showed_the_server() {
        new WireLog(logger, false, true).event(new SseEvent("error", "bad key " + SECRET), request("{}"));

        assertThat(text()).contains("error bad key ***").doesNotContain(SECRET);
    }

    @Test
    void nothing_is_written_unless_asked_for() {
        WireLog log = new WireLog(logger, false, false);

        log.request(request("{}"));
        log.event(new SseEvent("message", "hi"), request("{}"));
        log.streamOpened(new ResponseHead(200, Map.of()));

        assertThat(written.list).isEmpty();
    }

    @Test
    void a_request_does_not_print_its_secrets_either() {
        assertThat(request("{\"secret\":1}").toString()).isEqualTo("POST /endpoints/chat/invocations");
    }

    private static TransportRequest request(String body) {
        return new TransportRequest(
                "POST",
                URI.create("http://127.0.0.1:1/endpoints/chat/invocations?key=" + SECRET),
                Map.of("Authorization", "Bearer " + SECRET, "X-Api-Key", SECRET, "X-Plain", "shown"),
                Optional.of(body.getBytes(UTF_8)),
                false);
    }

    private String text() {
        return written.list.stream().map(ILoggingEvent::getFormattedMessage).collect(Collectors.joining("\n"));
    }
}
