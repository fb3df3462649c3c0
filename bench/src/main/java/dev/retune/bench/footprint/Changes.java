package dev.retune.bench.footprint;

import dev.retune.api.RetuneApi;
import dev.retune.bench.LiveConfig;
import dev.retune.kube.Json;
import dev.retune.kube.KubeClient;
import dev.retune.kube.Tree;
import dev.retune.kube.Yaml;
import dev.retune.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What administrators do to one node over time: good configs, each the whole live config of a
 * kubelet 1.36 as YAML, among them invalid ones, ones that cannot be parsed, labels and resets.
 */
public final class Changes implements AutoCloseable {
  static final String NAMESPACE = "kube-system";
  private static final String CONFIG_MAPS = "/api/v1/namespaces/" + NAMESPACE + "/configmaps";
  private static final String NODE = RetuneApi.nodeKubeletPath("node-1");
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_MILLIS = 50;

  private enum Kind {
    GOOD,
    INVALID,
    UNPARSABLE,
    LABEL,
    RESET
  }

  /** Six of ten changes are good ones. */
  private static final List<Kind> MIX =
      List.of(
          Kind.GOOD,
          Kind.GOOD,
          Kind.INVALID,
          Kind.GOOD,
          Kind.LABEL,
          Kind.GOOD,
          Kind.UNPARSABLE,
          Kind.GOOD,
          Kind.RESET,
          Kind.GOOD);

  private final KubeClient client;
  private int made;
  private int documents;

  private Changes(KubeClient client) {
    this.client = client;
  }

  /**
   * Assigns nothing yet, and makes the node's NodeKubelet.
   *
   * @param trial how long each config is tried
   */
  public static Changes on(Sandbox cluster, Duration trial)
      throws IOException, InterruptedException {
    var client = KubeClients.admin(cluster, ANSWER);
    client.create(
        RetuneApi.NODE_KUBELETS_PATH,
        Map.of(
            "apiVersion",
            "retune.dev/v1alpha1",
            "kind",
            "NodeKubelet",
            "metadata",
            Map.of("name", "node-1"),
            "spec",
            Map.of("trialDuration", trial.toMillis() + "ms")));
    var changes = new Changes(client);
    changes.await("Local");
    return changes;
  }

  /** The live config of a kubelet 1.36 as YAML, for a kubelet that gets its own files by flags. */
  public static String config(int maxPods) throws IOException {
    var config = Json.parseObject(LiveConfig.JSON.bytes());
    for (String file : List.of("tlsCertFile", "tlsPrivateKeyFile", "staticPodPath")) {
      config.remove(file);
    }
    Tree.put(config, (long) maxPods, "maxPods");
    return Yaml.write(config);
  }

  /** Makes the next change and waits until the agent has said what became of it. */
  public void next() throws IOException, InterruptedException {
    switch (MIX.get(made % MIX.size())) {
      case GOOD -> assign(config(100 + made), "Trial", "Good", "Drifted");
      case INVALID -> assign(config(100 + made) + "kubeAPIQPS: -" + made + "\n", "Rejected");
      case UNPARSABLE -> assign("{" + made, "Rejected");
      case LABEL -> label();
      case RESET -> {
        spec(Optional.empty());
        await("Local");
      }
    }
    made++;
  }

  /** Assigns a document and waits for one of these phases. */
  public void assign(String document, String... phases) throws IOException, InterruptedException {
    String name = "config-" + documents;
    client.create(
        CONFIG_MAPS,
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "ConfigMap",
            "metadata",
            Map.of("name", name, "namespace", NAMESPACE),
            "data",
            Map.of("kubelet", document)));
    String old = "config-" + (documents - 4);
    client.find(CONFIG_MAPS + "/" + old).ifPresent(_ -> delete(old));
    documents++;
    spec(Optional.of(name));
    await(phases);
  }

  private void delete(String name) {
    try {
      client.delete(CONFIG_MAPS + "/" + name);
    } catch (IOException left) {
      throw new UncheckedIOException(left);
    }
  }

  private void label() throws IOException {
    var spec = Tree.map(client.get(NODE), "spec");
    var name = Tree.string(spec, "configSource", "configMap", "name");
    if (name.isPresent()) {
      client.modify(
          CONFIG_MAPS + "/" + name.get(),
          object -> {
            Tree.put(object, "n" + made, "metadata", "labels", "change");
            return object;
          });
    }
  }

  private void spec(Optional<String> configMap) throws IOException {
    client.modify(
        NODE,
        object -> {
          var spec = new LinkedHashMap<String, @Nullable Object>(Tree.map(object, "spec"));
          spec.remove("configSource");
          configMap.ifPresent(name ->
              spec.put(
                  "configSource",
                  Map.of(
                      "configMap",
                      Map.of(
                          "namespace", NAMESPACE, "name", name, "kubeletConfigKey", "kubelet"))));
          object.put("spec", spec);
          return object;
        });
  }

  /**
   * Waits until the status is about the present spec and in one of these phases.
   *
   * @throws IOException when that takes longer than a minute
   */
  public void await(String... phases) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      var object = client.get(NODE);
      boolean seen =
          Tree.longValue(object, "metadata", "generation")
              .equals(Tree.longValue(object, "status", "observedGeneration"));
      String phase = Tree.string(object, "status", "phase").orElse("");
      if (seen && List.of(phases).contains(phase)) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new IOException(
            "change " + made + ": not " + String.join(" or ", phases) + " but " + object);
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
