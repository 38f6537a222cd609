package io.mlflowgateway.server.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Member;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The one JSON reader and writer of the server, with its bounds. No type information is ever read from JSON. */
public final class Json {
    /** Nesting a body may have. */
    public static final int MAX_DEPTH = 200;

    /** Digits a number may have. */
    public static final int MAX_NUMBER_LENGTH = 400;

    /** Names, values and brackets of a caller's body that is read as a tree. */
    public static final long MOST_TOKENS = 1_000_000;

    /** The same of anybody else's: four times as many, but 256 bytes of heap for each, since one may take 64. */
    public static final long MOST_ANSWERED =
            Math.max(MOST_TOKENS, Math.min(4 * MOST_TOKENS, Runtime.getRuntime().maxMemory() / 256));

    private static final MarkupEscapes MARKUP_SAFE = new MarkupEscapes();

    /** Levels that may come around what was read, when it is written. */
    private static final int ENVELOPE = 20;

    /** Bounds are on depth, numbers and names; the length of the whole is capped where bytes come in. */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxTokenCount(MOST_ANSWERED)
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(50_000)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH + ENVELOPE)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Names come from callers: they do not belong in the JVM's string table.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    static final JsonFactory OF_CALLERS = FACTORY.rebuild()
            .streamReadConstraints(FACTORY.streamReadConstraints()
                    .rebuild()
                    .maxTokenCount(MOST_TOKENS)
                    .build())
            .build();

    private Json() {}

    /**
     * Reads a whole document; none gives a missing node.
     *
     * @throws JsonProcessingException where it is not JSON, or breaks a bound, {@link #MOST_ANSWERED} among them
     */
    public static JsonNode tree(byte[] json) throws JsonProcessingException {
        return tree(FACTORY, json);
    }

    /**
     * Reads a caller's document that is known to be JSON, for those that must translate it: a tree of many small values is
     * much larger than its bytes.
     *
     * @throws JsonProcessingException where it has more than {@value #MOST_TOKENS} names, values and brackets
     */
    public static JsonNode callersTree(byte[] json) throws JsonProcessingException {
        return tree(OF_CALLERS, json);
    }

    private static JsonNode tree(JsonFactory factory, byte[] json) throws JsonProcessingException {
        try (JsonParser parser = factory.createParser(json)) {
            return Trees.read(parser);
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The document as UTF-8, on one line. */
    public static byte[] bytes(JsonNode document) {
        return bytes(document, generator -> {});
    }

    /**
     * The document as UTF-8 with {@code <}, {@code >} and {@code &} escaped, so that nothing in it is markup to a reader
     * that ignores its content type. For documents that quote a caller.
     */
    public static byte[] markupSafeBytes(JsonNode document) {
        return bytes(document, generator -> generator.setCharacterEscapes(MARKUP_SAFE));
    }

    private static byte[] bytes(JsonNode document, Consumer<JsonGenerator> form) {
        ByteArrayBuilder bytes = new ByteArrayBuilder();
        write(document, () -> FACTORY.createGenerator(bytes), form);
        return bytes.toByteArray();
    }

    /** The document as text, on one line. */
    public static String text(JsonNode document) {
        return text(document, generator -> {});
    }

    /** The document as text for people to read. */
    public static String text(JsonNode document, PrettyPrinter printer) {
        return text(document, generator -> generator.setPrettyPrinter(printer));
    }

    private static String text(JsonNode document, Consumer<JsonGenerator> form) {
        StringWriter text = new StringWriter();
        write(document, () -> FACTORY.createGenerator(text), form);
        return text.toString();
    }

    /** Where a generator comes from. */
    private interface Target {
        JsonGenerator generator() throws IOException;
    }

    private static void write(JsonNode document, Target target, Consumer<JsonGenerator> form) {
        try (JsonGenerator generator = target.generator()) {
            form.accept(generator);
            Trees.write(document, generator);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not expressible as JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A reader over one member's value; offsets it reports count from the value's first byte. */
    public static JsonParser parser(Body body, Member member) {
        try {
            return FACTORY.createParser(body.bytes(), member.start(), member.end() - member.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a string member. */
    public static String string(Body body, Member member) {
        return text(body.bytes(), member.start() + 1, member.end() - 1);
    }

    /** The text of a string that is known to be one, between these offsets, quotes included. */
    public static String string(byte[] json, int start, int end) {
        return text(json, start + 1, end - 1);
    }

    /**
     * The text between two quotes of a document that was checked.
     *
     * @param start offset after the opening quote
     * @param end offset of the closing one
     */
    static String text(byte[] json, int start, int end) {
        for (int i = start; i < end; i++) {
            if (json[i] == '\\') {
                return unescaped(json, start - 1, end + 1);
            }
        }
        return new String(json, start, end - start, StandardCharsets.UTF_8);
    }

    private static String unescaped(byte[] json, int start, int end) {
        try (JsonParser parser = FACTORY.createParser(json, start, end - start)) {
            parser.nextToken();
            return parser.getText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A string as a JSON literal, quotes included. */
    public static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
