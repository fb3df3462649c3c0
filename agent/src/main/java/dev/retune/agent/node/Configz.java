package dev.retune.agent.node;

import dev.retune.kube.ApiException;
import dev.retune.kube.Credentials;
import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.Tree;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet says of itself: {@code /configz} on its own port, asked with the node's
 * certificate. By default a node may not read it (it takes {@code get} on {@code nodes/proxy},
 * since 1.33 on {@code nodes/configz}, KEP-2862), and a kubelet need not serve it
 * (enableDebuggingHandlers).
 */
public final class Configz implements RunningConfig {
  private static final Logger LOG = System.getLogger(Configz.class.getName());
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** A kubelet opens its port some time after it is healthy. */
  private static final int ATTEMPTS = 4;

  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final KubeConfig node;

  /**
   * A reader that has asked nothing yet.
   *
   * @param node the node's own credentials
   */
  public Configz(KubeConfig node) {
    this.node = node;
  }

  @Override
  public Optional<Map<String, @Nullable Object>> read(Map<String, @Nullable Object> effective)
      throws InterruptedException {
    // A token is for the API server only; the possession of a key is proven without showing it.
    if (node.credentials().certificate().isEmpty()) {
      return Optional.empty();
    }
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try (var client = new KubeClient(kubelet(effective), LIMIT, LIMIT)) {
        return Optional.of(Tree.map(client.get("/configz"), "kubeletconfig"))
            .filter(config -> !config.isEmpty());
      } catch (ApiException refused) {
        LOG.log(Level.DEBUG, () -> "/configz may not be read: " + refused.getMessage());
        return Optional.empty();
      } catch (IOException notYet) {
        LOG.log(Level.DEBUG, () -> "/configz: " + notYet.getMessage());
        Thread.sleep(BETWEEN.toMillis());
      }
    }
    return Optional.empty();
  }

  /** Its certificate may be its own work, and the way to it does not leave the machine. */
  private KubeConfig kubelet(Map<String, @Nullable Object> effective) {
    String address = Tree.string(effective, "address").orElse("");
    boolean any = address.isEmpty() || address.equals("0.0.0.0") || address.equals("::");
    long port = Tree.longValue(effective, "port").orElse(10250);
    return new KubeConfig(
        URI.create(
            "https://"
                + (any ? "127.0.0.1" : address.contains(":") ? "[" + address + "]" : address)
                + ":"
                + port),
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.empty(),
        new Credentials(node.credentials().certificate(), Optional.empty(), Optional.empty()),
        Optional.empty(),
        node.context());
  }
}
