package dev.retune.sandbox.authorization;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedCollection;

/** Who asks. Everybody known to the server is in {@code system:authenticated} too. */
public record User(String name, List<String> groups) {
  public static final String MASTERS = "system:masters";
  private static final String AUTHENTICATED = "system:authenticated";
  private static final String NODES = "system:nodes";
  private static final String NODE = "system:node:";
  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  /** A user with the groups everybody of that kind is in, besides the given ones. */
  public static User authenticated(String name, SequencedCollection<String> groups) {
    List<String> all = new ArrayList<>(groups);
    if (name.startsWith(SERVICE_ACCOUNT)) {
      String namespace = name.substring(SERVICE_ACCOUNT.length()).split(":", -1)[0];
      add(all, "system:serviceaccounts");
      add(all, "system:serviceaccounts:" + namespace);
    }
    add(all, AUTHENTICATED);
    return new User(name, List.copyOf(all));
  }

  /** The user name of a service account. */
  static String serviceAccount(String namespace, String name) {
    return SERVICE_ACCOUNT + namespace + ":" + name;
  }

  public boolean isMaster() {
    return groups.contains(MASTERS);
  }

  /** The node this user is; empty for everybody else. */
  public Optional<String> node() {
    return name.startsWith(NODE) && groups.contains(NODES)
        ? Optional.of(name.substring(NODE.length()))
        : Optional.empty();
  }

  private static void add(List<String> groups, String group) {
    if (!groups.contains(group)) {
      groups.add(group);
    }
  }
}
