package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Parts of a user's message in OpenAI's shape; video as the common extension of it. */
final class ContentWriter {

    private ContentWriter() {}

    static ObjectNode write(Content content) {
        if (content instanceof TextContent text) {
            return part("text").put("text", text.text());
        }
        if (content instanceof ImageContent image) {
            return image(image);
        }
        if (content instanceof AudioContent audio) {
            return audio(audio);
        }
        if (content instanceof VideoContent video) {
            String url = url(
                    video.video().url(), video.video().mimeType(), video.video().base64Data());
            return part("video_url").set("video_url", Json.object().put("url", url));
        }
        if (content instanceof PdfFileContent pdf) {
            String data = url(
                    pdf.pdfFile().url(), pdf.pdfFile().mimeType(), pdf.pdfFile().base64Data());
            return part("file")
                    .set("file", Json.object().put("filename", "document.pdf").put("file_data", data));
        }
        throw new UnsupportedFeatureException("Content of type " + content.type() + " is not supported");
    }

    private static ObjectNode image(ImageContent content) {
        String url = url(
                content.image().url(),
                content.image().mimeType(),
                content.image().base64Data());
        ObjectNode image = Json.object().put("url", url);
        switch (content.detailLevel()) {
            case LOW, HIGH, AUTO ->
                image.put("detail", content.detailLevel().name().toLowerCase(Locale.ROOT));
            default ->
                throw new UnsupportedFeatureException(
                        "Images in detail level " + content.detailLevel() + " are not supported");
        }
        return part("image_url").set("image_url", image);
    }

    private static ObjectNode audio(AudioContent content) {
        String data = content.audio().base64Data();
        String type = content.audio().mimeType();
        if (data == null || type == null) {
            throw new UnsupportedFeatureException("Audio is supported as base64 data with a MIME type only");
        }
        String format = switch (type) {
            case "audio/mpeg", "audio/mp3" -> "mp3";
            case "audio/wav", "audio/x-wav", "audio/wave" -> "wav";
            default -> type.substring(type.indexOf('/') + 1);
        };
        return part("input_audio")
                .set("input_audio", Json.object().put("data", data).put("format", format));
    }

    private static String url(@Nullable URI url, @Nullable String mimeType, @Nullable String base64) {
        return url != null ? url.toString() : "data:" + mimeType + ";base64," + base64;
    }

    private static ObjectNode part(String type) {
        return Json.object().put("type", type);
    }
}
