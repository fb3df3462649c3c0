package dev.retune.sandbox.server;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The order of API versions: v2 before v1 before v1beta1 before v1alpha1 before anything else. */
final class ApiVersions {
  private static final Pattern VERSION = Pattern.compile("v([0-9]+)(?:(alpha|beta)([0-9]+))?");

  static final Comparator<String> PREFERRED_FIRST =
      Comparator.comparing(ApiVersions::rank).reversed().thenComparing(Comparator.naturalOrder());

  private ApiVersions() {}

  private static Long rank(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      return 0L;
    }
    long stability = matcher.group(2) == null ? 3 : matcher.group(2).equals("beta") ? 2 : 1;
    long minor = matcher.group(3) == null ? 0 : Long.parseLong(matcher.group(3));
    return stability * 1_000_000_000_000L + Long.parseLong(matcher.group(1)) * 1_000_000L + minor;
  }
}
