package dev.retune.kube;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Queries of API paths. */
final class Query {

  private Query() {}

  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
