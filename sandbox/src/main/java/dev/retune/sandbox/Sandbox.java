package dev.retune.sandbox;

import dev.retune.sandbox.faults.Faults;
import dev.retune.sandbox.pki.Authority;
import dev.retune.sandbox.pki.Identity;
import dev.retune.sandbox.server.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;

/**
 * A Kubernetes control plane in memory: an API server that kubectl and other clients work with,
 * with its own certificate authority, and trouble on order. Nothing is kept after {@link #close}.
 *
 * <p>It is a place to try and to test. Requests are authorized as with {@code
 * --authorization-mode=Node,RBAC}, and writes pass NodeRestriction and ValidatingAdmissionPolicies.
 * It runs no pods and has no scheduler.
 */
public final class Sandbox implements AutoCloseable {
  private static final List<String> SERVER_NAMES =
      List.of(
          "localhost",
          "kubernetes",
          "kubernetes.default",
          "kubernetes.default.svc",
          "kubernetes.default.svc.cluster.local");
  private static final List<byte[]> SERVER_ADDRESSES =
      List.of(
          new byte[] {127, 0, 0, 1}, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  private static final String MASTERS = "system:masters";

  private final Path directory;
  private final Clock clock;
  private final Authority authority;
  private final ControlPlane controlPlane;
  private final Path adminKubeconfig;

  private Sandbox(SandboxOptions options) throws IOException, GeneralSecurityException {
    this.directory = Files.createDirectories(options.directory());
    this.clock = options.clock();
    // Certificates are for the clocks of TLS peers, which no test can turn.
    this.authority = Authority.create("retune-sandbox-ca", Clock.systemUTC().instant());
    Identity serving =
        authority.server(
            "kube-apiserver", SERVER_NAMES, SERVER_ADDRESSES, Clock.systemUTC().instant());
    Identity kubeletClient = issue("kube-apiserver-kubelet-client", List.of(MASTERS));
    this.controlPlane =
        ControlPlane.start(
            new ControlPlane.Settings(
                options.port(),
                options.rememberedChanges(),
                options.watchBacklog(),
                options.bookmarkInterval(),
                clock),
            serving,
            kubeletClient,
            authority);
    Files.writeString(caCertificate(), authority.certificatePem());
    this.adminKubeconfig = kubeconfig("kubernetes-admin", List.of(MASTERS));
  }

  /**
   * Starts a control plane with the namespaces every cluster has.
   *
   * @throws IOException when the port is taken or the directory cannot be written
   */
  public static Sandbox start(SandboxOptions options) throws IOException {
    try {
      return new Sandbox(options);
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java runtime cannot make EC P-256 certificates", e);
    }
  }

  /** Where it listens: https on the loopback interface. Stays the same while it is gone. */
  public URI server() {
    return URI.create("https://127.0.0.1:" + controlPlane.server().port());
  }

  /** A kubeconfig of a member of system:masters. */
  public Path adminKubeconfig() {
    return adminKubeconfig;
  }

  /**
   * Writes a kubeconfig with a certificate of its own, such as {@code system:node:n1} of {@code
   * system:nodes}. The file is named after the user; a second call for the same user replaces it.
   *
   * @throws UncheckedIOException when the file cannot be written
   */
  public Path kubeconfig(String user, List<String> groups) {
    Path file = directory.resolve(user.replaceAll("[^A-Za-z0-9._-]", "-") + ".kubeconfig");
    try {
      Kubeconfigs.write(file, server(), authority.certificatePem(), user, issue(user, groups));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The CA certificate in PEM: what clients trust, and what kubelets trust their callers by. */
  public Path caCertificate() {
    return directory.resolve("ca.crt");
  }

  /** Lets the bearer of this token in as the user. */
  public void token(String token, String user, List<String> groups) {
    controlPlane.accept(token, user, groups);
  }

  public Faults faults() {
    return controlPlane.faults();
  }

  /**
   * Creates the objects of a YAML stream, or merges them into those that exist, as the control
   * plane itself. Works while the server is gone.
   *
   * @throws dev.retune.sandbox.registry.ApiFailure as the API would answer
   */
  public void apply(String yamlManifests) {
    controlPlane.apply(yamlManifests);
  }

  /** How many watches are running. */
  public int watches() {
    return controlPlane.server().watches();
  }

  @Override
  public void close() {
    controlPlane.close();
  }

  private Identity issue(String user, List<String> groups) {
    try {
      return authority.client(user, groups, Clock.systemUTC().instant());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
