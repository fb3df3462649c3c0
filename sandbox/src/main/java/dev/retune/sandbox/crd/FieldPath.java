package dev.retune.sandbox.crd;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A rule's {@code fieldPath}: {@code .a.b} and {@code ['a']}, fields and map keys only. */
final class FieldPath {
  private static final Pattern STEP =
      Pattern.compile("\\.([^.\\[\\]]+)|\\['((?:[^'\\\\]|\\\\.)*)'\\]");

  private FieldPath() {}

  /** The path as error paths are written, empty when the schema has no such place. */
  static Optional<String> normalize(Schema schema, String path) {
    Matcher step = STEP.matcher(path);
    @Nullable Schema at = schema;
    String normalized = "";
    int end = 0;
    while (at != null && step.find() && step.start() == end) {
      end = step.end();
      String name =
          step.group(1) != null ? step.group(1) : step.group(2).replaceAll("\\\\(.)", "$1");
      if (!at.properties().isEmpty()) {
        at = at.properties().get(name);
        normalized = Paths.child(normalized, name);
      } else {
        at = at.values();
        normalized = Paths.key(normalized, name);
      }
    }
    return at == null || end == 0 || end != path.length()
        ? Optional.empty()
        : Optional.of(normalized);
  }
}
