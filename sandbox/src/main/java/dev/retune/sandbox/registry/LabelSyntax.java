package dev.retune.sandbox.registry;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What labels may look like (apimachinery {@code IsQualifiedName} and {@code IsValidLabelValue}).
 */
final class LabelSyntax {
  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
  private static final int LONGEST = 63;

  private LabelSyntax() {}

  static Optional<String> keyError(String key) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    if (slash == 0) {
      return Optional.of("prefix part must be non-empty");
    }
    if (slash > 0) {
      Optional<String> prefix = NameFormats.subdomainError(key.substring(0, slash));
      if (prefix.isPresent()) {
        return prefix.map(why -> "prefix part " + why);
      }
    }
    if (name.isEmpty()) {
      return Optional.of("name part must be non-empty");
    }
    if (name.length() > LONGEST) {
      return Optional.of("name part must be no more than 63 characters");
    }
    return NAME.matcher(name).matches()
        ? Optional.empty()
        : Optional.of(
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start"
                + " and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or"
                + " '123-abc', regex used for validation is"
                + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')");
  }

  static Optional<String> valueError(String value) {
    if (value.length() > LONGEST) {
      return Optional.of("must be no more than 63 characters");
    }
    return value.isEmpty() || NAME.matcher(value).matches()
        ? Optional.empty()
        : Optional.of(
            "a valid label must be an empty string or consist of alphanumeric characters, '-',"
                + " '_' or '.', and must start and end with an alphanumeric character (e.g."
                + " 'MyValue',  or 'my_value',  or '12345', regex used for validation is"
                + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
  }
}
