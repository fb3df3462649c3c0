package dev.retune.sandbox.server;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedCollection;

/** Who asks. Everybody known to the server is in {@code system:authenticated} too. */
record User(String name, List<String> groups) {
  static final String MASTERS = "system:masters";
  private static final String AUTHENTICATED = "system:authenticated";

  static User authenticated(String name, SequencedCollection<String> groups) {
    List<String> all = new ArrayList<>(groups);
    if (!all.contains(AUTHENTICATED)) {
      all.add(AUTHENTICATED);
    }
    return new User(name, List.copyOf(all));
  }

  boolean isMaster() {
    return groups.contains(MASTERS);
  }
}
