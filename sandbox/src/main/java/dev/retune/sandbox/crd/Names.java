package dev.retune.sandbox.crd;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What Kubernetes says of names ({@code k8s.io/apimachinery/pkg/util/validation}); an empty list
 * when there is nothing to say.
 */
final class Names {
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final Pattern DNS_LABEL = Pattern.compile(LABEL);
  private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
  private static final Pattern DNS_SUBDOMAIN = Pattern.compile(SUBDOMAIN);
  private static final String LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
  private static final Pattern DNS_1035_LABEL = Pattern.compile(LABEL_1035);
  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");

  private Names() {}

  static List<String> dnsLabelProblems(String name) {
    List<String> problems = new ArrayList<>();
    tooLong(problems, name, 63);
    if (!DNS_LABEL.matcher(name).matches()) {
      problems.add(
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
              + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc',"
              + " regex used for validation is '"
              + LABEL
              + "')");
    }
    return problems;
  }

  static List<String> dnsSubdomainProblems(String name) {
    List<String> problems = new ArrayList<>();
    tooLong(problems, name, 253);
    if (!DNS_SUBDOMAIN.matcher(name).matches()) {
      problems.add(
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
              + " '.', and must start and end with an alphanumeric character (e.g. 'example.com',"
              + " regex used for validation is '"
              + SUBDOMAIN
              + "')");
    }
    return problems;
  }

  static List<String> dns1035LabelProblems(String name) {
    List<String> problems = new ArrayList<>();
    tooLong(problems, name, 63);
    if (!DNS_1035_LABEL.matcher(name).matches()) {
      problems.add(
          "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
              + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or"
              + " 'abc-123', regex used for validation is '"
              + LABEL_1035
              + "')");
    }
    return problems;
  }

  static List<String> qualifiedNameProblems(String name) {
    List<String> problems = new ArrayList<>();
    String[] parts = name.split("/", -1);
    if (parts.length > 2) {
      problems.add(
          "a valid label key must consist of alphanumeric characters, '-', '_' or '.', with an"
              + " optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
      return problems;
    }
    if (parts.length == 2) {
      if (parts[0].isEmpty()) {
        problems.add("prefix part must be non-empty");
      }
      dnsSubdomainProblems(parts[0]).forEach(problem -> problems.add("prefix part " + problem));
    }
    String last = parts[parts.length - 1];
    if (last.isEmpty()) {
      problems.add("name part must be non-empty");
    } else if (last.length() > 63) {
      problems.add("name part must be no more than 63 bytes");
    }
    if (!LABEL_VALUE.matcher(last).matches()) {
      problems.add(
          "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and"
              + " end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc',"
              + " regex used for validation is '"
              + LABEL_VALUE
              + "')");
    }
    return problems;
  }

  static List<String> labelValueProblems(String value) {
    List<String> problems = new ArrayList<>();
    tooLong(problems, value, 63);
    if (!value.isEmpty() && !LABEL_VALUE.matcher(value).matches()) {
      problems.add(
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
              + " '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
              + " 'my_value',  or '12345', regex used for validation is '("
              + LABEL_VALUE
              + ")?')");
    }
    return problems;
  }

  private static void tooLong(List<String> problems, String name, int max) {
    if (name.length() > max) {
      problems.add("must be no more than " + max + " bytes");
    }
  }
}
