package io.mlflowgateway.server.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.mlflowgateway.server.json.BodyScanner.Malformed.Reason;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What Jackson's parser says of a body, token by token: the yardstick that {@link BodyScanner} is held to. */
final class JacksonScan {
    private final boolean unique;
    private final List<Member> members = new ArrayList<>();
    private final Deque<Set<String>> open = new ArrayDeque<>();

    private JacksonScan(boolean unique) {
        this.unique = unique;
    }

    /** Either what is wrong, or the members. */
    record Found(Optional<Reason> reason, List<Member> members) {}

    /** @param unique whether no name may stand twice in any object, or in the outermost only */
    static Found of(byte[] json, boolean unique) {
        JacksonScan scan = new JacksonScan(unique);
        Optional<Reason> reason = isUtf8(json) ? scan.read(json) : Optional.of(Reason.SYNTAX);
        return new Found(reason, reason.isPresent() ? List.of() : scan.members);
    }

    /** Whether it is UTF-8 and nothing that Jackson would take for another encoding. */
    static boolean isUtf8(byte[] json) {
        for (int i = 0; i < Math.min(4, json.length); i++) {
            if (json[i] == 0 || json[0] == (byte) 0xEF) {
                return false;
            }
        }
        try {
            return StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(json))
                            .length()
                    <= json.length;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private Optional<Reason> read(byte[] json) {
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return Optional.of(Reason.EMPTY);
            }
            Optional<Reason> broken = first == JsonToken.START_OBJECT ? readObject(parser) : readValue(parser, first);
            if (broken.isPresent()) {
                return broken;
            }
            if (parser.nextToken() != null) {
                return Optional.of(Reason.SYNTAX);
            }
            return first == JsonToken.START_OBJECT ? Optional.empty() : Optional.of(Reason.NOT_AN_OBJECT);
        } catch (StreamConstraintsException e) {
            return Optional.of(Reason.BOUND);
        } catch (JsonProcessingException e) {
            return Optional.of(Reason.SYNTAX);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Optional<Reason> readObject(JsonParser parser) throws IOException {
        Set<String> names = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            int nameStart = (int) parser.currentTokenLocation().getByteOffset();
            if (!names.add(name)) {
                return Optional.of(Reason.DUPLICATE);
            }
            JsonToken token = parser.nextToken();
            int start = (int) parser.currentTokenLocation().getByteOffset();
            Optional<Reason> broken = readValue(parser, token);
            if (broken.isPresent()) {
                return broken;
            }
            int end = (int) parser.currentLocation().getByteOffset();
            members.add(new Member(name, nameStart, start, end, kind(token)));
        }
        return Optional.empty();
    }

    private Optional<Reason> readValue(JsonParser parser, JsonToken first) throws IOException {
        JsonToken token = first;
        while (true) {
            if (token.isStructStart()) {
                open.push(new HashSet<>());
            } else if (token.isStructEnd()) {
                open.pop();
            } else if (token == JsonToken.FIELD_NAME
                    && unique
                    && !open.element().add(parser.currentName())) {
                return Optional.of(Reason.DUPLICATE);
            } else if (token == JsonToken.VALUE_NUMBER_FLOAT && parser.getText().matches("(?s).*[eE][+-]?\\d{5,}")) {
                return Optional.of(Reason.BOUND);
            }
            if (open.isEmpty()) {
                parser.finishToken();
                return Optional.empty();
            }
            token = parser.nextToken();
        }
    }

    private static Kind kind(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> Kind.OBJECT;
            case START_ARRAY -> Kind.ARRAY;
            case VALUE_STRING -> Kind.STRING;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Kind.NUMBER;
            case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
            default -> Kind.NULL;
        };
    }
}
