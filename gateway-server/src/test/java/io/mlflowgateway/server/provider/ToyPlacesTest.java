package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.ParameterRows;
import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.ConfigSchema;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The provider that docs/adding-a-provider.md adds: the places the page names are enough, and agree. */
class ToyPlacesTest {
    private static final ProviderSpec SPEC = new ToyProvider().spec();
    private static final Path FOLDER = CellFiles.ROOT.resolve("toy");

    // tag::list[]
    private static final Providers PROVIDERS = new Providers(List.of(new EchoProvider(), new ToyProvider()));
    // end::list[]

    @Test
    void a_line_in_the_list_is_all_that_files_and_their_schema_need() throws Exception {
        CellFiles files = new CellFiles(SPEC);
        String file =
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: " + files.target("http://toy.fake") + "}]";

        var config = new ConfigReader(PROVIDERS.specs(), Map.of())
                .read("gateway.yaml", file.getBytes(StandardCharsets.UTF_8));

        var target = config.routes().get(0).targets().get(0);
        assertThat(PROVIDERS.find("toy")).containsInstanceOf(ToyProvider.class);
        assertThat(target.settings().text(ToyProvider.BASE)).contains("http://toy.fake/v1");
        assertThat(new ConfigSchema(PROVIDERS.specs()).text()).contains("toy_api_key");
    }

    @Test
    void its_section_names_its_keys_and_its_line_its_name() throws Exception {
        String section = Files.readString(FOLDER.resolve("docs-section.md"));
        String line = Files.readString(FOLDER.resolve("changelog-line.md"));

        assertThat(SPEC.settings())
                .extracting(SettingKey::name)
                .allSatisfy(key -> assertThat(section).contains("`" + key + "`"));
        assertThat(section)
                .startsWith("## toy\n")
                .contains("<!-- table: toy -->")
                .contains("<!-- table: toy parameters -->\n" + ParameterRows.of(new ToyProvider()) + "\n<!-- end -->");
        assertThat(line).startsWith("- ").contains("`toy`");
    }
}
