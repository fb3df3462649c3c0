package dev.retune.kubelet.start;

import dev.retune.kubelet.value.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code reservedSystemCPUs}, CPUs in the notation of Linux such as {@code 0-3,8}: all of them must
 * be online ({@code getReservedCPUs} in the kubelet, 1.25 to 1.36).
 *
 * @param ranges the CPUs as ranges from a first to a last, in order and apart from each other
 */
record CpuList(List<Range> ranges) {

  static final String FIELD = "reservedSystemCPUs";

  /** CPUs from a first to a last, both included. */
  record Range(long first, long last) {}

  static void check(Start start) {
    if (isOffline(start)) {
      start.exits(
          FIELD,
          Words.quoted(start.text(FIELD))
              + " has CPUs that are not online here; online are "
              + of(start.node().onlineCpus()));
    }
  }

  /** Whether CPUs are reserved that are known not to be online. */
  static boolean isOffline(Start start) {
    Set<Integer> online = start.node().onlineCpus();
    return !online.isEmpty()
        && parse(start.text(FIELD)).filter(cpus -> !of(online).contains(cpus)).isPresent();
  }

  /** Whether a resource is the CPU, and this list says how much of it is reserved. */
  static boolean isGiven(Start start, String resource) {
    return resource.equals("cpu") && parse(start.text(FIELD)).isPresent();
  }

  /** Reads a list; empty when the text is none. */
  static Optional<CpuList> parse(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    TreeMap<Long, Long> ranges = new TreeMap<>();
    try {
      for (String range : text.split(",", -1)) {
        int dash = range.indexOf('-', 1);
        long first = Long.parseLong(dash < 0 ? range : range.substring(0, dash));
        long last = dash < 0 ? first : Long.parseLong(range.substring(dash + 1));
        if (first > last) {
          return Optional.empty();
        }
        ranges.merge(first, last, Math::max);
      }
    } catch (NumberFormatException none) {
      return Optional.empty();
    }
    return Optional.of(new CpuList(joined(ranges)));
  }

  private static CpuList of(Set<Integer> cpus) {
    TreeMap<Long, Long> ranges = new TreeMap<>();
    cpus.forEach(cpu -> ranges.put((long) cpu, (long) cpu));
    return new CpuList(joined(ranges));
  }

  private static List<Range> joined(TreeMap<Long, Long> ranges) {
    List<Range> joined = new ArrayList<>();
    ranges.forEach((first, last) -> {
      if (!joined.isEmpty() && joined.getLast().last() >= first - 1) {
        Range before = joined.removeLast();
        joined.add(new Range(before.first(), Math.max(before.last(), last)));
      } else {
        joined.add(new Range(first, last));
      }
    });
    return List.copyOf(joined);
  }

  /** How many CPUs these are; of a range no more than any machine could have. */
  long size() {
    return ranges.stream()
        .mapToLong(range -> Math.min(range.last() - range.first(), Integer.MAX_VALUE) + 1)
        .sum();
  }

  private boolean contains(CpuList other) {
    return other.ranges.stream()
        .allMatch(part ->
            ranges.stream()
                .anyMatch(range -> range.first() <= part.first() && part.last() <= range.last()));
  }

  /** As Linux writes it. */
  @Override
  public String toString() {
    List<String> written = new ArrayList<>();
    for (Range range : ranges) {
      written.add(
          range.first() == range.last()
              ? Long.toString(range.first())
              : range.first() + "-" + range.last());
    }
    return String.join(",", written);
  }
}
