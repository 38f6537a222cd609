package io.mlflowgateway.samples.docs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The versions this project is built with, to hold dependencies that pages show against. */
public final class ParentPom {
    private static final String LANGCHAIN4J = "dev.langchain4j";

    private final Element project;
    private final List<Coordinates> managed;

    /** What names an artifact; the version is empty where none is given. */
    public record Coordinates(String group, String artifact, String version) {}

    private ParentPom(Element project) {
        this.project = project;
        this.managed = coordinates(project);
    }

    public static ParentPom read() throws IOException {
        return new ParentPom(parse(Files.readString(MarkdownFile.ROOT.resolve("pom.xml"))));
    }

    /** The dependencies a fragment of a pom names. */
    public static List<Coordinates> dependencies(String fragment) throws IOException {
        return coordinates(parse("<fragment>" + fragment + "</fragment>"));
    }

    /** The coordinates with the version this project uses; empty for what it does not use. */
    public String versionOf(Coordinates asked) {
        return managed.stream()
                .filter(one ->
                        one.group().equals(asked.group()) && one.artifact().equals(asked.artifact()))
                .findFirst()
                .map(one -> resolved(one.version()))
                .orElseGet(() -> asked.group().equals(LANGCHAIN4J) ? property("langchain4j.version") : "");
    }

    private String resolved(String version) {
        if (version.equals("${project.version}")) {
            return childText(project, "version");
        }
        return version.startsWith("${") ? property(version.substring(2, version.length() - 1)) : version;
    }

    private String property(String name) {
        return project.getElementsByTagName(name).item(0).getTextContent();
    }

    private static List<Coordinates> coordinates(Element below) {
        NodeList found = below.getElementsByTagName("dependency");
        List<Coordinates> all = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            Element one = (Element) found.item(i);
            all.add(new Coordinates(
                    childText(one, "groupId"), childText(one, "artifactId"), childText(one, "version")));
        }
        return all;
    }

    private static String childText(Element parent, String name) {
        NodeList children = parent.getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            if (children.item(i).getNodeName().equals(name)) {
                return children.item(i).getTextContent().strip();
            }
        }
        return "";
    }

    private static Element parse(String xml) throws IOException {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
    }
}
