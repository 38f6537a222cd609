package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Secret;
import java.util.Map;
import org.junit.jupiter.api.Test;

// tag::test[]
/** What only Toy does; the rest is inherited. */
class ToyProviderTest extends OpenAiLikeContract {
    private final ToyProvider provider = new ToyProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(ToyProvider.BASE, "http://toy.fake/v1"), Map.of(ToyProvider.KEY, new Secret(SECRET)));
    }

    @Test
    void the_limit_of_tokens_has_toys_name() {
        var sent = sent(Task.CHAT, "{\"max_tokens\":7}", false);

        assertThat(sent.path("limit").asInt()).isEqualTo(7);
        assertThat(sent.has("max_tokens")).isFalse();
    }
}
// end::test[]
