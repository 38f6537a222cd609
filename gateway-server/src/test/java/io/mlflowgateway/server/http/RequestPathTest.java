package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {

    @ParameterizedTest
    @CsvSource({
        "/a/b, /a/b",
        "/%61, /a",
        "/a%20b, /a b",
        "/%E6%97%A5, /日",
        "/a%2Fb, /a%2Fb",
        "/a%5cb, /a%5cb",
        "/%2561, /%61",
        "http://h, /",
        "https://h:1/a, /a"
    })
    void a_path_is_decoded_once_and_escaped_slashes_stay(String raw, String path) {
        assertThat(RequestPath.decode(raw)).contains(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "*",
                "/%",
                "/%4",
                "/%zz",
                "/%\u00e9\u00e9",
                "/%00",
                "/%0a",
                "/%7f",
                "/%ff",
                "/%c3",
                "/\u00e9",
                "/a b"
            })
    void what_is_malformed_is_no_path(String raw) {
        assertThat(RequestPath.decode(raw)).isEmpty();
    }
}
