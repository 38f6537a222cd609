package io.mlflowgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real {@code mlflow models serve} processes; skipped, with the reason, where there is no Python for them. */
class OwnModelIT {
    @TempDir
    Path folder;

    @Test
    void models_served_by_mlflow_answer_as_routes_and_one_asks_another_route() throws Exception {
        Optional<String> missing = OwnModel.missing();
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
        Path work = Files.createDirectory(folder.resolve("work"));

        OwnModel.Outcome seen;
        try (RunningGateway gateway = new RunningGateway(folder)) {
            seen = OwnModel.run(gateway.url, gateway.config, gateway.children, work, gateway.out);
        }

        assertThat(seen.mood()).isEqualTo("cheerful");
        assertThat(seen.relayed()).startsWith("the chat route says: ").contains("capital of France");
    }
}
