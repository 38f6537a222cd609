package io.mlflowgateway.server.api;

import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Violation;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks the members of a body by the rules of MLflow's validator, with its names and words, and collects what is wrong.
 * Mends on the way what that validator mends: a null counts as not given, a number written as a text is one.
 */
public final class BodyCheck {
    private static final int MAX_VIOLATIONS = 100;
    private static final int MAX_INPUT_CHARS = 2_000;

    private final Body body;
    private final Body.Edit edit;
    private final List<Violation> violations = new ArrayList<>();

    public BodyCheck(Body body) {
        this.body = body;
        this.edit = body.edit();
    }

    /** Changes to make to the body when all is well. */
    public Body.Edit edit() {
        return edit;
    }

    /** The member, unless it is absent or null. A null is taken out of the body. */
    public Optional<Member> given(String name) {
        Optional<Member> member = body.member(name);
        if (member.isPresent() && member.get().kind() == Kind.NULL) {
            edit.remove(name);
            return Optional.empty();
        }
        return member;
    }

    /** The member, which must be there. */
    public Optional<Member> required(String name) {
        Optional<Member> member = body.member(name);
        if (member.isEmpty()) {
            add("missing", "Field required", new String(body.bytes(), StandardCharsets.UTF_8), "", name);
        }
        return member;
    }

    /** A number within bounds; texts that are numbers are made numbers. */
    public void number(String name, double least, double most) {
        given(name).ifPresent(member -> number(member, least, most));
    }

    private void number(Member member, double least, double most) {
        Optional<BigDecimal> value = decimal(member, "valid number", "float");
        if (value.isEmpty()) {
            return;
        }
        if (value.get().doubleValue() < least) {
            tooSmall(member, plain(least), decimalText(least));
        } else if (value.get().doubleValue() > most) {
            tooLarge(member, plain(most), decimalText(most));
        } else if (member.kind() == Kind.STRING) {
            edit.set(member.name(), value.get().toString());
        }
    }

    /** A whole number within bounds. */
    public void integer(String name, long least, long most) {
        given(name).ifPresent(member -> integer(member, least, most));
    }

    private void integer(Member member, long least, long most) {
        Optional<BigDecimal> value = decimal(member, "valid integer", "int");
        if (value.isEmpty()) {
            return;
        }
        BigDecimal number = value.get();
        if (number.stripTrailingZeros().scale() > 0) {
            add(
                    "int_from_float",
                    "Input should be a valid integer, got a number with a fractional part",
                    raw(member),
                    "",
                    member.name());
        } else if (number.compareTo(BigDecimal.valueOf(least)) < 0) {
            tooSmall(member, Long.toString(least), Long.toString(least));
        } else if (number.compareTo(BigDecimal.valueOf(most)) > 0) {
            tooLarge(member, Long.toString(most), Long.toString(most));
        } else if (member.kind() == Kind.STRING || number.scale() != 0) {
            edit.set(member.name(), number.toBigInteger().toString());
        }
    }

    private Optional<BigDecimal> decimal(Member member, String what, String type) {
        if (member.kind() != Kind.NUMBER && member.kind() != Kind.STRING) {
            add(type + "_type", "Input should be a " + what, raw(member), "", member.name());
            return Optional.empty();
        }
        String text = member.kind() == Kind.NUMBER
                ? body.raw(member)
                : Json.string(body, member).strip();
        try {
            if (text.length() <= Json.MAX_NUMBER_LENGTH) {
                BigDecimal value = new BigDecimal(text);
                if (Math.abs((long) value.scale()) < 10_000) {
                    return Optional.of(value);
                }
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        String kind = type.equals("int") ? "an integer" : "a number";
        add(
                type + "_parsing",
                "Input should be a " + what + ", unable to parse string as " + kind,
                raw(member),
                "",
                member.name());
        return Optional.empty();
    }

    private void tooSmall(Member member, String bound, String contextBound) {
        add(
                "greater_than_equal",
                "Input should be greater than or equal to " + bound,
                raw(member),
                "{\"ge\":" + contextBound + "}",
                member.name());
    }

    private void tooLarge(Member member, String bound, String contextBound) {
        add(
                "less_than_equal",
                "Input should be less than or equal to " + bound,
                raw(member),
                "{\"le\":" + contextBound + "}",
                member.name());
    }

    /** A boolean. */
    public void bool(String name) {
        given(name)
                .filter(member -> member.kind() != Kind.BOOLEAN)
                .ifPresent(member -> add("bool_type", "Input should be a valid boolean", raw(member), "", name));
    }

    /** A text, which must be there. */
    public void requiredText(String name) {
        required(name).filter(member -> member.kind() != Kind.STRING).ifPresent(this::notText);
    }

    private void notText(Member member) {
        add("string_type", "Input should be a valid string", raw(member), "", member.name());
    }

    /** A list of texts with at least one. */
    public void texts(String name) {
        given(name).filter(member -> list(member, 1)).ifPresent(member -> new ItemsCheck(this, body, member).texts());
    }

    /** A text or a list of texts, which must be there; with {@code tokens} also a list of token ids or of such lists. */
    public void textOrList(String name, boolean tokens) {
        Optional<Member> member = required(name);
        if (member.filter(found -> found.kind() == Kind.ARRAY).isPresent()) {
            new ItemsCheck(this, body, member.get()).inputs(tokens);
        } else {
            member.filter(found -> found.kind() != Kind.STRING).ifPresent(this::notText);
        }
    }

    /** A breach of a parameter this API does not take: a failure of its own, unless the parameter is null or absent. */
    public void refuse(String name, String message) {
        if (given(name).isPresent()) {
            throw Failure.of(Failure.Kind.UNPROCESSABLE, message);
        }
    }

    /** Takes every member out that is null: not given, to this validator. */
    public void dropNulls() {
        body.members().forEach(member -> given(member.name()));
    }

    /** Whether the member is a list of at least so many; says so when not. */
    public boolean list(Member member, int least) {
        if (member.kind() != Kind.ARRAY) {
            add("list_type", "Input should be a valid list", raw(member), "", member.name());
            return false;
        }
        if (least > 0 && ItemsCheck.isEmpty(body, member)) {
            add(
                    "too_short",
                    "List should have at least 1 item after validation, not 0",
                    raw(member),
                    "{\"field_type\":\"List\",\"min_length\":1,\"actual_length\":0}",
                    member.name());
            return false;
        }
        return true;
    }

    /** Notes a breach. The path begins below {@code body}. */
    public void add(String type, String message, String inputJson, String contextJson, Object... path) {
        if (violations.size() < MAX_VIOLATIONS) {
            List<Object> location = new ArrayList<>();
            location.add("body");
            location.addAll(List.of(path));
            String input = inputJson.length() > MAX_INPUT_CHARS ? "" : inputJson;
            violations.add(new Violation(type, location, message, input, contextJson));
        }
    }

    /** Ends the check. */
    public void finish() {
        if (!violations.isEmpty()) {
            throw Failure.violations(violations);
        }
    }

    private String raw(Member member) {
        return body.raw(member);
    }

    private static String plain(double bound) {
        return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    }

    private static String decimalText(double bound) {
        return Double.toString(bound);
    }
}
