package dev.retune.cli;

import dev.retune.cli.text.Progress;
import dev.retune.kube.Json;
import dev.retune.kube.JsonFormatException;
import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges documents that come as lines of JSON, one after the other, in constant memory. Answers are
 * held back only while there is more to read, so that a program may send a line, wait for its
 * answer, and send the next.
 */
final class Batch {
  /** A document of 1 MiB with every byte escaped as {@code \u0000}, and some more. */
  private static final int LONGEST_LINE = 8 << 20;

  private final Console console;
  private final PrintWriter out;
  private final String source;
  private final Target target;

  /**
   * A run over one source.
   *
   * @param source a file, or {@code -}
   * @param target the kubelet to judge for
   */
  Batch(Console console, String source, Target target) {
    this.console = console;
    this.out = console.out();
    this.source = source;
    this.target = target;
  }

  /** Answers all lines; fails at the first that cannot be, after those before it were answered. */
  void run() {
    // On a terminal the answers are the progress.
    var wanted = console.progress() && !console.terminal();
    try (var in = Input.open(console, source);
        var _ = Progress.start(console.err(), false, wanted, "judging the lines of " + name())) {
      var lines = new LineReader(in, LONGEST_LINE, this::flush);
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        if (!isBlank(line.get())) {
          answer(line.get(), lines.number());
        }
      }
    } catch (IOException unreadable) {
      throw Input.unreadable(name(), unreadable);
    } finally {
      out.flush();
    }
  }

  private String name() {
    return source.equals("-") ? "standard input" : source;
  }

  private void flush() {
    if (out.checkError()) {
      throw Failure.of("the answers cannot be written: standard output is closed", "");
    }
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private void answer(byte[] line, long number) {
    if (line.length > LONGEST_LINE) {
      throw wrong(number, "it is longer than " + LONGEST_LINE + " bytes");
    }
    Map<String, @Nullable Object> question;
    try {
      question = Json.parseObject(line);
    } catch (JsonFormatException wrong) {
      var message = String.valueOf(wrong.getMessage()).replace(" at line 1, column", " at column");
      throw wrong(number, message);
    }
    if (!(question.get("id") instanceof String) && !(question.get("id") instanceof Number)) {
      throw wrong(number, missing(question, "id", "a string or a number"));
    }
    if (!(question.get("config") instanceof String config)) {
      throw wrong(number, missing(question, "config", "a string with the document"));
    }
    var judgement = KubeletConfig.judge(config.getBytes(StandardCharsets.UTF_8), target);
    var answer = tree(question.get("id"), judgement);
    out.write(new String(Json.write(answer), StandardCharsets.UTF_8));
    out.write('\n');
  }

  private static String missing(Map<String, ?> question, String key, String wanted) {
    return "\"" + key + "\" " + (question.containsKey(key) ? "is not " : "is missing: ") + wanted;
  }

  private Failure wrong(long number, String message) {
    return Failure.usage(
        name() + ", line " + number + ": " + message,
        "a line is {\"id\": \"a\", \"config\": \"kind: KubeletConfiguration\\n…\"}");
  }

  private static Map<String, @Nullable Object> tree(@Nullable Object id, Judgement judgement) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("id", id);
    tree.put("verdict", DocumentCheck.word(judgement.verdict()));
    tree.put("errors", trees(judgement.errors()));
    tree.put("strict", trees(judgement.strict()));
    tree.put("defaulted", judgement.defaulted());
    return tree;
  }

  private static List<Map<String, String>> trees(List<Complaint> complaints) {
    return complaints.stream()
        .map(complaint -> {
          Map<String, String> tree = new LinkedHashMap<>();
          tree.put("field", complaint.field());
          tree.put("message", complaint.message());
          return tree;
        })
        .toList();
  }
}
