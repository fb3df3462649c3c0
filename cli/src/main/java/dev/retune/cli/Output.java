package dev.retune.cli;

import dev.retune.kube.Json;
import dev.retune.kube.Yaml;
import org.jspecify.annotations.Nullable;

/** {@code -o}: how an object is written. */
final class Output {
  private Output() {}

  /** Formats for programs. */
  enum Format {
    json,
    yaml
  }

  static String text(Format format, @Nullable Object tree) {
    var text =
        switch (format) {
          case json -> Json.pretty(tree);
          case yaml -> Yaml.write(tree);
        };
    return text.endsWith("\n") ? text : text + "\n";
  }
}
