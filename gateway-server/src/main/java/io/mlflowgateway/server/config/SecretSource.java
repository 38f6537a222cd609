package io.mlflowgateway.server.config;

import io.mlflowgateway.server.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a credential comes from, in MLflow's order: {@code $NAME} is a variable of the environment, the path of a file
 * that exists is that file's content, anything else is the credential itself. Unlike MLflow the white space around it
 * is cut off: the newline at a file's end is not part of a key, and would break the header it is sent in.
 */
final class SecretSource {
    private static final int MAX_FILE_BYTES = 64 * 1024;
    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:([A-Za-z_][A-Za-z0-9_]*)|\\{([A-Za-z_][A-Za-z0-9_]*)})");
    private static final Pattern PATH_LOOKING = Pattern.compile("(?:/|\\./|\\.\\./|~/).*");

    private final Map<String, String> environment;

    SecretSource(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** The credential; empty with a problem at the cursor where there is none. */
    Optional<Secret> read(Cursor at) {
        if (!(at.tree() instanceof Tree.Text text) || text.type() != Tree.Text.Type.STRING) {
            at.problem("must be a text ($VARIABLE, the path of a file, or the key itself; quotes make it one), found "
                    + at.tree().found());
            return Optional.empty();
        }
        String value = text.text().strip();
        if (value.isEmpty()) {
            at.problem("is empty; give $VARIABLE, the path of a file, or the key itself");
            return Optional.empty();
        }
        return (value.startsWith("$") ? variable(value, at) : fileOrLiteral(value, at))
                .flatMap(found -> checked(found, at));
    }

    /**
     * A document that is too long for a line, a key file for example: {@code $NAME} is a variable that holds its path or
     * itself, anything else its path.
     */
    Optional<String> document(Cursor at) {
        Optional<String> written = at.text().map(String::strip);
        Optional<String> value = written.flatMap(text -> text.startsWith("$") ? variable(text, at) : written);
        if (value.isEmpty() || value.get().stripLeading().startsWith("{")) {
            return value;
        }
        Optional<Path> file = value.map(String::strip).flatMap(SecretSource::existingFile);
        if (file.isEmpty()) {
            at.problem("there is no such file");
        }
        return file.flatMap(found -> content(found, at));
    }

    /** What a variable of the environment holds; empty where it is not set, or blank. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(found -> !found.isEmpty());
    }

    private Optional<String> variable(String value, Cursor at) {
        Matcher matcher = VARIABLE.matcher(value);
        if (!matcher.matches()) {
            at.problem("begins with '$', but no name of an environment variable follows");
            return Optional.empty();
        }
        String name = Optional.ofNullable(matcher.group(1)).orElseGet(() -> matcher.group(2));
        Optional<String> found = Optional.ofNullable(environment.get(name));
        if (found.isEmpty()) {
            at.problem("the environment variable " + name + " is not set");
        } else if (found.get().isBlank()) {
            at.problem("the environment variable " + name + " is empty");
        }
        return found.filter(secret -> !secret.isBlank());
    }

    private static Optional<String> fileOrLiteral(String value, Cursor at) {
        Optional<Path> file = existingFile(value);
        if (file.isPresent()) {
            return content(file.get(), at);
        }
        if (PATH_LOOKING.matcher(value).matches()) {
            at.warning("looks like a path, but there is no such file: taken as the key itself");
        }
        return Optional.of(value);
    }

    private static Optional<Path> existingFile(String value) {
        try {
            return Optional.of(Path.of(value)).filter(Files::isRegularFile);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> content(Path file, Cursor at) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                at.problem("the file it names is larger than " + MAX_FILE_BYTES + " bytes: that is no key");
                return Optional.empty();
            }
            String content = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (content.isBlank()) {
                at.problem("the file it names is empty");
            }
            return Optional.of(content).filter(text -> !text.isBlank());
        } catch (CharacterCodingException e) {
            at.problem("the file it names is not UTF-8 text");
        } catch (IOException e) {
            at.problem("the file it names cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        return Optional.empty();
    }

    private static Optional<Secret> checked(String found, Cursor at) {
        String secret = found.strip();
        if (secret.chars().anyMatch(Character::isISOControl)) {
            at.problem("has a line break or another control character inside: that is no key");
            return Optional.empty();
        }
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(secret)) {
            at.problem("has a character inside that no HTTP header can carry (a typographic quote or dash?)");
            return Optional.empty();
        }
        return Optional.of(new Secret(secret));
    }
}
