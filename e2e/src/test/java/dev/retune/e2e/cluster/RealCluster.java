package dev.retune.e2e.cluster;

import dev.retune.sandbox.Kubeconfigs;
import dev.retune.sandbox.pki.Authority;
import dev.retune.sandbox.pki.Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;

/**
 * A real etcd and a real kube-apiserver on loopback, with authorization {@code Node,RBAC} and
 * admission NodeRestriction: what a node may do here it may do in a cluster. There is no controller
 * manager, so nothing is garbage collected and no signing request is answered. Flags are those of
 * Kubernetes 1.25 to 1.36 and etcd 3.5 and 3.6.
 */
public final class RealCluster implements TestCluster {
  private static final List<String> NAMES =
      List.of("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc");
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final byte[] SERVICE = {10, 96, 0, 1};
  private static final String MASTERS = "system:masters";

  private final Path directory;
  private final Authority authority;
  private final int port = FreePort.next();
  private final ServerProcess etcd;
  private final ServerProcess apiServer;
  private final ApiServerHealth health;

  private RealCluster(Path directory, Path apiServerBinary, Path etcdBinary)
      throws IOException, GeneralSecurityException {
    this.directory = Files.createDirectories(directory);
    this.authority = Authority.create("retune-e2e-ca", Clock.systemUTC().instant());
    Files.writeString(caCertificate(), authority.certificatePem());
    int clients = FreePort.next();
    this.etcd = new ServerProcess("etcd", directory, etcd(etcdBinary, clients));
    this.apiServer =
        new ServerProcess("kube-apiserver", directory, apiServer(apiServerBinary, clients));
    this.health = new ApiServerHealth(kubeconfig("kubernetes-admin", List.of(MASTERS)));
  }

  /**
   * Starts both and waits until the API server is ready.
   *
   * @throws IOException when it does not get ready; the message has the last lines it logged
   */
  public static RealCluster start(Path directory, Path apiServer, Path etcd)
      throws IOException, InterruptedException {
    RealCluster cluster;
    try {
      cluster = new RealCluster(directory, apiServer, etcd);
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java runtime cannot make EC P-256 certificates", e);
    }
    try {
      cluster.etcd.start();
      cluster.apiServer.start();
      cluster.health.await(cluster.apiServer);
      return cluster;
    } catch (IOException | RuntimeException failed) {
      cluster.close();
      throw failed;
    }
  }

  private List<String> etcd(Path binary, int clients) {
    String client = "http://127.0.0.1:" + clients;
    String peer = "http://127.0.0.1:" + FreePort.next();
    return List.of(
        binary.toString(),
        "--name=default",
        "--data-dir=" + directory.resolve("etcd"),
        "--listen-client-urls=" + client,
        "--advertise-client-urls=" + client,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer,
        "--unsafe-no-fsync",
        "--log-level=warn");
  }

  private List<String> apiServer(Path binary, int etcdClients)
      throws IOException, GeneralSecurityException {
    var now = Clock.systemUTC().instant();
    keep("apiserver", authority.server("kube-apiserver", NAMES, List.of(LOOPBACK, SERVICE), now));
    keep(
        "kubelet-client", authority.client("kube-apiserver-kubelet-client", List.of(MASTERS), now));
    keep("service-account", authority.client("service-account", List.of(), now));
    return List.of(
        binary.toString(),
        "--etcd-servers=http://127.0.0.1:" + etcdClients,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--secure-port=" + port,
        "--endpoint-reconciler-type=none",
        "--tls-cert-file=" + certificate("apiserver"),
        "--tls-private-key-file=" + key("apiserver"),
        "--client-ca-file=" + caCertificate(),
        "--kubelet-client-certificate=" + certificate("kubelet-client"),
        "--kubelet-client-key=" + key("kubelet-client"),
        "--kubelet-preferred-address-types=InternalIP",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=" + certificate("service-account"),
        "--service-account-signing-key-file=" + key("service-account"),
        "--service-cluster-ip-range=10.96.0.0/24",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--allow-privileged=true");
  }

  private void keep(String name, Identity identity) throws IOException {
    Files.writeString(certificate(name), identity.certificatePem());
    Files.writeString(key(name), identity.keyPem());
  }

  private Path certificate(String name) {
    return directory.resolve(name + ".crt");
  }

  private Path key(String name) {
    return directory.resolve(name + ".key");
  }

  @Override
  public Path adminKubeconfig() {
    return kubeconfig("kubernetes-admin", List.of(MASTERS));
  }

  @Override
  public Path kubeconfig(String user, List<String> groups) {
    Path file = directory.resolve(user.replaceAll("[^A-Za-z0-9._-]", "-") + ".kubeconfig");
    try {
      Identity identity = authority.client(user, groups, Clock.systemUTC().instant());
      Kubeconfigs.write(
          file,
          URI.create("https://127.0.0.1:" + port),
          authority.certificatePem(),
          user,
          identity);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Path caCertificate() {
    return directory.resolve("ca.crt");
  }

  @Override
  public void away() {
    apiServer.kill();
  }

  @Override
  public void back() {
    try {
      apiServer.start();
      health.await(apiServer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int watches() {
    try {
      return health.watches();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    apiServer.kill();
    etcd.kill();
  }
}
