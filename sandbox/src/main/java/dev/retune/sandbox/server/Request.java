package dev.retune.sandbox.server;

import com.sun.net.httpserver.HttpsExchange;
import dev.retune.sandbox.authorization.User;
import dev.retune.sandbox.registry.ApiFailure;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** A request on its way through the server. */
final class Request {
  /** The API server's limit for a body; in bytes. */
  static final int BODY_LIMIT = 3 * 1024 * 1024;

  private final HttpsExchange exchange;
  private final RequestInfo info;
  private final User user;
  private boolean answerLost;
  private final byte[] body;

  /**
   * Reads the body before anybody answers: jdk.httpserver loses its way on a connection when an
   * answer overtakes the rest of a request.
   *
   * @throws ApiFailure 413 when it is too large
   */
  static byte[] read(HttpsExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(BODY_LIMIT + 1);
    if (body.length > BODY_LIMIT) {
      throw ApiFailure.tooLarge(BODY_LIMIT);
    }
    return body;
  }

  Request(HttpsExchange exchange, RequestInfo info, User user, byte[] body) {
    this.body = body;
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

  byte[] body() {
    return body;
  }
}
