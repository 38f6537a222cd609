package io.mlflowgateway.server.provider.aws;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the SDKs' files as boto does: {@code [section]}, {@code key = value} or {@code key : value}, whole lines of comment
 * behind {@code #} or {@code ;}. A line that stands deeper than its key is part of that key's value, and none of those is
 * of use here. What stands twice counts as it stands last.
 */
final class IniSections {
    private final String file;
    private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    private String section = "";
    private boolean inKey;
    private int keyIndent;

    private IniSections(String file) {
        this.file = file;
    }

    /** @param file its name, for messages */
    static Map<String, Map<String, String>> read(String file, String text) throws CredentialsProblem {
        IniSections ini = new IniSections(file);
        int number = 0;
        for (String line : text.replace("\uFEFF", "").lines().toList()) {
            ini.read(line, ++number);
        }
        return ini.sections;
    }

    private void read(String line, int number) throws CredentialsProblem {
        String said = line.strip();
        if (said.isEmpty() || said.startsWith("#") || said.startsWith(";")) {
            return;
        }
        int indent = line.indexOf(said.charAt(0));
        if (inKey && indent > keyIndent) {
            return;
        }
        int close = said.lastIndexOf(']');
        if (said.startsWith("[") && close > 0) {
            section = said.substring(1, close).strip();
            sections.computeIfAbsent(section, name -> new LinkedHashMap<>());
            inKey = false;
        } else {
            readKey(said, number);
            inKey = true;
            keyIndent = indent;
        }
    }

    private void readKey(String said, int number) throws CredentialsProblem {
        int at = 0;
        while (at < said.length() && said.charAt(at) != '=' && said.charAt(at) != ':') {
            at++;
        }
        Map<String, String> values = sections.get(section);
        if (at == 0 || at == said.length() || values == null) {
            throw new CredentialsProblem(
                    file + ", line " + number + ", is neither a [section] nor a key with its value below one");
        }
        values.put(
                said.substring(0, at).strip().toLowerCase(Locale.ROOT),
                said.substring(at + 1).strip());
    }
}
