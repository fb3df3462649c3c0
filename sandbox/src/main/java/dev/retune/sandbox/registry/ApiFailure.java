package dev.retune.sandbox.registry;

import dev.retune.sandbox.crd.FieldError;
import dev.retune.sandbox.crd.InvalidObject;
import dev.retune.sandbox.patch.ApplyConflict;
import dev.retune.sandbox.store.Key;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A request that ends with a {@code metav1.Status} of failure. Codes, reasons and the shape of the
 * messages are those of Kubernetes 1.36, because clients branch on them.
 */
public final class ApiFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;
  private final transient Details details;

  /**
   * The {@code details} of a Status.
   *
   * @param kind the resource (plural) or the kind, as the reason wants it; may be empty
   * @param retryAfter sent as {@code Retry-After}, in whole seconds
   */
  public record Details(
      String name,
      String group,
      String kind,
      List<FieldError> causes,
      Optional<Duration> retryAfter) {
    static final Details NONE = new Details("", "", "", List.of(), Optional.empty());
  }

  public ApiFailure(int code, String reason, String message, Details details) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  public ApiFailure(int code, String reason, String message) {
    this(code, reason, message, Details.NONE);
  }

  public int code() {
    return code;
  }

  public String reason() {
    return reason;
  }

  public Details details() {
    return details;
  }

  public static ApiFailure notFound(ResourceType type, String name) {
    return new ApiFailure(
        404,
        "NotFound",
        "%s \"%s\" not found".formatted(type.groupResource(), name),
        about(type, name));
  }

  /** A path no resource answers to. */
  public static ApiFailure noSuchPath() {
    return new ApiFailure(404, "NotFound", "the server could not find the requested resource");
  }

  static ApiFailure alreadyExists(ResourceType type, String name) {
    return new ApiFailure(
        409,
        "AlreadyExists",
        "%s \"%s\" already exists".formatted(type.groupResource(), name),
        about(type, name));
  }

  static ApiFailure conflict(ResourceType type, String name, String why) {
    return new ApiFailure(
        409,
        "Conflict",
        "Operation cannot be fulfilled on %s \"%s\": %s".formatted(type.groupResource(), name, why),
        about(type, name));
  }

  static ApiFailure stale(ResourceType type, Key key) {
    return conflict(
        type,
        key.name(),
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  /** A server-side apply of fields that others own. */
  public static ApiFailure applyConflict(ApplyConflict conflict) {
    List<FieldError> causes =
        conflict.causes().stream()
            .map(cause -> new FieldError(cause.path(), "FieldManagerConflict", cause.manager()))
            .toList();
    return new ApiFailure(
        409,
        "Conflict",
        String.valueOf(conflict.getMessage()),
        new Details("", "", "", causes, Optional.empty()));
  }

  static ApiFailure invalid(ResourceType type, String name, InvalidObject invalid) {
    String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    return new ApiFailure(
        422,
        "Invalid",
        invalid.statusMessage(kind, name),
        new Details(name, type.group(), type.kind(), invalid.errors(), Optional.empty()));
  }

  /** A request that makes sense as HTTP and as JSON but not for this object. */
  public static ApiFailure unprocessable(String message) {
    return new ApiFailure(422, "Invalid", message);
  }

  public static ApiFailure badRequest(String message) {
    return new ApiFailure(400, "BadRequest", message);
  }

  static ApiFailure forbidden(ResourceType type, String name, String why) {
    return new ApiFailure(
        403,
        "Forbidden",
        "%s \"%s\" is forbidden: %s".formatted(type.groupResource(), name, why),
        about(type, name));
  }

  /**
   * The caller may not do this.
   *
   * @param group empty for the core group
   * @param resource plural; empty for a path that is no resource
   * @param name empty for a collection
   */
  public static ApiFailure forbidden(String group, String resource, String name, String why) {
    String full = group.isEmpty() ? resource : resource + "." + group;
    String what = name.isEmpty() ? full : full + " \"" + name + "\"";
    return new ApiFailure(
        403,
        "Forbidden",
        (what.isEmpty() ? "forbidden: " : what + " is forbidden: ") + why,
        new Details(name, group, resource, List.of(), Optional.empty()));
  }

  /** The caller may not do this, whatever the object. */
  public static ApiFailure forbidden(String message) {
    return new ApiFailure(403, "Forbidden", message);
  }

  public static ApiFailure unauthorized() {
    return new ApiFailure(401, "Unauthorized", "Unauthorized");
  }

  public static ApiFailure methodNotAllowed() {
    return new ApiFailure(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }

  public static ApiFailure notAcceptable(List<String> accepted) {
    return new ApiFailure(
        406,
        "NotAcceptable",
        "only the following media types are accepted: " + String.join(", ", accepted));
  }

  public static ApiFailure unsupportedMediaType(List<String> accepted) {
    return new ApiFailure(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
            + String.join(", ", accepted));
  }

  public static ApiFailure tooLarge(long limit) {
    return new ApiFailure(
        413, "RequestEntityTooLarge", "Request entity too large: limit is " + limit);
  }

  public static ApiFailure expired(String message) {
    return new ApiFailure(410, "Expired", message);
  }

  /** A read of a revision this server has not reached. */
  public static ApiFailure notYet(long asked, long current, Duration retryAfter) {
    return new ApiFailure(
        504,
        "Timeout",
        "Too large resource version: " + asked + ", current: " + current,
        new Details(
            "",
            "",
            "",
            List.of(new FieldError("", "ResourceVersionTooLarge", "Too large resource version")),
            Optional.of(retryAfter)));
  }

  /** The server asks the client to come back later. */
  public static ApiFailure tooManyRequests(Duration retryAfter) {
    return new ApiFailure(
        429,
        "TooManyRequests",
        "the server has received too many requests and has asked us to try again later",
        new Details("", "", "", List.of(), Optional.of(retryAfter)));
  }

  public static ApiFailure unavailable(String message) {
    return new ApiFailure(503, "ServiceUnavailable", message);
  }

  public static ApiFailure internal(String message) {
    return new ApiFailure(500, "InternalError", "Internal error occurred: " + message);
  }

  private static Details about(ResourceType type, String name) {
    return new Details(name, type.group(), type.plural(), List.of(), Optional.empty());
  }
}
