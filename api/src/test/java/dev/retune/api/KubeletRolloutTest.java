package dev.retune.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.api.LabelSelector.Operator;
import dev.retune.api.LabelSelector.Requirement;
import dev.retune.api.RolloutWindow.Day;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubeletRolloutTest {
  private static final Instant T = Instant.parse("2026-11-20T10:00:00Z");

  private static final NodeConfigSource SOURCE =
      NodeConfigSource.of(
          ConfigMapNodeConfigSource.reference("kube-system", "workers-2", "kubelet"));

  private static final KubeletRolloutSpec FULL =
      new KubeletRolloutSpec(
          new LabelSelector(
              Map.of("pool", "workers"),
              List.of(new Requirement("gpu", Operator.NotIn, List.of("a100", "h100")))),
          SOURCE,
          Composition.Overlay,
          Duration.ofMinutes(3),
          new RolloutStrategy(
              new Canary(IntOrPercent.nodes(2), Duration.ofMinutes(15)),
              IntOrPercent.percent(20),
              List.of(IntOrPercent.nodes(1), IntOrPercent.percent(50)),
              3,
              OnFailure.Revert,
              RolloutOrder.Age,
              30,
              Optional.of(
                  new RolloutWindow(List.of(Day.Mon, Day.Sat), "22:30", "06:00", "Europe/Berlin"))),
          DrainPolicy.Always,
          List.of(DisruptionClass.RestartOnly, DisruptionClass.NewPodsOnly),
          true,
          true,
          Optional.of(Duration.ofHours(2)));

  @Test
  @DisplayName("API a rollout reads back as it was written, with every field set and with none")
  void roundTrip() {
    assertThat(KubeletRollout.fromTree(KubeletRollout.of("r", FULL).toTree()).spec())
        .isEqualTo(FULL);
    var plain = KubeletRolloutSpec.of(LabelSelector.ALL, SOURCE);
    assertThat(KubeletRollout.fromTree(KubeletRollout.of("r", plain).toTree()).spec())
        .isEqualTo(plain);
    assertThat(
            KubeletRolloutSpec.fromTree(
                Map.of("nodeSelector", Map.of(), "configSource", SOURCE.toTree())))
        .as("what is left out")
        .isEqualTo(plain);
  }

  @Test
  @DisplayName("API a status with every field set reads back as it was written")
  void statusRoundTrip() {
    var status =
        new KubeletRolloutStatus(
            4,
            Optional.of(RolloutPhase.Reverting),
            new RolloutCounts(50, 9, 41, 2, 3, 2, 2, 1, 1, 1),
            2,
            List.of(new NodeTrouble("node-7", "CrashLoop", "exit status 1")),
            List.of(
                new Condition("Progressing", Condition.Status.False, 4, T, "Failed", "node-7")));
    assertThat(KubeletRolloutStatus.fromTree(status.toTree())).isEqualTo(status);
  }

  @ParameterizedTest
  @DisplayName("ROLL-1 a share of the nodes is rounded down, and a number is never more than all")
  @CsvSource({
    "10%, 50, 5",
    "10%, 59, 5",
    "10%, 9, 0",
    "100%, 7, 7",
    "0%, 7, 0",
    "3, 50, 3",
    "30, 7, 7"
  })
  void shares(String text, int all, int expected) {
    Object tree = text.endsWith("%") ? text : (Object) Long.valueOf(text);
    var share = IntOrPercent.fromTree(tree);
    assertThat(share.of(all)).isEqualTo(expected);
    assertThat(share.ofAtLeastOne(all)).isEqualTo(Math.max(1, expected));
    assertThat(share).hasToString(text);
    assertThat(share.toTree()).isEqualTo(tree);
  }

  @ParameterizedTest
  @DisplayName("what is neither a number of nodes nor a percentage is told so")
  @ValueSource(strings = {"", "10", "101%", "-1%", "1.5%", "ten", "010%"})
  void noShares(String text) {
    assertThatThrownBy(() -> IntOrPercent.fromTree(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"" + text + "\" is neither a number of nodes nor a percentage such as 10%");
  }

  @ParameterizedTest
  @DisplayName("a selector chooses as Kubernetes does: NotIn holds of a node without the label")
  @CsvSource({
    "In, a100, true",
    "In, t4, false",
    "In, , false",
    "NotIn, a100, false",
    "NotIn, t4, true",
    "NotIn, , true",
    "Exists, t4, true",
    "Exists, , false",
    "DoesNotExist, t4, false",
    "DoesNotExist, , true"
  })
  void selects(Operator operator, String label, boolean chosen) {
    boolean compares = operator == Operator.In || operator == Operator.NotIn;
    var selector =
        new LabelSelector(
            Map.of("pool", "workers"),
            List.of(new Requirement("gpu", operator, compares ? List.of("a100") : List.of())));
    Map<String, String> labels =
        label == null ? Map.of("pool", "workers") : Map.of("pool", "workers", "gpu", label);
    assertThat(selector.matches(labels)).isEqualTo(chosen);
    assertThat(selector.matches(Map.of("gpu", "a100"))).isFalse();
    assertThat(LabelSelector.ALL.matches(labels)).isTrue();
  }

  @ParameterizedTest
  @DisplayName("a window opens on its days, in its time zone, and goes on past midnight")
  @CsvSource({
    // 2026-11-20 is a Friday; Berlin is an hour ahead of UTC then.
    "Fri, 09:00, 11:00, '', 2026-11-20T10:00:00Z, 2026-11-20T10:00:00Z",
    "Fri, 09:00, 10:00, '', 2026-11-20T10:00:00Z, 2026-11-27T09:00:00Z",
    "'', 09:00, 10:00, '', 2026-11-20T10:00:00Z, 2026-11-21T09:00:00Z",
    "Sat, 22:30, 06:00, '', 2026-11-20T10:00:00Z, 2026-11-21T22:30:00Z",
    "Thu, 22:30, 10:30, '', 2026-11-20T10:00:00Z, 2026-11-20T10:00:00Z",
    "Fri, 11:00, 12:00, Europe/Berlin, 2026-11-20T10:00:00Z, 2026-11-20T10:00:00Z",
    "Fri, 12:00, 13:00, Europe/Berlin, 2026-11-20T10:00:00Z, 2026-11-20T11:00:00Z"
  })
  void opens(String day, String start, String end, String timeZone, Instant now, Instant expected) {
    var days = new ArrayList<Day>();
    if (!day.isEmpty()) {
      days.add(Day.valueOf(day));
    }
    assertThat(new RolloutWindow(days, start, end, timeZone).opens(now)).isEqualTo(expected);
  }

  @Test
  @DisplayName("a time zone or a time that is none is named")
  void noWindow() {
    assertThatThrownBy(() -> new RolloutWindow(List.of(), "09:00", "10:00", "Mars").opens(T))
        .hasMessageContaining("time zone \"Mars\" is not known");
    assertThatThrownBy(() -> new RolloutWindow(List.of(), "9", "10:00", "").opens(T))
        .hasMessage("\"9\" is no time of day such as 22:30");
  }
}
