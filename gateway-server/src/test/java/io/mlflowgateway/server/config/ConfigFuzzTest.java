package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.CANARY;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Broken files end in a report, never in anything else, and no report shows the key that stands in the file. */
class ConfigFuzzTest {
    private static final String FILE = """
            # a comment
            x-shared: &shared {openai_api_key: "%1$s", openai_api_base: 'http://localhost:1/v1'}
            routes:
              - name: classic
                route_type: llm/v1/completions
                model:
                  provider: openai
                  name: gpt-x
                  config:
                    openai_api_key: %1$s
                limit: {calls: 10, renewal_period: minute}
              - name: split
                task_type: llm/v1/chat
                destinations:
                  - {name: chat, traffic_percentage: 100}
            endpoints:
              - name: chat
                endpoint_type: llm/v1/chat
                model: {provider: openai, name: gpt-y, config: {<<: *shared, openai_organization: "日本 \\u00e9"}}
              - name: block
                endpoint_type: llm/v1/chat
                model:
                  provider: openai
                  name: gpt-z
                  config:
                    openai_api_key: >-
                      %1$s
            server: {port: 0, timeouts: {first-byte: 5s}, limits: {url: 8KiB}}
            """.formatted(CANARY);
    private static final byte[] BYTES = FILE.getBytes(StandardCharsets.UTF_8);
    private static final byte[] NASTY = "\n\t :{}[]&*!|>'\"%@`#,-?\\~\0\u001b$<".getBytes(StandardCharsets.UTF_8);

    @Test
    void the_whole_file_is_good() {
        assertThat(SampleConfigs.problems(BYTES)).isEmpty();
    }

    @Test
    void every_truncation_is_refused_or_taken_and_shows_no_key() {
        for (int length = 0; length < BYTES.length; length++) {
            assertThat(said(Arrays.copyOf(BYTES, length))).doesNotContain(CANARY);
        }
    }

    @Test
    void random_changes_are_refused_or_taken_and_show_no_key() {
        Random random = new Random(20_240_517);
        int refused = 0;
        for (int round = 0; round < 6_000; round++) {
            byte[] changed = changed(random);

            String said = said(changed);

            refused += said.isEmpty() ? 0 : 1;
            assertThat(said).as("round %s", round).doesNotContain(CANARY);
        }
        assertThat(refused).isBetween(1_000, 5_999);
    }

    @Test
    void random_bytes_are_refused() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            byte[] noise = new byte[1 + random.nextInt(64)];
            random.nextBytes(noise);

            assertThat(said(noise)).as("round %s", round).isNotEmpty();
        }
    }

    /** Some bytes replaced, taken out, or put in; the keys themselves stay whole, so that a quote of one would show. */
    private static byte[] changed(Random random) {
        byte[] changed = BYTES.clone();
        for (int change = random.nextInt(4); change >= 0; change--) {
            int at = random.nextInt(changed.length);
            byte nasty = NASTY[random.nextInt(NASTY.length)];
            changed = switch (random.nextInt(4)) {
                case 0 -> spliced(changed, at, 1, new byte[] {nasty});
                case 1 -> spliced(changed, at, 0, new byte[] {nasty});
                case 2 -> spliced(changed, at, 1 + random.nextInt(20), new byte[0]);
                default -> spliced(changed, at, 0, Arrays.copyOfRange(BYTES, at / 2, at / 2 + random.nextInt(60)));
            };
        }
        return changed;
    }

    private static byte[] spliced(byte[] bytes, int at, int taken, byte[] put) {
        int from = Math.min(at, bytes.length);
        int rest = Math.min(from + taken, bytes.length);
        byte[] result = Arrays.copyOf(bytes, from + put.length + bytes.length - rest);
        System.arraycopy(put, 0, result, from, put.length);
        System.arraycopy(bytes, rest, result, from + put.length, bytes.length - rest);
        return result;
    }

    /** Everything the reader says of the file, problems or warnings. */
    private static String said(byte[] file) {
        try {
            return String.join(
                    "\n",
                    new ConfigReader(SampleConfigs.PROVIDERS, SampleConfigs.ENVIRONMENT)
                            .read("gateway.yaml", file)
                            .warnings());
        } catch (InvalidConfig e) {
            return String.valueOf(e.getMessage());
        }
    }
}
