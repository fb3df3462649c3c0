package dev.retune.agent.core;

import java.time.Duration;
import java.util.Optional;

/**
 * Documents that say what the simulated judge and kubelet make of them: {@code judge=LOAD}, {@code
 * crashAfter=PT1S}, {@code neverRenews=true}.
 */
public final class Texts {
  /** The local config. */
  public static final String LOCAL = "local";

  private Texts() {}

  public static String good(String name) {
    return "good " + name;
  }

  public static String unparsable(String name) {
    return "unparsable " + name + " judge=LOAD";
  }

  public static String invalid(String name) {
    return "invalid " + name + " judge=VALIDATE";
  }

  /** Passes the judge; the kubelet ends by itself so long after its start. */
  public static String crashes(String name, Duration after) {
    return "crashes " + name + " crashAfter=" + after;
  }

  public static String with(String name, String key, Object value) {
    return name + " " + key + "=" + value;
  }

  public static Optional<String> value(String document, String key) {
    int start = document.indexOf(" " + key + "=");
    if (start < 0) {
      return Optional.empty();
    }
    int from = start + key.length() + 2;
    int end = document.indexOf(' ', from);
    return Optional.of(end < 0 ? document.substring(from) : document.substring(from, end));
  }

  public static Optional<Duration> duration(String document, String key) {
    return value(document, key).map(Duration::parse);
  }

  public static boolean says(String document, String key) {
    return value(document, key).isPresent();
  }

  /** Whether a kubelet runs with it for ever. */
  public static boolean innocent(String document) {
    return !document.contains("=");
  }

  /** Whether all that is wrong with it is what the API server sees. */
  public static boolean losesLease(String document) {
    return says(document, "neverRenews") || says(document, "leaseStopsAfter");
  }
}
