package dev.retune.kube;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads kubeconfig files (clientcmd api v1) and resolves one context. Paths in a file are relative
 * to that file.
 */
final class KubeConfigFile {

  /** A named entry and the file it stands in. */
  private record Entry(Map<String, @Nullable Object> fields, Path file, String what) {
    KubeConfigException refused(String why) {
      return new KubeConfigException(file + ": " + what + ": " + why);
    }
  }

  private final List<Path> files;
  private final Map<String, Entry> clusters = new LinkedHashMap<>();
  private final Map<String, Entry> users = new LinkedHashMap<>();
  private final Map<String, Entry> contexts = new LinkedHashMap<>();
  private Optional<String> currentContext = Optional.empty();

  private KubeConfigFile(List<Path> files) {
    this.files = files;
  }

  static KubeConfig load(
      List<Path> files, Optional<String> context, Function<String, @Nullable Object> yaml)
      throws KubeConfigException {
    KubeConfigFile merged = new KubeConfigFile(files);
    int found = 0;
    for (Path file : files) {
      if (merged.add(file, yaml)) {
        found++;
      }
    }
    if (found == 0) {
      throw new KubeConfigException(
          "no kubeconfig: "
              + merged.names()
              + " does not exist; name one with --kubeconfig or KUBECONFIG");
    }
    return merged.resolve(context);
  }

  private boolean add(Path file, Function<String, @Nullable Object> yaml)
      throws KubeConfigException {
    Map<String, @Nullable Object> tree;
    try {
      String text = Files.readString(file);
      tree = text.isBlank() ? Map.of() : object(yaml.apply(text));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new KubeConfigException(file + ": cannot be read: " + reason(e), e);
    } catch (YamlFormatException e) {
      throw new KubeConfigException(file + ": " + e.getMessage(), e);
    }
    if (currentContext.isEmpty()) {
      currentContext = text(tree, "current-context");
    }
    collect(file, tree, "clusters", "cluster", clusters);
    collect(file, tree, "users", "user", users);
    collect(file, tree, "contexts", "context", contexts);
    return true;
  }

  private static Map<String, @Nullable Object> object(@Nullable Object tree) {
    if (tree instanceof Map<?, ?>) {
      return Tree.asObject(tree);
    }
    throw new YamlFormatException("a YAML object (name: value) was expected");
  }

  private static void collect(
      Path file,
      Map<String, @Nullable Object> tree,
      String list,
      String kind,
      Map<String, Entry> into) {
    for (Map<String, @Nullable Object> item : Tree.maps(tree, list)) {
      Tree.string(item, "name")
          .ifPresent(name ->
              into.putIfAbsent(
                  name, new Entry(Tree.map(item, kind), file, kind + " \"" + name + "\"")));
    }
  }

  private KubeConfig resolve(Optional<String> wanted) throws KubeConfigException {
    Optional<String> name = wanted.or(() -> currentContext);
    if (name.isEmpty()) {
      throw new KubeConfigException(
          names()
              + ": no current-context is set; name one of "
              + contexts.keySet()
              + " with --context");
    }
    Entry context = contexts.get(name.get());
    if (context == null) {
      throw new KubeConfigException(
          names() + ": there is no context \"" + name.get() + "\", only " + contexts.keySet());
    }
    Entry cluster = referenced(context, "cluster", clusters);
    URI server = server(cluster);
    Optional<Material> authority =
        material(cluster, "certificate-authority", "certificate-authority-data");
    Optional<URI> proxy = Optional.empty();
    Optional<String> proxyUrl = text(cluster.fields(), "proxy-url");
    if (proxyUrl.isPresent()) {
      proxy = Optional.of(uri(cluster, "proxy-url", proxyUrl.get(), "http"));
    }
    Credentials credentials =
        text(context.fields(), "user").isPresent()
            ? credentials(referenced(context, "user", users))
            : Credentials.anonymous();
    return new KubeConfig(
        server,
        authority,
        Tree.bool(cluster.fields(), "insecure-skip-tls-verify").orElse(false),
        text(cluster.fields(), "tls-server-name"),
        proxy,
        credentials,
        text(context.fields(), "namespace"),
        name.get());
  }

