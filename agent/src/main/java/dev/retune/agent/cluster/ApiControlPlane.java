package dev.retune.agent.cluster;

import dev.retune.agent.core.Document;
import dev.retune.agent.core.Effect.Announce;
import dev.retune.agent.core.Payload;
import dev.retune.agent.core.Vitals.Lease;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeKubelet;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.RetuneApi;
import dev.retune.kube.ApiException;
import dev.retune.kube.KubeClient;
import dev.retune.kube.Tree;
import dev.retune.kube.Watching;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The API server over HTTPS, with the node's own credentials. */
public final class ApiControlPlane implements ControlPlane {
  private static final Logger LOG = System.getLogger(ApiControlPlane.class.getName());

  private final KubeClient client;
  private final String node;
  private final Clock clock;
  private Optional<ClusterListener> listener = Optional.empty();
  private Optional<Watching> ownObject = Optional.empty();
  private Optional<ConfigMapNodeConfigSource> followed = Optional.empty();
  private Optional<Watching> configMap = Optional.empty();
  private long newest;
  private boolean configMapFails;
  private volatile boolean silent;
  private Optional<Map<String, @Nullable Object>> lastSeen = Optional.empty();

  /**
   * A control plane that nothing was asked of yet.
   *
   * @param client closed with this object
   * @param node name of the Node and of its NodeKubelet
   */
  public ApiControlPlane(KubeClient client, String node, Clock clock) {
    this.client = client;
    this.node = node;
    this.clock = clock;
  }

  @Override
  public synchronized void start(ClusterListener hears) {
    listener = Optional.of(hears);
    ownObject =
        Optional.of(
            client.watch(
                RetuneApi.NODE_KUBELETS_PATH,
                "metadata.name=" + node,
                new OneObject(
                    node,
                    object -> nodeKubelet(hears, object),
                    (why, answered) -> {},
                    reachable -> {
                      silent = !reachable;
                      hears.reachable(reachable);
                    })));
    open();
  }

  /** An API server that answers anything is worth another try of what waits after a failure. */
  private <T> T answered(T answer) {
    if (silent) {
      synchronized (this) {
        ownObject.ifPresent(Watching::retryNow);
        configMap.ifPresent(Watching::retryNow);
      }
    }
    return answer;
  }

  private void nodeKubelet(ClusterListener hears, Optional<Map<String, @Nullable Object>> object) {
    synchronized (this) {
      lastSeen = object;
      if (configMapFails) {
        reopen();
      }
    }
    try {
      hears.nodeKubelet(object.map(NodeKubelet::fromTree));
    } catch (IllegalArgumentException outsideOfTheSchema) {
      LOG.log(
          Level.ERROR,
          "NodeKubelet "
              + node
              + " is not understood and is left alone: "
              + outsideOfTheSchema.getMessage());
    }
  }

  @Override
  public synchronized void follow(Optional<ConfigMapNodeConfigSource> reference) {
    if (!reference.equals(followed)) {
      followed = reference;
      reopen();
    }
  }

  private void reopen() {
    configMap.ifPresent(Watching::close);
    configMap = Optional.empty();
    newest++;
    configMapFails = false;
    open();
  }

  private void open() {
    if (listener.isEmpty() || followed.isEmpty() || configMap.isPresent()) {
      return;
    }
    var hears = listener.get();
    var reference = followed.get();
    long opened = newest;
    configMap =
        Optional.of(
            client.watch(
                "/api/v1/namespaces/" + reference.namespace() + "/configmaps",
                "metadata.name=" + reference.name(),
                new OneObject(
                    reference.name(),
                    object -> {
                      if (holds(opened, false)) {
                        hears.configMap(reference, payload(reference, object));
                      }
                    },
                    (why, answered) -> {
                      if (holds(opened, true)) {
                        hears.configMap(reference, new Payload.Unavailable(why, answered));
                      }
                    },
                    reachable -> {})));
  }

  /** Notes whether the watch fails; false when it is one that was closed since. */
  private synchronized boolean holds(long opened, boolean fails) {
    if (opened != newest) {
      return false;
    }
    configMapFails = fails;
    return true;
  }

  private static Payload payload(
      ConfigMapNodeConfigSource reference, Optional<Map<String, @Nullable Object>> object) {
    if (object.isEmpty()) {
      return new Payload.Unavailable(
          "ConfigMap " + reference.namespace() + "/" + reference.name() + " does not exist", true);
    }
    var tree = object.get();
    return new Payload.Found(
        Tree.string(tree, "metadata", "uid").orElse(""),
        Tree.string(tree, "metadata", "resourceVersion").orElse(""),
        Tree.string(tree, "data", reference.kubeletConfigKey()).map(Document::of));
  }

  @Override
  public void report(NodeKubeletStatus status) throws IOException {
    Optional<Map<String, @Nullable Object>> seen;
    synchronized (this) {
      seen = lastSeen;
    }
    if (seen.isEmpty()) {
      return;
    }
    String path = RetuneApi.nodeKubeletPath(node);
    try {
      remember(client.update(path + "/status", withStatus(seen.get(), status)));
    } catch (ApiException refused) {
      if (refused.isConflict()) {
        remember(client.modifyStatus(path, current -> withStatus(current, status)));
      } else if (!refused.isNotFound()) {
        throw refused;
      }
    }
  }

  /** The next write goes on from this version without waiting for the watch. */
  private synchronized void remember(Map<String, @Nullable Object> written) {
    if (lastSeen.isPresent()) {
      lastSeen = Optional.of(written);
    }
  }

  private static Map<String, @Nullable Object> withStatus(
      Map<String, @Nullable Object> object, NodeKubeletStatus status) {
    var copy = new LinkedHashMap<String, @Nullable Object>(object);
    copy.put("status", status.toTree());
    return copy;
  }

  @Override
  public void announce(Announce event, Duration limit) throws IOException {
    client
        .withReadTimeout(limit)
        .create(
            "/api/v1/namespaces/" + NodeEvents.NAMESPACE + "/events",
            NodeEvents.event(node, event, clock.instant()));
  }

  @Override
  public Optional<Lease> lease() throws IOException {
    return answered(
            client.find("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/" + node))
        .flatMap(lease ->
            Tree.string(lease, "spec", "renewTime")
                .flatMap(ApiControlPlane::time)
                .map(renewed -> new Lease(renewed, holds(lease))));
  }

  private static Duration holds(Map<String, ?> lease) {
    return Duration.ofSeconds(Tree.longValue(lease, "spec", "leaseDurationSeconds").orElse(0));
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException notATime) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Boolean> nodeReady() throws IOException {
    return answered(client.find("/api/v1/nodes/" + node))
        .map(object -> Tree.maps(object, "status", "conditions"))
        .map(ApiControlPlane::ready);
  }

  private static boolean ready(List<Map<String, @Nullable Object>> conditions) {
    return conditions.stream()
        .anyMatch(condition ->
            "Ready".equals(condition.get("type")) && "True".equals(condition.get("status")));
  }

  @Override
  public synchronized void close() {
    ownObject.ifPresent(Watching::close);
    configMap.ifPresent(Watching::close);
    client.close();
  }
}
