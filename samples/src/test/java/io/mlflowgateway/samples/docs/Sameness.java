package io.mlflowgateway.samples.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Iterator;
import java.util.List;

/** Whether an answer is the one that is shown. What changes from call to call is shown as {@code …}, or as the time 1700000000. */
final class Sameness {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int ANY_TIME = 1_700_000_000;

    private Sameness() {}

    /** Compares events line by line, anything else as one JSON document. */
    static boolean same(String shown, String answered) throws JsonProcessingException {
        if (!shown.startsWith("data:")) {
            return same(MAPPER.readTree(shown), MAPPER.readTree(answered));
        }
        List<String> shownLines = shown.strip().lines().toList();
        List<String> answeredLines = answered.strip().lines().toList();
        if (shownLines.size() != answeredLines.size()) {
            return false;
        }
        for (int i = 0; i < shownLines.size(); i++) {
            if (!sameLine(shownLines.get(i), answeredLines.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameLine(String shown, String answered) throws JsonProcessingException {
        if (!shown.startsWith("data: {")) {
            return shown.equals(answered);
        }
        return answered.startsWith("data: {")
                && same(MAPPER.readTree(shown.substring(6)), MAPPER.readTree(answered.substring(6)));
    }

    private static boolean same(JsonNode shown, JsonNode answered) {
        if (shown.isObject() && answered.isObject()) {
            Iterator<String> names = shown.fieldNames();
            boolean all = shown.size() == answered.size();
            while (all && names.hasNext()) {
                String name = names.next();
                all = answered.has(name) && same(shown.path(name), answered.path(name));
            }
            return all;
        }
        if (shown.isArray() && answered.isArray()) {
            boolean all = shown.size() == answered.size();
            for (int i = 0; all && i < shown.size(); i++) {
                all = same(shown.path(i), answered.path(i));
            }
            return all;
        }
        if (shown.isTextual() && shown.asText().endsWith("…") && answered.isTextual()) {
            String text = shown.asText();
            return answered.asText().startsWith(text.substring(0, text.length() - 1));
        }
        if (shown.isNumber() && shown.asLong() == ANY_TIME) {
            return answered.isIntegralNumber();
        }
        return shown.equals(answered);
    }
}
