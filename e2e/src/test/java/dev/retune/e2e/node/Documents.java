package dev.retune.e2e.node;

/** The kubelet configs of the scenarios. They say by {@code maxPods} which one a kubelet runs. */
final class Documents {
  /** {@code maxPods} of the local config. */
  static final int LOCAL_PODS = 110;

  private Documents() {}

  /** What kubeadm writes, in the main. */
  static String local() {
    return correct(LOCAL_PODS);
  }

  /** Accepted by every kubelet. */
  static String correct(int maxPods) {
    return """
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    authentication:
      anonymous:
        enabled: false
      webhook:
        enabled: true
      x509:
        clientCAFile: /etc/kubernetes/pki/ca.crt
    authorization:
      mode: Webhook
    cgroupDriver: systemd
    clusterDNS:
    - 10.96.0.10
    clusterDomain: cluster.local
    failCgroupV1: false
    failSwapOn: false
    healthzBindAddress: 127.0.0.1
    resolvConf: /etc/resolv.conf
    rotateCertificates: true
    maxPods: %d
    """
        .formatted(maxPods);
  }

  /** Is no document at all. */
  static String unparsable() {
    return "{0xdeadbeef}";
  }

  /** Is read, and refused by every kubelet: a number that must not be negative. */
  static String invalid() {
    return correct(120) + "kubeAPIQPS: -1\n";
  }

  /**
   * Passes every check, and every kubelet dies of it when it starts: no certificate is in there.
   */
  static String crashing(String garbageFile) {
    return correct(130)
        + "tlsCertFile: "
        + garbageFile
        + "\ntlsPrivateKeyFile: "
        + garbageFile
        + "\n";
  }
}
