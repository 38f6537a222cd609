package io.mlflowgateway.server.reliability;

import io.mlflowgateway.server.testing.Surface;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Bodies that no surface may take, made of one it would. Texts are bytes written as ISO-8859-1, as {@code RawConnection}
 * sends them.
 */
final class BrokenBodies {
    static final int BODY_LIMIT = 10 << 20;

    private final Surface surface;
    private final Map<String, String> bodies = new LinkedHashMap<>();

    private BrokenBodies(Surface surface) {
        this.surface = surface;
    }

    /** By what is wrong with them. */
    static Map<String, String> of(Surface surface) {
        BrokenBodies broken = new BrokenBodies(surface);
        broken.encodings();
        broken.numbers();
        broken.sizes();
        broken.syntax();
        broken.duplicates();
        return broken.bodies;
    }

    private void encodings() {
        said("an overlong form", "\u00C0\u00AF");
        said("an overlong form of three bytes", "\u00E0\u0080\u00AF");
        said("a lone continuation byte", "\u0080");
        said("a truncated sequence", "\u00E2\u0082");
        said("a surrogate in UTF-8", "\u00ED\u00A0\u0080");
        said("beyond the last character", "\u00F4\u0090\u0080\u0080");
        said("a byte that is never in UTF-8", "\u00FF");
        said("Latin-1", "caf\u00E9");
        put("a byte order mark", "\u00EF\u00BB\u00BF" + surface.json());
        put("UTF-16", inCharset(StandardCharsets.UTF_16));
        put("UTF-16 without a mark", inCharset(StandardCharsets.UTF_16LE));
        put("UTF-32", inCharset(Charset.forName("UTF-32BE")));
        put("a truncated sequence at the end", surface.json() + "\u00E2");
        put("half a character as a name", with("\"\\ud800\":1"));
    }

    private void numbers() {
        for (String number : new String[] {
            "1e999999999",
            "-1E-999999999",
            "1.0e+99999",
            "9".repeat(401),
            "0." + "1".repeat(1_000_000),
            "NaN",
            "Infinity",
            "-Infinity",
            "+1",
            "01",
            ".5",
            "1.",
            "1e",
            "0x10",
            "1_000",
            "--1"
        }) {
            put("the number " + (number.length() > 20 ? number.length() + " long" : number), with("\"x\":" + number));
            put(
                    "the number deep inside " + (number.length() > 20 ? number.length() + " long" : number),
                    with("\"x\":[{\"y\":[" + number + "]}]"));
        }
    }

    private void sizes() {
        put("201 levels", with("\"x\":" + "[".repeat(200) + "]".repeat(200)));
        put("a million levels", with("\"x\":" + "[".repeat(1_000_000)));
        put("a million levels of objects", "{\"x\":".repeat(1_000_000));
        put("a name of 60,000 characters", with("\"" + "n".repeat(60_000) + "\":1"));
        put("a name of 5 million characters inside", with("\"x\":{\"" + "n".repeat(5_000_000) + "\":1}"));
        put("10,001 members", with(members(10_001)));
        put("a million members inside", with("\"x\":{" + members(1_000_000 / 2) + "}"));
        put("10 MiB of white space", " ".repeat(BODY_LIMIT));
        put("10 MiB of white space before half an object", "\n".repeat(BODY_LIMIT - 1) + "{");
        put("10 MiB of white space and no end", surface.json().substring(1) + "\t".repeat(1 << 20));
    }

    private void syntax() {
        put("nothing", "");
        put("null", "null");
        put("a list", "[" + surface.json() + "]");
        put("a text", "\"hi\"");
        put("a number", "1");
        put("true", "true");
        put("a second document", surface.json() + surface.json());
        put("a second document on the next line", surface.json() + "\n" + surface.json());
        put("a word behind it", surface.json() + " x");
        put("a brace behind it", surface.json() + "}");
        put("a comma behind it", surface.json() + ",");
        put("a NUL behind it", surface.json() + "\0");
        put("a NUL before it", "\0" + surface.json());
        put("half of it", surface.json().substring(0, surface.json().length() / 2));
        put("a comment", "/* */" + surface.json());
        put("a comment inside", with("/**/\"x\":1"));
        put("a comment to the end of the line", surface.json() + "// bye");
        put("a comment as in YAML", surface.json() + "\n# bye");
        put("single quotes", surface.json().replace('"', '\''));
        put("a bare name", with("x:1"));
        put("a comma at the end", with("\"x\":[1,]"));
        put("no value", with("\"x\":"));
        put("no colon", with("\"x\" 1"));
        put("a word in capitals", with("\"x\":True"));
        put("undefined", with("\"x\":undefined"));
        put("a control character in a text", with("\"x\":\"\u0001\""));
        put("a line break in a text", with("\"x\":\"a\nb\""));
        put("an escape there is not", with("\"x\":\"\\x41\""));
        put("half an escape", with("\"x\":\"\\u12\""));
        put("a form", "model=chat&stream=true");
        put("YAML", "model: chat\n");
    }

    private void duplicates() {
        put("a name twice", with("\"x\":1,\"x\":1"));
        put("a name twice, once escaped", with("\"stream\":false,\"\\u0073tream\":false"));
        put("a name twice inside", with("\"x\":{\"y\":1,\"y\":2}"));
        put("a name twice deep inside", with("\"x\":[1,{\"y\":[{\"z\":0,\"a\":1,\"\\u007a\":0}]}]"));
        put("a name twice, far apart", with("\"x\":{\"y\":1," + members(5_000) + ",\"y\":2}"));
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"m" + i + "\":0").collect(Collectors.joining(","));
    }

    private String inCharset(Charset charset) {
        return new String(surface.json().getBytes(charset), StandardCharsets.ISO_8859_1);
    }

    private String with(String members) {
        return surface.jsonWith(members);
    }

    private void said(String what, String bytes) {
        put(what, surface.json().replace("\"hi\"", "\"" + bytes + "\""));
    }

    private void put(String what, String body) {
        bodies.put(what, body);
    }
}
