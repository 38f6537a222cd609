package io.mlflowgateway.server.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads a message's {@code content}: a string, or parts of types {@code text}, {@code image_url}, {@code file}. */
final class PartReader {
    private static final String DATA = "data:";
    private static final String BASE64 = ";base64,";

    private PartReader() {}

    static List<Part> parts(JsonNode content, String at) {
        List<Part> parts = new ArrayList<>();
        if (content.isTextual()) {
            addText(content.asText(), parts);
        } else if (content.isArray()) {
            for (int i = 0; i < content.size(); i++) {
                add(content.path(i), at + "[" + i + "]", parts);
            }
        } else if (!content.isMissingNode() && !content.isNull()) {
            throw ChatReader.invalid(at, "must be a string or a list of parts");
        }
        return parts;
    }

    private static void add(JsonNode part, String at, List<Part> parts) {
        String type = part.isTextual() ? "text" : part.path("type").asText("");
        switch (type) {
            case "text", "input_text", "refusal" -> addText(textOf(part), parts);
            case "image_url", "input_image" -> parts.add(image(part, at));
            case "file" -> parts.add(file(part.path("file"), at));
            case "" -> throw ChatReader.invalid(at + ".type", "is missing");
            default -> parts.add(new Part.Other(type, at));
        }
    }

    private static String textOf(JsonNode part) {
        return part.isTextual()
                ? part.asText()
                : part.path("text").asText(part.path("refusal").asText(""));
    }

    /** Providers refuse blank texts, and OpenAI's own clients send them beside tool calls. */
    private static void addText(String text, List<Part> parts) {
        if (!text.isBlank()) {
            parts.add(new Part.Text(text));
        }
    }

    private static Part image(JsonNode part, String at) {
        JsonNode image = part.path("image_url");
        String url = image.isTextual() ? image.asText() : image.path("url").asText("");
        if (url.isEmpty()) {
            throw ChatReader.invalid(at + ".image_url.url", "is missing");
        }
        if (!url.startsWith(DATA)) {
            return new Part.LinkedImage(url);
        }
        return new Part.InlineImage(mediaType(url, at), data(url));
    }

    private static Part file(JsonNode file, String at) {
        String data = file.path("file_data").asText("");
        if (!data.startsWith(DATA)) {
            return new Part.Other("file", at);
        }
        return new Part.InlineFile(file.path("filename").asText(""), mediaType(data, at), data(data));
    }

    private static String mediaType(String url, String at) {
        int end = url.indexOf(BASE64);
        if (end <= DATA.length()) {
            throw ChatReader.invalid(at, "must be a data URL as data:image/png;base64,...");
        }
        return url.substring(DATA.length(), end);
    }

    private static String data(String url) {
        return url.substring(url.indexOf(BASE64) + BASE64.length());
    }
}
