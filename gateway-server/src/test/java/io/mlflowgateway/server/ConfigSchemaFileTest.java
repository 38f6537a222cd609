package io.mlflowgateway.server;

import io.mlflowgateway.server.config.ConfigSchema;
import io.mlflowgateway.server.provider.Providers;
import io.mlflowgateway.server.testing.GeneratedFile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ConfigSchemaFileTest {

    @Test
    void the_published_schema_is_the_one_of_the_providers_there_are() throws IOException {
        String schema = new ConfigSchema(new Providers().specs()).text();

        GeneratedFile.mustHold("docs/gateway.schema.json", schema);
    }
}
