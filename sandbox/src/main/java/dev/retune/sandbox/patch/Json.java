package dev.retune.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** What patches and schemas ask of JSON values. */
public final class Json {
  private Json() {}

  /** The JSON type's name in lower case, for messages. */
  public static String typeOf(JsonNode value) {
    return value.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  /** Equality of JSON values: numbers by value, so that 1 and 1.0 are the same. */
  public static boolean same(JsonNode a, JsonNode b) {
    return a.equals(Json::compareLeaves, b);
  }

  private static int compareLeaves(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue());
    }
    return a.equals(b) ? 0 : 1;
  }
}
