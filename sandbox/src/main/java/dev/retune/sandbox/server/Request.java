package dev.retune.sandbox.server;

import com.sun.net.httpserver.HttpsExchange;
import dev.retune.sandbox.registry.ApiFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request on its way through the server. */
final class Request {
  /** The API server's limit for a body; in bytes. */
  static final int BODY_LIMIT = 3 * 1024 * 1024;

  private final HttpsExchange exchange;
  private final RequestInfo info;
  private final User user;
  private boolean answerLost;
  private byte @Nullable [] body;

  Request(HttpsExchange exchange, RequestInfo info, User user) {
    this.exchange = exchange;
    this.info = info;
    this.user = user;
  }

  /**
   * Where the answer goes.
   *
   * @throws ConnectionDropped when this answer is to be lost
   */
  HttpsExchange answer() throws ConnectionDropped {
    if (answerLost) {
      throw new ConnectionDropped();
    }
    return exchange;
  }

  /** From here on the request is carried out but its answer does not reach the client. */
  void loseAnswer() {
    answerLost = true;
  }

  URI uri() {
    return exchange.getRequestURI();
  }

  String method() {
    return exchange.getRequestMethod();
  }

  RequestInfo info() {
    return info;
  }

  Query query() {
    return info.query();
  }

  User user() {
    return user;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** The media type of the body without its parameters, in lower case; empty when there is none. */
  String contentType() {
    String header = header("Content-Type").orElse("");
    int end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws ApiFailure 413 when it is too large
   */
  byte[] body() throws IOException {
    byte[] read = body;
    if (read == null) {
      InputStream in = exchange.getRequestBody();
      read = in.readNBytes(BODY_LIMIT + 1);
      if (read.length > BODY_LIMIT) {
        throw ApiFailure.tooLarge(BODY_LIMIT);
      }
      body = read;
    }
    return read;
  }
}
