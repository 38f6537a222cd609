package io.mlflowgateway.server.provider.parameter;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of a parameter.
 *
 * @param rule in words, one line without markup; empty unless it is translated
 * @param place the upstream's member it ends in, steps joined by dots ({@code generationConfig.topP}; of a list the first
 *     item is meant); empty where nothing of it goes upstream, or it goes as it came
 * @param unless other parameters beside which it is unsupported
 */
public record Treatment(Kind kind, String rule, Optional<String> place, Set<String> unless) {
    public Treatment {
        unless = Set.copyOf(unless);
    }

    private Treatment(Kind kind, String rule, Optional<String> place) {
        this(kind, rule, place, Set.of());
    }

    /** The caller's value goes under the caller's name. */
    public static final Treatment FORWARD = new Treatment(Kind.FORWARD, "", Optional.empty());

    /** The provider has no place for it. */
    public static final Treatment UNSUPPORTED = new Treatment(Kind.UNSUPPORTED, "", Optional.empty());

    /** Stands in a place for the parameter's own name. */
    public static final String NAME = "{name}";

    static final String STREAM_OPTIONS = "stream_options";

    /** Of {@code stream_options}, where streams tell their usage only when they are asked to. */
    public static final Treatment USAGE_ASKED = changed(STREAM_OPTIONS, "include_usage is asked for in every stream");

    /** Of {@code stream_options}, where streams always tell their usage, or never do. */
    public static final Treatment USAGE_COMES =
            doneHere("not sent: the gateway shows the usage of a stream to the caller who asks for it");

    /** Of {@code encoding_format}, where vectors come in numbers. */
    public static final Treatment VECTORS_WRITTEN = doneHere("not sent: the gateway writes vectors in base64 itself");

    /** The choices there are. */
    public enum Kind {
        FORWARD,
        TRANSLATE,
        UNSUPPORTED;

        /** As the page and the docs say it. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The caller's value under another name. */
    public static Treatment sentAs(String place) {
        return new Treatment(Kind.TRANSLATE, "sent as " + place, Optional.of(place));
    }

    /** @param how what else is to be known */
    public static Treatment sentAs(String place, String how) {
        return new Treatment(Kind.TRANSLATE, "sent as " + place + ": " + how, Optional.of(place));
    }

    /** Under its own name, but changed. */
    public static Treatment changed(String name, String how) {
        return new Treatment(Kind.TRANSLATE, how, Optional.of(name));
    }

    /** The gateway does itself what it asks for: nothing of it goes upstream. */
    public static Treatment doneHere(String how) {
        return new Treatment(Kind.TRANSLATE, how, Optional.empty());
    }

    /** This, but unsupported where the caller says one of these, too. */
    public Treatment unless(Set<String> others) {
        return new Treatment(kind, rule, place, others);
    }

    /** Whether the provider has no place for it. */
    public boolean isUnsupported() {
        return kind == Kind.UNSUPPORTED;
    }
}
