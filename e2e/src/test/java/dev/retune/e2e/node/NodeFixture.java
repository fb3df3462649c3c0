package dev.retune.e2e.node;

import dev.retune.e2e.cluster.Clusters;
import dev.retune.e2e.cluster.TestCluster;
import java.nio.file.Path;

/** A control plane, its administrator and one node, for the tests of one class. */
record NodeFixture(TestCluster cluster, Admin admin, KubeadmNode node) implements AutoCloseable {

  static NodeFixture boot(Path directory, String name) throws Exception {
    var cluster = Clusters.start(directory);
    return new NodeFixture(cluster, Admin.of(cluster), KubeadmNode.boot(name, cluster));
  }

  @Override
  public void close() {
    node.close();
    admin.close();
    cluster.close();
  }
}
