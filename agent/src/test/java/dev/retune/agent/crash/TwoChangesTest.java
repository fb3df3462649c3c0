package dev.retune.agent.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The agent ends, or the machine, at each point of every sequence of two changes. */
class TwoChangesTest {
  /** The second change comes while the kubelet starts with the first one. */
  private static final Duration WITHIN_START = Duration.ofMillis(300);

  private static final Duration WITHIN_TRIAL = Duration.ofSeconds(8);

  private static Stream<Sequence> sequences(Duration apart) {
    return Arrays.stream(Change.values())
        .flatMap(first ->
            Arrays.stream(Change.values()).map(second -> new Sequence(first, second, apart)));
  }

  @Test
  @DisplayName("AGENT-2 AGENT-13 AGENT-15 AGENT-20 two changes, and an end at any point of them")
  void everyStopPoint() {
    long walks =
        sequences(WITHIN_TRIAL)
            .parallel()
            .mapToLong(sequence -> walked(sequence, sequence.stops()))
            .sum();
    assertThat(walks).isGreaterThan(20_000);
  }

  @Test
  @DisplayName("AGENT-2 AGENT-13 AGENT-15 AGENT-20 a change in the middle of another, and an end")
  void everyEffect() {
    long walks =
        sequences(WITHIN_START)
            .parallel()
            .mapToLong(sequence ->
                walked(sequence, sequence.stops().stream().filter(stop -> !stop.onDisk()).toList()))
            .sum();
    assertThat(walks).isGreaterThan(6_000);
  }

  private static long walked(Sequence sequence, List<Stop> stops) {
    int restarts = sequence.restarts();
    stops.forEach(stop -> sequence.walk(stop, restarts));
    return stops.size();
  }
}
