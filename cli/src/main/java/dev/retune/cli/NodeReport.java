package dev.retune.cli;

import dev.retune.api.Condition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.GoDuration;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeKubelet;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.Phase;
import dev.retune.cli.text.Age;
import dev.retune.cli.text.Style;
import dev.retune.cli.text.Table.Cell;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One NodeKubelet for people: a row of a table, or a page.
 *
 * @param created when the object was created; empty for a node that has none
 * @param now what ages and times left are counted from
 */
record NodeReport(NodeKubelet kubelet, Optional<Instant> created, Instant now) {
  private static final String LOCAL = "(local)";
  private static final int LABEL_WIDTH = 18;

  static List<String> headings(boolean wide) {
    var headings =
        new ArrayList<>(
            List.of("NAME", "PHASE", "ASSIGNED", "ACTIVE", "LAST-KNOWN-GOOD", "TRIAL", "AGE"));
    if (wide) {
      headings.addAll(List.of("ERROR", "KUBELET"));
    }
    return headings;
  }

  List<Cell> row(boolean wide) {
    var config = status().config();
    var row =
        new ArrayList<>(
            List.of(
                Cell.of(kubelet.name()),
                new Cell(phase(), style()),
                Cell.of(shortName(assigned())),
                Cell.of(shortName(config.active())),
                Cell.of(shortName(config.lastKnownGood())),
                Cell.of(trialLeft().map(Age::of).orElse("")),
                Cell.of(created.map(time -> Age.since(time, now)).orElse(""))));
    if (wide) {
      row.add(Cell.of(config.error()));
      row.add(Cell.of(status().kubeletVersion()));
    }
    return row;
  }

  /** Everything that is known, as {@code kubectl describe} would lay it out. */
  void printPage(PrintWriter out, boolean colors) {
    var config = status().config();
    field(out, "Node", Style.STRONG.paint(kubelet.name(), colors));
    field(out, "Phase", style().paint(phase(), colors) + trialText());
    if (created.isEmpty()) {
      field(out, "", "nothing was ever assigned to it");
    } else if (!seenByAgent()) {
      field(out, "", "no agent has reported yet; put one on the node: retune node install");
    } else if (status().observedGeneration() < kubelet.generation()) {
      field(out, "", "the agent has not yet seen the last change of the spec");
    }
    field(out, "Kubelet", kubeletText());
    field(out, "Assigned", longName(assigned()));
    field(out, "Active", longName(config.active()));
    field(out, "Last known good", longName(config.lastKnownGood()));
    field(out, "Error", config.error().isEmpty() ? "" : Style.BAD.paint(config.error(), colors));
    field(
        out,
        "Settings",
        kubelet.spec().composition()
            + ", trial of "
            + GoDuration.format(kubelet.spec().trialDuration())
            + ", on invalid "
            + kubelet.spec().onInvalid());
    printFields(out);
    if (!status().conditions().isEmpty()) {
      out.println("Conditions:");
      status().conditions().forEach(condition -> print(condition, out, colors));
    }
    out.flush();
  }

  private void printFields(PrintWriter out) {
    status()
        .fields()
        .shadowed()
        .forEach(field ->
            field(
                out,
                "Shadowed field",
                field.field() + " by " + field.by() + " (" + field.source() + ")"));
    status().fields().unsupported().forEach(field -> field(out, "Unsupported field", field));
  }

  private void print(Condition condition, PrintWriter out, boolean colors) {
    var style =
        switch (condition.status()) {
          case True -> Style.GOOD;
          case False -> Style.BAD;
          case Unknown -> Style.BUSY;
        };
    out.println(
        "  "
            + pad(condition.type(), 22)
            + style.paint(pad(condition.status().name(), 9), colors)
            + condition.reason()
            + Style.FAINT.paint(
                ", " + Age.since(condition.lastTransitionTime(), now) + " ago", colors));
    condition.message().lines().forEach(line -> out.println("      " + line));
  }

  private static void field(PrintWriter out, String label, String value) {
    out.println(
        pad(label.isEmpty() ? "" : label + ":", LABEL_WIDTH) + (value.isEmpty() ? "-" : value));
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  String phase() {
    return status()
        .phase()
        .map(Phase::name)
        .orElse(created.isEmpty() ? "" : seenByAgent() ? "Unknown" : "Unmanaged");
  }

  Style style() {
    return status()
        .phase()
        .map(phase ->
            switch (phase) {
              case Good -> Style.GOOD;
              case Syncing, Restarting, Trial -> Style.BUSY;
              case RolledBack, Rejected, Blocked, Drifted -> Style.BAD;
              case Local -> Style.PLAIN;
            })
        .orElse(Style.FAINT);
  }

  private NodeKubeletStatus status() {
    return kubelet.status();
  }

  private boolean seenByAgent() {
    return status().phase().isPresent() || status().observedGeneration() > 0;
  }

  /** What the status resolved, or what the spec asks for as long as it has not. */
  private Optional<NodeConfigSource> assigned() {
    return status().config().assigned().or(() -> kubelet.spec().configSource());
  }

  private Optional<Duration> trialLeft() {
    return status()
        .trial()
        .filter(trial -> status().phase().equals(Optional.of(Phase.Trial)))
        .map(trial -> Duration.between(now, trial.endsAt()));
  }

  private String trialText() {
    return trialLeft()
        .map(left -> left.isNegative() ? ", about to end" : ", " + Age.of(left) + " left")
        .orElse("");
  }

  private String kubeletText() {
    var text = new ArrayList<String>();
    if (!status().kubeletVersion().isEmpty()) {
      text.add(status().kubeletVersion());
    }
    status()
        .kubeletStartTime()
        .ifPresent(time -> text.add("started " + Age.since(time, now) + " ago"));
    if (seenByAgent()) {
      text.add("restarted " + status().restartCount() + " times by Retune");
    }
    return String.join(", ", text);
  }

  private static String shortName(Optional<NodeConfigSource> source) {
    return source
        .flatMap(NodeConfigSource::configMap)
        .map(ConfigMapNodeConfigSource::name)
        .orElse(LOCAL);
  }

  private static String longName(Optional<NodeConfigSource> source) {
    return source
        .flatMap(NodeConfigSource::configMap)
        .map(map ->
            map.namespace()
                + "/"
                + map.name()
                + ", key "
                + map.kubeletConfigKey()
                + (map.resourceVersion().isEmpty()
                    ? ""
                    : " (uid " + map.uid() + ", version " + map.resourceVersion() + ")"))
        .orElse("the node's local config");
  }
}
