package io.mlflowgateway.server.provider.aws;

import io.mlflowgateway.server.secret.Secret;
import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads what STS answered to AssumeRole. A document type, and with it every entity of its own, is refused before anything
 * behind it is read. The first use reads files of the JDK: not for event loops.
 */
public final class AssumedRole {
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_PATH = 500;
    private static final String CREDENTIALS = "AssumeRoleResponse/AssumeRoleResult/Credentials/";
    private static final String CODE = "ErrorResponse/Error/Code";
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9.]{1,64}");

    private AssumedRole() {}

    /** The role's credentials. Messages name the error's code, and nothing else of the answer. */
    public static AwsCredentials read(int status, byte[] body) throws CredentialsProblem {
        if (status != 200) {
            throw new CredentialsProblem("STS refused the role with status " + status + code(body));
        }
        Map<String, String> texts = texts(body);
        return new AwsCredentials(
                text(texts, "AccessKeyId"),
                new Secret(text(texts, "SecretAccessKey")),
                Optional.of(new Secret(text(texts, "SessionToken"))),
                Optional.of(Expiry.read(text(texts, "Expiration"), "Expiration")));
    }

    /** In brackets; nothing where there is none, as in what a proxy says. */
    private static String code(byte[] body) {
        try {
            String code = texts(body).getOrDefault(CODE, "");
            return WORD.matcher(code).matches() ? " (" + code + ")" : "";
        } catch (CredentialsProblem e) {
            return "";
        }
    }

    private static String text(Map<String, String> texts, String element) throws CredentialsProblem {
        String text = texts.getOrDefault(CREDENTIALS + element, "").strip();
        if (text.isEmpty()) {
            throw new CredentialsProblem("STS answered without " + element);
        }
        return text;
    }

    /** The texts of the elements that hold nothing else, by their paths; of some that have the same one, the last. */
    private static Map<String, String> texts(byte[] xml) throws CredentialsProblem {
        if (xml.length > MOST_BYTES) {
            throw new CredentialsProblem("STS answered with more than " + MOST_BYTES + " bytes");
        }
        try {
            XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(xml));
            try {
                return texts(reader);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            throw new CredentialsProblem("STS answered with something that is not well-formed XML");
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    private static Map<String, String> texts(XMLStreamReader reader) throws XMLStreamException {
        Map<String, String> texts = new HashMap<>();
        StringBuilder path = new StringBuilder();
        String text = "";
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    path.append(path.isEmpty() ? "" : "/").append(reader.getLocalName());
                    if (path.length() > MOST_PATH) {
                        throw new XMLStreamException("too deep");
                    }
                    text = "";
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text += reader.getText();
                case XMLStreamConstants.END_ELEMENT -> {
                    texts.put(path.toString(), text);
                    path.setLength(Math.max(0, path.lastIndexOf("/")));
                    text = "";
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new XMLStreamException("no document types");
                default -> {}
            }
        }
        return texts;
    }
}
