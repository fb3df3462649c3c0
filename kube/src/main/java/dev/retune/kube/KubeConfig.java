package dev.retune.kube;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How to reach one API server, and as whom: one context of a kubeconfig, resolved.
 *
 * @param server {@code https://host:port[/prefix]}, or http for a server behind {@code kubectl
 *     proxy}
 * @param authority PEM of the certificates that may have signed the server's; empty: those the Java
 *     runtime trusts
 * @param insecure {@code insecure-skip-tls-verify}: any server certificate will do
 * @param tlsServerName name to ask for and to find in the server's certificate instead of the host
 * @param proxy {@code proxy-url}, http only
 * @param namespace the context's default namespace
 * @param context name of the context that was taken
 */
public record KubeConfig(
    URI server,
    Optional<Material> authority,
    boolean insecure,
    Optional<String> tlsServerName,
    Optional<URI> proxy,
    Credentials credentials,
    Optional<String> namespace,
    String context) {

  /** A context of one file; {@code context} empty: its current-context. */
  public static KubeConfig load(Path file, Optional<String> context) throws KubeConfigException {
    return KubeConfigFile.load(List.of(file), context, Yaml::parse);
  }

  /**
   * The same for a program that has another reader of YAML and need not load ours.
   *
   * @param yaml makes a plain tree, as {@link Yaml#parse} does, or throws {@link
   *     YamlFormatException}
   */
  public static KubeConfig load(
      Path file, Optional<String> context, Function<String, @Nullable Object> yaml)
      throws KubeConfigException {
    return KubeConfigFile.load(List.of(file), context, yaml);
  }

  /**
   * A context of several files merged as kubectl merges the files named in KUBECONFIG: for each
   * cluster, user and context the first file that has it wins, and files that do not exist are
   * passed over.
   */
  public static KubeConfig load(List<Path> files, Optional<String> context)
      throws KubeConfigException {
    return KubeConfigFile.load(files, context, Yaml::parse);
  }
}
