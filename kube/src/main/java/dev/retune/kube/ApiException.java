package dev.retune.kube;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The API server answered, and the answer is no. Every other {@link IOException} of {@link
 * KubeClient} means that there was no answer.
 */
public final class ApiException extends IOException {

  private static final long serialVersionUID = 1;

  private final int code;
  private final String reason;
  private final @Nullable Duration retryAfter;
  private final transient Map<String, @Nullable Object> status;

  /**
   * @param code HTTP status, or the {@code code} of an ERROR event in a watch
   * @param reason {@code Status.reason}, e.g. {@code NotFound}; empty when the server gave none
   * @param status the whole Status object; empty when the server sent something else
   */
  ApiException(
      int code,
      String reason,
      String message,
      Optional<Duration> retryAfter,
      Map<String, @Nullable Object> status) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.retryAfter = retryAfter.orElse(null);
    this.status = status;
  }

  /** The HTTP status code. */
  public int code() {
    return code;
  }

  /** {@code Status.reason}, e.g. {@code AlreadyExists}; empty when the server gave none. */
  public String reason() {
    return reason;
  }

  /** How long the server asks to wait before the next try. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** The Status object with its {@code details}; empty when the server sent something else. */
  public Map<String, @Nullable Object> status() {
    return status;
  }

  /** 404. */
  public boolean isNotFound() {
    return code == 404;
  }

  /** 409 because the object has changed meanwhile (and not because it exists already). */
  public boolean isConflict() {
    return code == 409 && !reason.equals("AlreadyExists");
  }

  /** 409 to a create: an object of that name is there. */
  public boolean isAlreadyExists() {
    return code == 409 && reason.equals("AlreadyExists");
  }

  /** 410: the resourceVersion asked for is too old; list again. */
  public boolean isGone() {
    return code == 410;
  }
}
