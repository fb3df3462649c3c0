package dev.retune.sandbox.faults;

import java.time.Duration;

/** What goes wrong with a request. */
public sealed interface Fault {
  /** The answer comes this much later. */
  record Latency(Duration delay) implements Fault {}

  /** 429 with {@code Retry-After}, in whole seconds. */
  record TooManyRequests(Duration retryAfter) implements Fault {}

  /** 410 Expired: on a watch as an ERROR event, on anything else as the answer. */
  record Expired() implements Fault {}

  /** A Status with this code and reason. */
  record Failure(int code, String reason, String message) implements Fault {}

  /** The connection is closed without an answer. The request is not carried out. */
  record Dropped() implements Fault {}

  /** The request is carried out, and then the connection is closed without an answer. */
  record AnswerLost() implements Fault {}
}
