package io.mlflowgateway.server.deploy;

import static io.mlflowgateway.server.config.ServerSetting.KEEP_ALIVE_TIMEOUT;
import static io.mlflowgateway.server.config.ServerSetting.REQUEST_BODY_LIMIT;
import static io.mlflowgateway.server.config.ServerSetting.REQUEST_BODY_TIMEOUT;
import static io.mlflowgateway.server.config.ServerSetting.REQUEST_HEAD_LIMIT;
import static io.mlflowgateway.server.config.ServerSetting.REQUEST_HEAD_TIMEOUT;
import static io.mlflowgateway.server.config.ServerSetting.TOTAL_TIMEOUT;
import static io.mlflowgateway.server.config.ServerSetting.URL_LIMIT;
import static io.mlflowgateway.server.config.ServerSetting.WRITE_IDLE_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.ServerSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code deploy/nginx/gateway.conf} is matched to the gateway's defaults, as its comments say. */
class NginxFileTest {
    private static final Path FILE = Path.of("..", "deploy", "nginx", "gateway.conf");

    private final String file = Files.readString(FILE);

    NginxFileTest() throws IOException {}

    @Test
    void the_gateway_ends_a_call_before_nginx_gives_it_up() {
        assertThat(Units.time(the("proxy_read_timeout"))).isGreaterThan(time(TOTAL_TIMEOUT));
    }

    @Test
    void nginx_ends_an_idle_connection_before_the_gateway_does() {
        String upstream = file.substring(0, file.indexOf("# end::upstream[]"));
        Duration kept = Units.time(all(upstream, "keepalive_timeout").get(0));

        UnitFile unit = new UnitFile(Path.of("..", "deploy", "systemd", "mlflow-gateway.service"));
        Duration delay = Units.time(unit.the("ExecStart").replaceAll(".*--drain-delay\\s+(\\S+).*", "$1"));

        assertThat(kept).isLessThan(time(KEEP_ALIVE_TIMEOUT)).isLessThan(delay);
    }

    @Test
    void callers_have_the_time_the_gateway_gives_them() {
        assertThat(Units.time(the("client_header_timeout"))).isEqualTo(time(REQUEST_HEAD_TIMEOUT));
        assertThat(Units.time(the("client_body_timeout"))).isEqualTo(time(REQUEST_BODY_TIMEOUT));
        assertThat(Units.time(the("send_timeout"))).isEqualTo(time(WRITE_IDLE_TIMEOUT));
        assertThat(all(file, "keepalive_timeout").stream().map(Units::time)).contains(time(KEEP_ALIVE_TIMEOUT));
    }

    @Test
    void what_the_gateway_takes_passes_and_little_more() {
        String[] heads = the("large_client_header_buffers").split(" ");

        assertThat(Units.size(heads[1])).isEqualTo(size(URL_LIMIT));
        assertThat(Integer.parseInt(heads[0]) * Units.size(heads[1])).isEqualTo(size(REQUEST_HEAD_LIMIT));
        assertThat(Units.size(the("client_max_body_size")))
                .isBetween(size(REQUEST_BODY_LIMIT) + 1, size(REQUEST_BODY_LIMIT) * 2);
    }

    @Test
    void every_flag_it_names_exists() {
        List<String> named = Pattern.compile("--[a-z][a-z-]+")
                .matcher(file)
                .results()
                .map(MatchResult::group)
                .toList();

        assertThat(named)
                .hasSizeGreaterThan(7)
                .isSubsetOf(Arrays.stream(ServerSetting.values())
                        .map(ServerSetting::flag)
                        .toList());
    }

    private static Duration time(ServerSetting setting) {
        return Units.time(setting.defaultValue());
    }

    private static long size(ServerSetting setting) {
        return Units.size(setting.defaultValue());
    }

    private String the(String directive) {
        List<String> found = all(file, directive);
        assertThat(found).as(directive).hasSize(1);
        return found.get(0);
    }

    private static List<String> all(String text, String directive) {
        return Pattern.compile("(?m)^\\s*" + directive + "\\s+([^;]+);")
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
