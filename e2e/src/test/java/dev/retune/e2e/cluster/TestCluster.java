package dev.retune.e2e.cluster;

import java.nio.file.Path;
import java.util.List;

/** A control plane on this host: the sandbox, or real binaries when they are given. */
public interface TestCluster extends AutoCloseable {

  /** Kubeconfig of an administrator. */
  Path adminKubeconfig();

  /** Writes a kubeconfig with a client certificate of its own. */
  Path kubeconfig(String user, List<String> groups);

  /** The cluster's CA certificate in PEM. */
  Path caCertificate();

  /** The API server goes away: connections break and new ones are refused. Nothing is lost. */
  void away();

  /** The API server is back at the same address. */
  void back();

  /** How many watches are open, the agent's among them. */
  int watches();

  @Override
  void close();
}
