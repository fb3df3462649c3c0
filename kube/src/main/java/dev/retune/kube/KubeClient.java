package dev.retune.kube;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A small Kubernetes client. Objects are plain trees, paths are those of the API with their query,
 * e.g. {@code /apis/retune.dev/v1alpha1/nodekubelets/n1}.
 *
 * <p>Every call throws {@link ApiException} when the server says no, and another {@link
 * IOException} when there is no answer. A 429, or a 5xx with Retry-After, is waited out and tried
 * again as long as the read timeout allows. Requests are never sent twice on their own, except
 * those that change nothing or carry a resourceVersion. There is no PATCH: HttpURLConnection has
 * none, and {@link #modify} does not need it.
 *
 * <p>Safe for use by several threads.
 */
public final class KubeClient implements AutoCloseable {

  private static final int MAX_CONFLICTS = 10;
  private static final int PAGE = 500;

  private final KubeConfig config;
  private final Connector connector;
  private final Duration readTimeout;
  private final CountDownLatch closed;

  /**
   * A client that has not connected yet.
   *
   * @param connectTimeout for the TCP connection
   * @param readTimeout for each silence of the server, and for all waiting that a server asks for
   *     with Retry-After
   */
  public KubeClient(KubeConfig config, Duration connectTimeout, Duration readTimeout) {
    this(
        config,
        new Connector(config, new Tls(config), connectTimeout),
        readTimeout,
        new CountDownLatch(1));
  }

  private KubeClient(
      KubeConfig config, Connector connector, Duration readTimeout, CountDownLatch closed) {
    this.config = config;
    this.connector = connector;
    this.readTimeout = readTimeout;
    this.closed = closed;
  }

  /** The same client, connections included, with another read timeout. */
  public KubeClient withReadTimeout(Duration timeout) {
    return new KubeClient(config, connector, timeout, closed);
  }

  /**
   * Reads the credentials and makes ready for TLS, which costs a fresh JVM a tenth of a second, so
   * that the first request finds it done. What is wrong with them is told by that request.
   */
  public void prepare() {
    try {
      connector.prepare();
    } catch (IOException toldLater) {
      System.getLogger(KubeClient.class.getName())
          .log(System.Logger.Level.DEBUG, "the credentials cannot be used", toldLater);
    }
  }

  /** The URL of the API server. */
  public URI server() {
    return config.server();
  }

  /** The object at {@code path}. */
  public Map<String, @Nullable Object> get(String path) throws IOException {
    return object(call("GET", path, null));
  }

  /** The object at {@code path}; empty when there is none (404). */
  public Optional<Map<String, @Nullable Object>> find(String path) throws IOException {
    try {
      return Optional.of(get(path));
    } catch (ApiException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** What is at {@code path}, as it comes. */
  public String getText(String path) throws IOException {
    return new String(call("GET", path, null), StandardCharsets.UTF_8);
  }

  /** All objects of a collection, read in pages; {@code path} may carry selectors. */
  public List<Map<String, @Nullable Object>> list(String path) throws IOException {
    List<Map<String, @Nullable Object>> items = new ArrayList<>();
    String page = path + (path.contains("?") ? "&" : "?") + "limit=" + PAGE;
    String next = page;
    while (true) {
      Map<String, @Nullable Object> list = get(next);
      items.addAll(Tree.maps(list, "items"));
      Optional<String> more = Tree.string(list, "metadata", "continue");
      if (more.isEmpty() || more.get().isEmpty()) {
        return items;
      }
      next = page + "&continue=" + Query.encoded(more.get());
    }
  }

  /** Creates {@code object} in a collection; what the server made of it. */
  public Map<String, @Nullable Object> create(String collectionPath, Map<String, ?> object)
      throws IOException {
    return object(call("POST", collectionPath, Json.write(object)));
  }

  /** Replaces the object at {@code path}; with its resourceVersion, only if it is unchanged. */
  public Map<String, @Nullable Object> update(String path, Map<String, ?> object)
      throws IOException {
    return object(call("PUT", path, Json.write(object)));
  }

  /** Deletes the object at {@code path}; the object or a Status. */
  public Map<String, @Nullable Object> delete(String path) throws IOException {
    return object(call("DELETE", path, null));
  }

  /**
   * Reads the object at {@code path}, lets {@code edit} change it and writes it back, again from
   * the start when somebody else was faster. When nothing is changed nothing is written.
   *
   * @return the object as the server has it now
   */
  public Map<String, @Nullable Object> modify(
      String path, UnaryOperator<Map<String, @Nullable Object>> edit) throws IOException {
    return modify(path, path, edit);
  }

  /** {@link #modify} for the status: reads the object, and writes its {@code /status}. */
  public Map<String, @Nullable Object> modifyStatus(
      String path, UnaryOperator<Map<String, @Nullable Object>> edit) throws IOException {
    return modify(path, path + "/status", edit);
  }

  private Map<String, @Nullable Object> modify(
      String from, String to, UnaryOperator<Map<String, @Nullable Object>> edit)
      throws IOException {
    for (int conflicts = 0; ; conflicts++) {
      Map<String, @Nullable Object> current = get(from);
      Map<String, @Nullable Object> edited = edit.apply(Tree.copy(current));
      if (edited.equals(current)) {
        return current;
      }
      try {
        return update(to, edited);
      } catch (ApiException e) {
        if (!e.isConflict() || conflicts == MAX_CONFLICTS) {
          throw e;
        }
      }
      pause(ThreadLocalRandom.current().nextLong(10L << Math.min(conflicts, 6)));
    }
  }

  /**
   * Follows a collection on a thread of its own until the {@link Watching} is closed.
   *
   * @param collectionPath without query
   * @param fieldSelector e.g. {@code metadata.name=n1}; empty: all objects
   */
  public Watching watch(String collectionPath, String fieldSelector, WatchListener listener) {
    return Watching.start(
        new KubeClient(config, connector.sibling(), readTimeout, new CountDownLatch(1)),
        collectionPath,
        fieldSelector,
        listener);
  }

  /** Ends what is under way. Watches have connections of their own and are closed by themselves. */
  @Override
  public void close() {
    closed.countDown();
    connector.abort();
  }

  /**
   * Opens the stream of a watch. Until it is open the server gets the usual read timeout: one that
   * takes the connection and then says nothing must not be waited for as long as a quiet watch.
   *
   * @param silence how long the stream may say nothing
   */
  InputStream stream(String path, Duration silence) throws IOException {
    boolean tls = config.server().getScheme().equals("https");
    HttpURLConnection connection = connector.open("GET", path, tls ? readTimeout : silence);
    int code = status(connection);
    if (code != 200) {
      throw refusal(connection, code);
    }
    connector.allowSilence(silence);
    return connection.getInputStream();
  }

  private byte[] call(String method, String path, byte @Nullable [] body) throws IOException {
    long deadline = System.nanoTime() + readTimeout.toNanos();
    while (true) {
      HttpURLConnection connection = connector.open(method, path, readTimeout);
      if (body != null) {
        send(connection, body);
      }
      int code = status(connection);
      if (code >= 200 && code < 300) {
        try (InputStream in = connection.getInputStream()) {
          return in.readAllBytes();
        }
      }
      ApiException refusal = refusal(connection, code);
      Optional<Duration> wait = refusal.retryAfter();
      if (wait.isEmpty() || System.nanoTime() + wait.get().toNanos() > deadline) {
        throw refusal;
      }
      if (!pause(wait.get().toMillis())) {
        throw refusal;
      }
    }
  }

  /**
   * Sends a body. HttpURLConnection silently sends a request again when a kept connection turns out
   * to be dead, unless its length was fixed; a create must not be.
   */
  private void send(HttpURLConnection connection, byte[] body) throws IOException {
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    if (connection.getRequestMethod().equals("POST")) {
      connection.setFixedLengthStreamingMode(body.length);
    }
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    } catch (IOException e) {
      throw noAnswer(e);
    }
  }

  private int status(HttpURLConnection connection) throws IOException {
    try {
      int code = connection.getResponseCode();
      if (code < 0) {
        throw new IOException("the answer is no HTTP");
      }
      return code;
    } catch (IOException e) {
      throw noAnswer(e);
    }
  }

  private IOException noAnswer(IOException e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new IOException("no answer from " + config.server() + ": " + why, e);
  }

  private static ApiException refusal(HttpURLConnection connection, int code) {
    Map<String, @Nullable Object> status = Map.of();
    String text = "";
    try (InputStream in = connection.getErrorStream()) {
      if (in != null) {
        byte[] body = in.readAllBytes();
        text = new String(body, StandardCharsets.UTF_8).strip();
        status = Json.parseObject(body);
      }
    } catch (IOException e) {
      // The code alone has to do; the text is kept when it is short enough to be for people.
      text = text.length() > 500 ? "" : text;
    }
    Optional<Duration> retryAfter =
        Retry.after(connection.getHeaderField("Retry-After"), code, status);
    return refusal(code, status, text, retryAfter);
  }

  static ApiException refusal(
      int code, Map<String, @Nullable Object> status, String text, Optional<Duration> retryAfter) {
    String message =
        Tree.string(status, "message")
            .filter(m -> !m.isEmpty())
            .orElse(text.isEmpty() ? "HTTP status " + code : "HTTP status " + code + ": " + text);
    return new ApiException(
        code, Tree.string(status, "reason").orElse(""), message, retryAfter, status);
  }

  private Map<String, @Nullable Object> object(byte[] body) throws IOException {
    try {
      return Json.parseObject(body);
    } catch (JsonFormatException e) {
      throw new IOException("the answer of " + config.server() + " is " + e.getMessage(), e);
    }
  }

  /** Whether the time passed; false when the client was closed or the thread interrupted. */
  boolean pause(long milliseconds) {
    try {
      return !closed.await(milliseconds, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }
}
