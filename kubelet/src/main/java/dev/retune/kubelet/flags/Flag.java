package dev.retune.kubelet.flags;

import dev.retune.kubelet.KubeletVersion;
import java.util.List;

/**
 * A flag of the kubelet.
 *
 * @param name without dashes, such as {@code max-pods}
 * @param kind how its value is written
 * @param field path of the configuration field it sets, such as {@code
 *     authentication.x509.clientCAFile}; empty when it sets none
 * @param since the first minor that has it; 0 for long before the oldest one known here
 * @param until the last minor that has it
 */
public record Flag(String name, Kind kind, String field, int since, int until) {

  /** How the value of a flag is written. */
  public enum Kind {
    /** A switch: alone it means true. */
    BOOL("true or false"),
    INT("a whole number"),
    FLOAT("a number"),
    DURATION("a duration such as 1m30s"),
    STRING("a string"),
    QUANTITY("a quantity such as 1Gi"),
    /** Separated by commas; a further flag adds to it. */
    LIST("a list separated by commas"),
    /** {@code key=value}, separated by commas; a further flag adds to it. */
    MAP("key=value pairs separated by commas"),
    /** {@code signal<value}, separated by commas; a further flag adds to it. */
    THRESHOLDS("signal<value pairs separated by commas"),
    /** {@code Gate=true}, separated by commas; a further flag adds to it. */
    GATES("Gate=true or Gate=false, separated by commas"),
    /** One {@code key=value}, commas belong to the value; a further flag adds to it. */
    PAIR("one key=value pair"),
    /** {@code key=value:effect}, separated by commas; a further flag takes its place. */
    TAINTS("taints such as key=value:NoSchedule, separated by commas"),
    /** {@code node:type=amount,…;node:…}; a further flag adds to it. */
    RESERVED_MEMORY("reservations such as 0:memory=1Gi;1:memory=2Gi"),
    /** {@code key:value}, separated by commas; a further flag adds to it. */
    HEADERS("key:value pairs separated by commas"),
    /** {@code pattern=level}, separated by commas; a flag adds to what there is, the file's too. */
    VMODULE("pattern=level pairs separated by commas");

    private final String wanted;

    Kind(String wanted) {
      this.wanted = wanted;
    }

    /** What a person should have written. */
    public String wanted() {
      return wanted;
    }

    /** Whether a further flag of that name adds to the earlier ones instead of replacing them. */
    public boolean addsUp() {
      return switch (this) {
        case BOOL, INT, FLOAT, DURATION, STRING, QUANTITY, TAINTS -> false;
        case LIST, MAP, THRESHOLDS, GATES, PAIR, RESERVED_MEMORY, HEADERS, VMODULE -> true;
      };
    }
  }

  /** Whether kubelets of that version have the flag. */
  public boolean in(KubeletVersion version) {
    return version.minor() >= since && version.minor() <= until;
  }

  /** The names of the objects on the way to the field and of the field. */
  public List<String> steps() {
    return List.of(field.split("\\.", -1));
  }

  /** Whether it sets a field of the configuration. */
  public boolean setsField() {
    return !field.isEmpty();
  }
}
