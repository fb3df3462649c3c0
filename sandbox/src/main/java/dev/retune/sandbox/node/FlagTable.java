package dev.retune.sandbox.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The flags a kubelet knows, read from {@code flags.txt}. */
final class FlagTable {

  /** How the text after a flag is read. */
  enum Kind {
    STRING,
    BOOL,
    INT,
    DURATION,
    /** Comma-separated. */
    LIST,
    /** {@code key=value} pairs, comma-separated. */
    MAP,
    /** {@code signal<value} pairs, comma-separated. */
    THRESHOLDS,
    /** {@code Gate=true} pairs, comma-separated. */
    GATES,
    /** {@code key=value:effect}, comma-separated. */
    TAINTS,
    /** {@code true}, {@code false} or {@code raw}; the flag alone is {@code true}. */
    VERSION
  }

  /**
   * A flag.
   *
   * @param field path of the configuration field it sets, its parts divided by dots; empty for none
   */
  record Flag(String name, Kind kind, String field) {
    /** Whether the flag may stand without a value. */
    boolean isSwitch() {
      return kind == Kind.BOOL || kind == Kind.VERSION;
    }
  }

  private static final String RESOURCE = "flags.txt";

  private final Map<String, Flag> flags;

  private FlagTable(Map<String, Flag> flags) {
    this.flags = flags;
  }

  static FlagTable load() {
    Map<String, Flag> flags = new HashMap<>();
    try (InputStream in = FlagTable.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the class path");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          int kind = line.indexOf(' ');
          int field = line.indexOf(' ', kind + 1);
          String name = line.substring(0, kind);
          String path = line.substring(field + 1);
          flags.put(
              name,
              new Flag(
                  name,
                  Kind.valueOf(line.substring(kind + 1, field).toUpperCase(java.util.Locale.ROOT)),
                  path.equals("-") ? "" : path));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new FlagTable(flags);
  }

  Optional<Flag> find(String name) {
    return Optional.ofNullable(flags.get(name));
  }

  /** The flag that sets a top-level configuration field. */
  Optional<String> flagOf(String field) {
    return flags.values().stream()
        .filter(flag -> flag.field().equals(field))
        .map(Flag::name)
        .findFirst();
  }
}