  private Entry referenced(Entry context, String kind, Map<String, Entry> entries)
      throws KubeConfigException {
    String name =
        text(context.fields(), kind).orElseThrow(() -> context.refused(kind + " is not set"));
    Entry entry = entries.get(name);
    if (entry == null) {
      throw context.refused("there is no " + kind + " \"" + name + "\", only " + entries.keySet());
    }
    return entry;
  }

  private static URI server(Entry cluster) throws KubeConfigException {
    String server =
        text(cluster.fields(), "server").orElseThrow(() -> cluster.refused("server is not set"));
    String withScheme = server.contains("://") ? server : "http://" + server;
    while (withScheme.endsWith("/")) {
      withScheme = withScheme.substring(0, withScheme.length() - 1);
    }
    return uri(cluster, "server", withScheme, "https", "http");
  }

  private static URI uri(Entry entry, String field, String value, String... schemes)
      throws KubeConfigException {
    try {
      URI uri = new URI(value);
      if (uri.getHost() != null && List.of(schemes).contains(uri.getScheme())) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw entry.refused(field + " \"" + value + "\" is no URL: " + e.getReason());
    }
    throw entry.refused(
        field + " \"" + value + "\" must be " + String.join(" or ", schemes) + "://host:port");
  }

  private static Credentials credentials(Entry user) throws KubeConfigException {
    Map<String, @Nullable Object> fields = user.fields();
    if (fields.containsKey("exec")) {
      throw user.refused(
          "it gets its credentials from the program \""
              + Tree.string(fields, "exec", "command").orElse("?")
              + "\" (exec), which is not run here; put a token or a client certificate in place");
    }
    if (fields.containsKey("auth-provider")) {
      throw user.refused(
          "auth-provider \""
              + Tree.string(fields, "auth-provider", "name").orElse("?")
              + "\" is not known, like in kubectl since 1.26; put a token or a client certificate in place");
    }
    if (fields.containsKey("as")) {
      throw user.refused("impersonation (as) is not done here; use that user's own credentials");
    }
    Optional<Material> certificate =
        material(user, "client-certificate", "client-certificate-data");
    Optional<Material> key = material(user, "client-key", "client-key-data");
    if (certificate.isPresent() != key.isPresent()) {
      throw user.refused("client-certificate and client-key must be there both or not at all");
    }
    Optional<Material> token = file(user, "tokenFile");
    if (token.isEmpty()) {
      token = text(fields, "token").map(Material.Embedded::new);
    }
    Optional<Credentials.Password> password =
        text(fields, "username")
            .map(name -> new Credentials.Password(name, text(fields, "password").orElse("")));
    return new Credentials(
        certificate.map(c -> new Credentials.ClientCertificate(c, key.orElseThrow())),
        token,
        password);
  }

  /** {@code …-data} wins over the file, as in kubectl. */
  private static Optional<Material> material(Entry entry, String fileField, String dataField)
      throws KubeConfigException {
    Optional<String> data = text(entry.fields(), dataField);
    if (data.isPresent()) {
      try {
        byte[] content = Base64.getMimeDecoder().decode(data.get());
        return Optional.of(new Material.Embedded(new String(content, StandardCharsets.UTF_8)));
      } catch (IllegalArgumentException e) {
        throw entry.refused(dataField + " is no base64: " + e.getMessage());
      }
    }
    return file(entry, fileField);
  }

  private static Optional<Material> file(Entry entry, String field) {
    return text(entry.fields(), field)
        .map(path -> new Material.InFile(entry.file().toAbsolutePath().resolveSibling(path)));
  }

  private static Optional<String> text(Map<String, @Nullable Object> fields, String name) {
    return Tree.string(fields, name).filter(text -> !text.isEmpty());
  }

  private String names() {
    List<String> names = new ArrayList<>();
    files.forEach(file -> names.add(file.toString()));
    return String.join(", ", names);
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
