package dev.retune.sandbox.server;

import dev.retune.sandbox.authorization.Action;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.store.FieldSelector;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a request is about, read from its method and URL alone.
 *
 * @param path the decoded segments
 * @param verb the API verb, or the HTTP method in lower case for a path that is no resource
 * @param target the resource; empty for paths such as {@code /version} or {@code /apis}
 */
record RequestInfo(List<String> path, String verb, Optional<Target> target, Query query) {
  private static final Set<String> OF_NAMESPACES = Set.of("status", "finalize");

  /**
   * @param namespace empty for cluster-scoped kinds and for all namespaces
   * @param name empty for a collection
   * @param rest the segments behind the subresource, with the slash the path may have ended with
   */
  record Target(
      String group,
      String version,
      String namespace,
      String resource,
      String name,
      String subresource,
      List<String> rest) {
    /** {@code nodes} or {@code nodes/status}. */
    String resourceAndSubresource() {
      return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }
  }

  static RequestInfo parse(String method, String rawPath, Query query) {
    List<String> path = segments(rawPath);
    Optional<Target> target = target(path);
    String verb =
        target
            .map(t -> verb(method, !t.name().isEmpty(), query))
            .orElse(method.toLowerCase(Locale.ROOT));
    return new RequestInfo(path, verb, target, query);
  }

  /** What authorization is asked about. */
  Action action() {
    return target.<Action>map(this::onResource).orElseGet(() -> new Action.OnPath(verb, joined()));
  }

  private Action.OnResource onResource(Target on) {
    Map<String, String> fields = Map.of();
    try {
      fields = FieldSelector.equalities(query.text("fieldSelector").orElse(""));
    } catch (IllegalArgumentException unreadable) {
      // Who answers the request will say so.
    }
    boolean selects = on.name().isEmpty() && (verb.equals("list") || verb.equals("watch"));
    boolean namespaceItself =
        on.group().isEmpty() && on.resource().equals("namespaces") && on.namespace().isEmpty();
    return new Action.OnResource(
        verb,
        on.group(),
        on.resource(),
        on.subresource(),
        namespaceItself ? on.name() : on.namespace(),
        selects ? fields.getOrDefault("metadata.name", "") : on.name(),
        fields);
  }

  /** The path as the client wrote it, without empty segments. */
  String joined() {
    return "/" + String.join("/", path);
  }

  private static String verb(String method, boolean named, Query query) {
    return switch (method) {
      case "GET", "HEAD" -> {
        if (query.flag("watch")) {
          yield "watch";
        }
        yield named ? "get" : "list";
      }
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> named ? "delete" : "deletecollection";
      default -> throw ApiFailure.methodNotAllowed();
    };
  }

  private static Optional<Target> target(List<String> path) {
    int start;
    String group;
    if (path.size() > 2 && path.getFirst().equals("api")) {
      group = "";
      start = 2;
    } else if (path.size() > 3 && path.getFirst().equals("apis")) {
      group = path.get(1);
      start = 3;
    } else {
      return Optional.empty();
    }
    String version = path.get(start - 1);
    List<String> rest = path.subList(start, path.size());
    String namespace = "";
    boolean inNamespace =
        rest.size() > 2
            && rest.getFirst().equals("namespaces")
            && !(rest.size() == 3 && OF_NAMESPACES.contains(rest.get(2)));
    if (inNamespace) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    return Optional.of(
        new Target(
            group,
            version,
            namespace,
            rest.getFirst(),
            rest.size() > 1 ? rest.get(1) : "",
            rest.size() > 2 ? rest.get(2) : "",
            rest.size() > 3 ? List.copyOf(rest.subList(3, rest.size())) : List.of()));
  }

  private static List<String> segments(String rawPath) {
    List<String> segments = new ArrayList<>();
    for (String segment : rawPath.split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(decode(segment));
      }
    }
    return List.copyOf(segments);
  }

  private static String decode(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiFailure.badRequest("the path cannot be decoded: " + e.getMessage());
    }
  }
}
