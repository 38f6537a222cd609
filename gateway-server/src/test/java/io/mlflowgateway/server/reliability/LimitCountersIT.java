package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.TestGateway;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Counters of limits across reloads. */
class LimitCountersIT {
    @Proves(Row.RELOAD_KEEPS)
    @Test
    void reload_keeps_the_counter_of_a_limit_that_stays_and_begins_a_changed_one_anew() {
        String limited = """
                endpoints:
                  - name: limited
                    endpoint_type: llm/v1/chat
                    model: {provider: echo, name: %s}
                    limit: {calls: %d, renewal_period: hour}
                """;
        try (TestGateway gateway = TestGateway.with(limited.formatted("one", 5))) {
            int first = passed(gateway, 3);
            for (int reload = 0; reload < 100; reload++) {
                gateway.reload(limited.formatted("model-" + reload, 5));
            }
            int afterReloads = passed(gateway, 10);
            gateway.reload(limited.formatted("one", 4));
            int afterChange = passed(gateway, 10);

            assertThat(List.of(first, afterReloads, afterChange)).containsExactly(3, 2, 4);
            Figures.seen(
                    Row.RELOAD_KEEPS,
                    "reload_keeps_the_counter_of_a_limit_that_stays_and_begins_a_changed_one_anew",
                    "of 5 calls an hour 3 passed before 100 reloads and 2 after; of a limit changed to 4, 4");
        }
    }

    private static int passed(TestGateway gateway, int calls) {
        int passed = 0;
        for (int call = 0; call < calls; call++) {
            int status = gateway.post("/endpoints/limited/invocations", ConfigCaller.CHAT)
                    .statusCode();
            assertThat(status).isIn(200, 429);
            passed += status == 200 ? 1 : 0;
        }
        return passed;
    }
}
