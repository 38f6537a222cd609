package io.mlflowgateway.langchain4j.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.ImageContent.DetailLevel;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** OpenAI's shape of what a user's message may hold. */
class ContentWriterTest {

    @Test
    void text_is_a_part_of_its_own() {
        assertThat(written(TextContent.from("hi"))).isEqualTo(Map.of("type", "text", "text", "hi"));
    }

    @Test
    void images_are_addresses_or_data_in_any_detail_the_wire_knows() {
        assertThat(written(ImageContent.from("https://images.example/cat.png", DetailLevel.HIGH)))
                .isEqualTo(part("image_url", Map.of("url", "https://images.example/cat.png", "detail", "high")));
        assertThat(written(ImageContent.from("aGk=", "image/png", DetailLevel.AUTO)))
                .isEqualTo(part("image_url", Map.of("url", "data:image/png;base64,aGk=", "detail", "auto")));
        assertThat(written(ImageContent.from("aGk=", "image/jpeg")))
                .isEqualTo(part("image_url", Map.of("url", "data:image/jpeg;base64,aGk=", "detail", "low")));
        for (DetailLevel level : new DetailLevel[] {DetailLevel.MEDIUM, DetailLevel.ULTRA_HIGH}) {
            assertThatThrownBy(() -> written(ImageContent.from("https://images.example/cat.png", level)))
                    .isInstanceOf(UnsupportedFeatureException.class);
        }
    }

    @Test
    void audio_is_data_in_the_format_its_type_names() {
        for (Map.Entry<String, String> format : Map.of(
                        "audio/wav", "wav", "audio/x-wav", "wav", "audio/mpeg", "mp3", "audio/ogg", "ogg")
                .entrySet()) {
            assertThat(written(AudioContent.from("aGk=", format.getKey())))
                    .isEqualTo(part("input_audio", Map.of("data", "aGk=", "format", format.getValue())));
        }
        assertThatThrownBy(() -> written(AudioContent.from("https://sounds.example/cat.wav")))
                .isInstanceOf(UnsupportedFeatureException.class);
    }

    @Test
    void pdfs_are_files() {
        assertThat(written(PdfFileContent.from("aGk=", "application/pdf")))
                .isEqualTo(part(
                        "file", Map.of("filename", "document.pdf", "file_data", "data:application/pdf;base64,aGk=")));
        assertThat(written(PdfFileContent.from("https://papers.example/cat.pdf")))
                .isEqualTo(part(
                        "file", Map.of("filename", "document.pdf", "file_data", "https://papers.example/cat.pdf")));
    }

    @Test
    void video_is_an_address_or_data() {
        assertThat(written(VideoContent.from("https://films.example/cat.mp4")))
                .isEqualTo(part("video_url", Map.of("url", "https://films.example/cat.mp4")));
    }

    private static Map<String, Object> part(String type, Map<String, Object> content) {
        return Map.of("type", type, type, content);
    }

    private static Map<String, Object> written(Content content) {
        return Json.map(ContentWriter.write(content));
    }
}
