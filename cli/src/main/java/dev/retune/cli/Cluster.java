package dev.retune.cli;

import dev.retune.api.RetuneApi;
import dev.retune.kube.ApiException;
import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.KubeConfigException;
import dev.retune.kube.Tree;
import java.io.File;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The cluster a command works on: its API, with errors that say what to do next. */
final class Cluster implements AutoCloseable {
  static final String DEFAULT_NAMESPACE = "kube-system";

  private final Console console;
  private final KubeConfig config;
  private final KubeClient client;
  private final String namespace;

  private Cluster(Console console, KubeConfig config, ClusterOptions options) {
    this.console = console;
    this.config = config;
    this.client = new KubeClient(config, options.requestTimeout(), options.requestTimeout());
    this.namespace = options.namespace().orElse(DEFAULT_NAMESPACE);
  }

  /** Reads the kubeconfig; the server is asked only when a request is made. */
  static Cluster open(Session session, ClusterOptions options) {
    var merged = options.or(session.outer());
    return new Cluster(session.console(), load(session.console(), merged), merged);
  }

  private static KubeConfig load(Console console, ClusterOptions options) {
    var files = kubeconfigFiles(console, options);
    try {
      return KubeConfig.load(files, options.context());
    } catch (KubeConfigException wrong) {
      throw Failure.of(String.valueOf(wrong.getMessage()), "");
    }
  }

  private static List<Path> kubeconfigFiles(Console console, ClusterOptions options) {
    if (options.kubeconfig().isPresent()) {
      return List.of(console.directory().resolve(options.kubeconfig().get()));
    }
    var listed = console.env().getOrDefault("KUBECONFIG", "");
    if (!listed.isEmpty()) {
      return Arrays.stream(listed.split(File.pathSeparator))
          .filter(name -> !name.isEmpty())
          .map(console.directory()::resolve)
          .toList();
    }
    var home = Path.of(console.env().getOrDefault("HOME", "."), ".kube", "config");
    if (!Files.exists(home)) {
      throw Failure.of(
          "no cluster to work on: KUBECONFIG is not set and " + home + " does not exist",
          "give --kubeconfig FILE, or try it without a cluster: retune demo");
    }
    return List.of(home);
  }

  /** Where ConfigMaps are, unless {@code -n} says otherwise: kube-system. */
  String namespace() {
    return namespace;
  }

  Map<String, @Nullable Object> get(String path, String what) {
    return call(what, path, () -> client.get(path));
  }

  /** Empty when the object does not exist. */
  Optional<Map<String, @Nullable Object>> find(String path, String what) {
    return call(
        what,
        path,
        () -> {
          try {
            return Optional.of(client.get(path));
          } catch (ApiException answer) {
            if (answer.isNotFound() && !kindMissing(answer, path)) {
              return Optional.empty();
            }
            throw answer;
          }
        });
  }

  Map<String, @Nullable Object> create(
      String collection, Map<String, @Nullable Object> object, String what) {
    return call(what, collection, () -> client.create(collection, object));
  }

  Map<String, @Nullable Object> modify(
      String path, String what, UnaryOperator<Map<String, @Nullable Object>> edit) {
    return call(what, path, () -> client.modify(path, edit));
  }

  /** All objects of a collection. */
  List<Map<String, @Nullable Object>> list(String path, String what) {
    return call(what, path, () -> client.list(path));
  }

  /**
   * Shows every NodeKubelet, and then every change of one, to {@code listener} until that has seen
   * enough (false), or the time is over. A server that is away for a while is waited for.
   */
  void follow(Predicate<Map<String, @Nullable Object>> listener, Optional<Duration> timeout)
      throws InterruptedException {
    var watch = new ClusterWatch(console, listener);
    try (var _ = client.watch(RetuneApi.NODE_KUBELETS_PATH, "", watch)) {
      watch
          .await(timeout)
          .ifPresent(answer -> {
            throw refused(answer, RetuneApi.NODE_KUBELETS_PATH, "changes of NodeKubelets");
          });
    }
  }

  private <T> T call(String what, String path, Request<T> request) {
    try (var _ = console.waitingFor("asking " + config.server() + " for " + what)) {
      return request.send();
    } catch (ApiException answer) {
      throw refused(answer, path, what);
    } catch (IOException unreachable) {
      throw Failure.of(
          String.valueOf(unreachable.getMessage()),
          "check that it runs, that this machine can connect to it, and that the kubeconfig names"
              + " the right cluster");
    }
  }

  private Failure refused(ApiException answer, String path, String what) {
    return switch (answer.code()) {
      case 401 ->
          Failure.of(
              "the API server " + config.server() + " does not accept these credentials",
              "log in again, or check the user in the kubeconfig");
      case 403 ->
          Failure.of(
              "not allowed: " + answer.getMessage(),
              "ask a cluster administrator for this permission");
      case 404 ->
          kindMissing(answer, path)
              ? Failure.of(
                  "the cluster at "
                      + config.server()
                      + " does not know the kind "
                      + RetuneApi.NODE_KUBELET_KIND
                      + " ("
                      + RetuneApi.GROUP
                      + ")",
                  "install it: kubectl apply -k deploy/")
              : Failure.of(String.valueOf(answer.getMessage()), "");
      default -> Failure.of("asking for " + what + ": " + answer.getMessage(), "");
    };
  }

  /** Whether a 404 means that the whole kind is not there: it then names no object. */
  private static boolean kindMissing(ApiException answer, String path) {
    return path.startsWith(RetuneApi.NODE_KUBELETS_PATH)
        && Tree.string(answer.status(), "details", "name").isEmpty();
  }

  static String nodePath(String node) {
    return "/api/v1/nodes/" + encode(node);
  }

  static String configMapsPath(String namespace) {
    return "/api/v1/namespaces/" + encode(namespace) + "/configmaps";
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    client.close();
  }

  private interface Request<T> {
    T send() throws ApiException, IOException;
  }
}
