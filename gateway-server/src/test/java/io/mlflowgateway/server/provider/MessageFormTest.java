package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageFormTest {
    private static final MessageForm NO_DEVELOPER = new MessageForm(false, true, Set.of());

    @Test
    void messages_that_are_as_wanted_are_not_read_as_a_tree() throws Exception {
        Body body = messages("user", "[" + "1,".repeat((int) Json.MOST_TOKENS) + "1]");

        Optional<String> changed = changed(body);

        assertThat(changed).isEmpty();
    }

    @Test
    void messages_of_more_values_than_a_tree_may_have_are_refused_where_one_must_be_changed() throws Exception {
        Body body = messages("developer", "[" + "1,".repeat((int) Json.MOST_TOKENS) + "1]");

        Failure failure = catchThrowableOfType(Failure.class, () -> changed(body));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID_REQUEST);
        assertThat(failure).hasMessageContaining("more values");
    }

    @Test
    void only_what_is_not_as_wanted_is_changed() throws Exception {
        Body body = messages("developer", "1.0");

        Optional<String> changed = changed(body);

        assertThat(changed).contains("[{\"role\":\"system\",\"content\":\"hi\",\"extra\":1.0}]");
    }

    private static Optional<String> changed(Body body) {
        return NO_DEVELOPER.changed(body, body.member("messages").orElseThrow());
    }

    private static Body messages(String role, String extra) throws BodyScanner.Malformed {
        String json = "{\"messages\":[{\"role\":\"" + role + "\",\"content\":\"hi\",\"extra\":" + extra + "}]}";
        return BodyScanner.scan(json.getBytes(StandardCharsets.UTF_8));
    }
}
