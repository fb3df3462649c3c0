package dev.retune.sandbox.crd;

import java.util.List;
import java.util.Optional;

/**
 * The formats of CEL's {@code format} library ({@code k8s.io/apiserver/pkg/cel/library/format.go}).
 */
enum NamedFormat {
  DNS_1123_LABEL("dns1123Label"),
  DNS_1123_SUBDOMAIN("dns1123Subdomain"),
  DNS_1035_LABEL("dns1035Label"),
  QUALIFIED_NAME("qualifiedName"),
  DNS_1123_LABEL_PREFIX("dns1123LabelPrefix"),
  DNS_1123_SUBDOMAIN_PREFIX("dns1123SubdomainPrefix"),
  DNS_1035_LABEL_PREFIX("dns1035LabelPrefix"),
  LABEL_VALUE("labelValue"),
  URI("uri"),
  UUID("uuid"),
  BYTE("byte"),
  DATE("date"),
  DATETIME("datetime");

  private final String celName;

  NamedFormat(String celName) {
    this.celName = celName;
  }

  String celName() {
    return celName;
  }

  /** What is wrong with a text; empty when it has the format. */
  List<String> problems(String text) {
    return switch (this) {
      case DNS_1123_LABEL -> Names.dnsLabelProblems(text);
      case DNS_1123_SUBDOMAIN -> Names.dnsSubdomainProblems(text);
      case DNS_1035_LABEL -> Names.dns1035LabelProblems(text);
      case QUALIFIED_NAME -> Names.qualifiedNameProblems(text);
      case DNS_1123_LABEL_PREFIX -> Names.dnsLabelProblems(unmask(text));
      case DNS_1123_SUBDOMAIN_PREFIX -> Names.dnsSubdomainProblems(unmask(text));
      case DNS_1035_LABEL_PREFIX -> Names.dns1035LabelProblems(unmask(text));
      case LABEL_VALUE -> Names.labelValueProblems(text);
      case URI -> unlessMatches(text, "invalid URI for request");
      case UUID -> unlessMatches(text, "does not match the UUID format");
      case BYTE -> unlessMatches(text, "invalid base64");
      case DATE -> unlessMatches(text, "invalid date");
      case DATETIME -> unlessMatches(text, "invalid datetime");
    };
  }

  static Optional<NamedFormat> named(String name) {
    for (NamedFormat format : values()) {
      if (format.celName.equals(name)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /** A prefix may end in a dash, since something will follow it. */
  private static String unmask(String prefix) {
    return prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 1) + "a" : prefix;
  }

  private List<String> unlessMatches(String text, String problem) {
    return Formats.matches(celName, text) ? List.of() : List.of(problem);
  }
}
