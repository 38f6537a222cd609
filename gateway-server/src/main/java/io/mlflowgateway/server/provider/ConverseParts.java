package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.Part;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Writes parts of a turn as content blocks of Converse. */
final class ConverseParts {
    private static final Map<String, String> IMAGES = Map.of(
            "image/png", "png", "image/jpeg", "jpeg", "image/jpg", "jpeg", "image/gif", "gif", "image/webp", "webp");

    private static final Map<String, String> DOCUMENTS = Map.of(
            "application/pdf",
            "pdf",
            "text/csv",
            "csv",
            "application/msword",
            "doc",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
            "application/vnd.ms-excel",
            "xls",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
            "text/html",
            "html",
            "text/plain",
            "txt",
            "text/markdown",
            "md");

    /** What a document's name may not hold: all but letters, digits, spaces, hyphens and brackets. */
    private static final Pattern NOT_IN_NAMES = Pattern.compile("[^A-Za-z0-9 ()\\[\\]-]+");

    private static final int LONGEST_NAME = 200;

    private ConverseParts() {}

    static void write(ArrayNode content, Part part) {
        if (part instanceof Part.Text text) {
            content.addObject().put("text", text.text());
        } else if (part instanceof Part.InlineImage image) {
            ObjectNode json = content.addObject().putObject("image");
            json.put("format", format(IMAGES, image.mediaType()));
            json.putObject("source").put("bytes", image.base64());
        } else if (part instanceof Part.LinkedImage image) {
            linked(content.addObject().putObject("image"), image.url());
        } else if (part instanceof Part.InlineFile file) {
            ObjectNode json = content.addObject().putObject("document");
            json.put("format", format(DOCUMENTS, file.mediaType()));
            json.put("name", name(file.name()));
            json.putObject("source").put("bytes", file.base64());
        } else if (part instanceof Part.Other other) {
            throw Prompts.unsupported(other.at() + " is of type '" + other.type() + "', which bedrock does not take");
        }
    }

    /** Bedrock fetches from S3 and from nowhere else; the format is in the name. */
    private static void linked(ObjectNode image, String url) {
        if (!url.startsWith("s3://")) {
            throw Prompts.unsupported(
                    "messages hold a link to a picture, which bedrock does not fetch; send it as a data URL");
        }
        String ending = url.substring(url.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        image.put("format", format(IMAGES, "image/" + ending));
        image.putObject("source").putObject("s3Location").put("uri", url);
    }

    private static String format(Map<String, String> known, String mediaType) {
        String type = mediaType.toLowerCase(Locale.ROOT);
        int end = type.indexOf(';');
        return Optional.ofNullable(known.get((end < 0 ? type : type.substring(0, end)).strip()))
                .orElseThrow(() -> Prompts.unsupported("messages hold a file of type '"
                        + (type.length() > 100 ? type.substring(0, 100) : type) + "', which bedrock does not take"));
    }

    private static String name(String callers) {
        int dot = callers.lastIndexOf('.');
        String name = NOT_IN_NAMES
                .matcher(dot > 0 ? callers.substring(0, dot) : callers)
                .replaceAll(" ")
                .replaceAll(" +", " ")
                .strip();
        String shown = name.isEmpty() ? "document" : name;
        return shown.length() > LONGEST_NAME ? shown.substring(0, LONGEST_NAME) : shown;
    }
}
