package io.mlflowgateway.langchain4j.kit.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** The images the model has seen before, known by the SHA-256 of their bytes: those LangChain4j's tests bring along. */
final class KnownImages {

    private static final Map<String, String> NAMES = Map.of(
            "4205fa40938c77fda22115bb5058c9636667d126176b9647c791dd09ce61d18f", "cat.jpg",
            "d334c33979af341a14fd5327221fc8f2ca9e94fe36bca31bd749c0460420e08b", "dice.jpg");

    private KnownImages() {}

    /** {@return the file's name; {@code unknown} where a byte is wrong} */
    static String name(byte[] image) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(image);
            return NAMES.getOrDefault(HexFormat.of().formatHex(digest), "unknown");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }
}
