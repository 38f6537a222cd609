package io.mlflowgateway.server.secret;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What credentials look like when their value is not known: providers' prefixes, {@code Authorization} values, long
 * words behind "key" or "token", credentials in URLs. Also those a provider has half masked itself. Every pattern runs
 * in linear time: repetitions are possessive or of one character class.
 */
final class KeyPatterns {
    /** Group 1, where there is one, is kept. */
    private static final List<Pattern> PATTERNS = List.of(
            // OpenAI, Anthropic, Groq, xAI, Hugging Face, GitHub, GitLab, Slack, NVIDIA, Perplexity, Replicate.
            Pattern.compile("(?<![A-Za-z0-9])()(?:(?:sk|xai|glpat|nvapi|pplx|xox[abposr])-|(?:gsk|hf|r8|gh[pousr])_)"
                    + "[A-Za-z0-9_*.\u2026\u2022-]{4,}+"),
            // AWS access key ids, Google API keys, Databricks tokens, JSON web tokens.
            Pattern.compile("(?<![A-Za-z0-9])()(?:(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9*]{8,}+|AIza[A-Za-z0-9_*-]{10,}+"
                    + "|dapi[a-f0-9]{16,}+|eyJ[A-Za-z0-9_=-]{8,}+(?:\\.[A-Za-z0-9_=*-]*+){0,4})"),
            Pattern.compile(
                    "(?i)\\b((?:bearer|basic)\\s{1,4})(?!auth|token|scheme|credential)[A-Za-z0-9._~+/=*:-]{4,}+"),
            // Behind such a word, whatever is long and holds a digit or a star; "api key authentication" stays.
            Pattern.compile("(?i)((?:key|token|secret|password|credential|signature)(?:[_ -]?id)?[\"']?"
                    + "(?:\\s(?:provided|given|supplied|used|is|was|value))?\\s{0,4}[:=]?\\s{0,4}[\"'(\\[<`]?)"
                    + "(?=[A-Za-z+/_.=-]{0,512}[0-9*])[A-Za-z0-9+/_.=*-]{12,}+"),
            Pattern.compile("(?i)([?&](?:key|api[_-]?key|token|access[_-]token|sig|signature|code)=)[^&\\s\"']++"),
            Pattern.compile("(://)[^/\\s@\"']{1,512}(?=@)"));

    private KeyPatterns() {}

    /** The text with every match masked; the same object when there is none. */
    static String mask(String text) {
        if (isHexadecimal(text)) {
            return text;
        }
        String masked = text;
        for (Pattern pattern : PATTERNS) {
            Matcher matcher = pattern.matcher(masked);
            if (matcher.find()) {
                masked = matcher.replaceAll(match -> Matcher.quoteReplacement(match.group(1) + Masker.MASK));
            }
        }
        return masked;
    }

    /** Every pattern needs a character that is none of these. So look the ids of requests, one in each line of the log. */
    static boolean isHexadecimal(String text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f') && c != '-') {
                return false;
            }
        }
        return true;
    }
}
