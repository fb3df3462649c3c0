package dev.retune.kube;

import java.util.Optional;

/**
 * Who asks: a client certificate, a bearer token, both (the server decides), a user name with
 * password, or nobody.
 */
public record Credentials(
    Optional<ClientCertificate> certificate,
    Optional<Material> bearerToken,
    Optional<Password> password) {

  /** Nobody in particular. */
  public static Credentials anonymous() {
    return new Credentials(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** PEM of the certificate (with its chain) and of its key; both may be in one file. */
  public record ClientCertificate(Material certificate, Material key) {}

  /** HTTP basic authentication, for proxies in front of an API server. */
  public record Password(String user, String password) {
    @Override
    public String toString() {
      return user;
    }
  }
}
