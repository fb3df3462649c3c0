package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.admission.Admission;
import dev.retune.sandbox.authorization.User;
import dev.retune.sandbox.faults.Faults;
import dev.retune.sandbox.patch.Patches;
import dev.retune.sandbox.pki.Authority;
import dev.retune.sandbox.pki.Identity;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Call;
import dev.retune.sandbox.registry.Catalog;
import dev.retune.sandbox.registry.CustomResources;
import dev.retune.sandbox.registry.Deletions;
import dev.retune.sandbox.registry.GarbageCollector;
import dev.retune.sandbox.registry.Registry;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.registry.Terminations;
import dev.retune.sandbox.store.Key;
import dev.retune.sandbox.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;

/** The parts of the control plane, put together: a store, what works on it and who serves it. */
public final class ControlPlane implements AutoCloseable {
  private static final List<String> NAMESPACES =
      List.of("default", "kube-system", "kube-public", "kube-node-lease");

  private final Catalog catalog = new Catalog();
  private final Authentication authentication = new Authentication();
  private final Registry registry;
  private final GarbageCollector garbageCollector;
  private final Terminations terminations;
  private final ApiServer server;
  private final Faults faults;

  /**
   * What can be chosen.
   *
   * @param port on the loopback interface; 0 for any free one
   * @param rememberedChanges past changes per resource that a watch can resume from
   * @param watchBacklog undelivered events after which a slow watcher is cut off
   */
  public record Settings(
      int port, int rememberedChanges, int watchBacklog, Duration bookmarkInterval, Clock clock) {}

  private ControlPlane(
      Settings settings, Identity serving, Identity kubeletClient, Authority authority)
      throws GeneralSecurityException {
    Store store = new Store(settings.rememberedChanges());
    registry = new Registry(store, settings.clock());
    Deletions deletions = new Deletions(registry);
    garbageCollector = new GarbageCollector(registry, deletions, catalog);
    terminations = new Terminations(registry, deletions, catalog);
    registry.listen(new CustomResources(registry, catalog));
    Authorization authorization = new Authorization(registry);
    registry.listen(authorization);
    registry.listen(new Aggregation(registry));
    registry.listen(garbageCollector);
    registry.listen(terminations);
    Watches watches = new Watches(registry, settings.watchBacklog(), settings.bookmarkInterval());
    Resources resources =
        new Resources(
            catalog,
            registry,
            new Writes(
                registry,
                deletions,
                authorization,
                new Admission(registry, catalog, authorization.authorizer())),
            watches,
            new NodeProxy(registry, kubeletClient),
            authorization.authorizer());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(serving.keyManagers(), authority.trustManagers(), null);
    Router router =
        new Router(
            authentication, authorization, this::faults, catalog, registry, resources, watches);
    server = new ApiServer(tls, settings.port(), router);
    faults = new Faults(server);
  }

  /**
   * Starts it.
   *
   * @param serving what it shows its clients
   * @param kubeletClient what it shows kubelets
   * @param authority whose client certificates it believes
   * @throws IOException when the port is taken
   */
  public static ControlPlane start(
      Settings settings, Identity serving, Identity kubeletClient, Authority authority)
      throws IOException, GeneralSecurityException {
    ControlPlane plane = new ControlPlane(settings, serving, kubeletClient, authority);
    for (String namespace : NAMESPACES) {
      plane.apply("{apiVersion: v1, kind: Namespace, metadata: {name: " + namespace + "}}");
    }
    plane.apply(bootstrapRoles());
    plane.server.start();
    return plane;
  }

  private static String bootstrapRoles() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ControlPlane.class.getResourceAsStream("bootstrap-roles.yaml"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  public ApiServer server() {
    return server;
  }

  public Faults faults() {
    return faults;
  }

  /** Lets the bearer of a token in. */
  public void accept(String token, String user, List<String> groups) {
    authentication.accept(token, User.authenticated(user, groups));
  }

  /**
   * Creates the objects of a YAML stream, or merges them into those that exist.
   *
   * @throws ApiFailure as the API would answer
   */
  public void apply(String manifests) {
    for (JsonNode document : Bodies.yaml(manifests)) {
      if (!(document instanceof ObjectNode object)) {
        throw ApiFailure.badRequest("a document is no object");
      }
      String apiVersion = object.path("apiVersion").asText();
      String kind = object.path("kind").asText();
      ResourceType type =
          catalog
              .findKind(apiVersion, kind)
              .orElseThrow(() ->
                  ApiFailure.badRequest(
                      "no matches for kind \"%s\" in version \"%s\"".formatted(kind, apiVersion)));
      JsonNode metadata = object.path("metadata");
      String namespace = type.namespaced() ? metadata.path("namespace").asText("default") : "";
      Key key = new Key(namespace, metadata.path("name").asText());
      if (registry.shelf(type).get(key).isEmpty()) {
        registry.create(type, namespace, object, Call.internal());
      } else {
        registry.update(type, key, old -> Patches.merge(old, object), Call.internal());
      }
    }
  }

  @Override
  public void close() {
    server.close();
    garbageCollector.close();
    terminations.close();
  }
}
