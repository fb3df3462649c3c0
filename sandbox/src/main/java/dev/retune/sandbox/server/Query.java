package dev.retune.sandbox.server;

import dev.retune.sandbox.registry.ApiFailure;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parameters of a URL. */
record Query(Map<String, List<String>> values) {

  static Query parse(@Nullable String raw) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        values.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
      }
    }
    return new Query(values);
  }

  /** The parameter's first value; empty when it is absent or empty. */
  Optional<String> text(String name) {
    return values.getOrDefault(name, List.of()).stream().findFirst().filter(v -> !v.isEmpty());
  }

  /** True for {@code true}, {@code 1} and a parameter without a value. */
  boolean flag(String name) {
    List<String> given = values.getOrDefault(name, List.of());
    return !given.isEmpty()
        && (given.getFirst().isEmpty()
            || given.getFirst().equals("true")
            || given.getFirst().equals("1"));
  }

  /**
   * @throws ApiFailure 400 when it is no number
   */
  Optional<Long> number(String name) {
    try {
      return text(name).map(Long::valueOf);
    } catch (NumberFormatException e) {
      throw ApiFailure.badRequest(
          "%s: Invalid value: \"%s\": must be an integer".formatted(name, text(name).orElse("")));
    }
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiFailure.badRequest("the query cannot be decoded: " + e.getMessage());
    }
  }
}
