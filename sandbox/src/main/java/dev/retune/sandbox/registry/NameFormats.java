package dev.retune.sandbox.registry;

import java.util.Optional;
import java.util.regex.Pattern;

/** The name formats of Kubernetes (apimachinery {@code validation} of 1.36) and what it says. */
final class NameFormats {
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final Pattern DNS_LABEL = Pattern.compile(LABEL);
  private static final Pattern DNS_SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
  private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");

  private NameFormats() {}

  static Optional<String> subdomainError(String name) {
    if (name.length() > 253) {
      return Optional.of("must be no more than 253 characters");
    }
    if (!DNS_SUBDOMAIN.matcher(name).matches()) {
      return Optional.of(
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-'"
              + " or '.', and must start and end with an alphanumeric character (e.g."
              + " 'example.com', regex used for validation is"
              + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }
    return Optional.empty();
  }

  static Optional<String> labelError(String name) {
    if (name.length() > 63) {
      return Optional.of("must be no more than 63 characters");
    }
    if (!DNS_LABEL.matcher(name).matches()) {
      return Optional.of(
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-',"
              + " and must start and end with an alphanumeric character (e.g. 'my-name',  or"
              + " '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
    }
    return Optional.empty();
  }

  /** Names of RBAC objects only have to fit into a path. */
  static Optional<String> pathSegmentError(String name) {
    if (name.equals(".") || name.equals("..")) {
      return Optional.of("may not be '" + name + "'");
    }
    if (name.contains("/") || name.contains("%")) {
      return Optional.of("may not contain '" + (name.contains("/") ? "/" : "%") + "'");
    }
    return Optional.empty();
  }

  static Optional<String> configKeyError(String key) {
    if (key.length() > 253) {
      return Optional.of("must be no more than 253 characters");
    }
    if (!CONFIG_KEY.matcher(key).matches()) {
      return Optional.of(
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
              + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is"
              + " '[-._a-zA-Z0-9]+')");
    }
    if (key.equals(".") || key.equals("..") || key.startsWith("..")) {
      return Optional.of(
          key.equals(".")
              ? "must not be '.'"
              : key.equals("..") ? "must not be '..'" : "must not start with '..'");
    }
    return Optional.empty();
  }
}
