package dev.retune.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.retune.kube.Json;
import dev.retune.kube.Tree;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchTest {
  private static final String HEAD =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  private static String line(@Nullable Object id, @Nullable Object config) {
    var line = Tree.object("id", id, "config", config);
    return new String(Json.write(line), StandardCharsets.UTF_8) + "\n";
  }

  private static Cli.Result batch(String lines, String... more) {
    var args = new ArrayList<>(List.of("validate", "--batch", "--kubelet-version", "1.36"));
    args.addAll(List.of(more));
    return Cli.run(Map.of(), lines, args.toArray(String[]::new));
  }

  private static List<Map<String, @Nullable Object>> answers(String out) throws Exception {
    var answers = new ArrayList<Map<String, @Nullable Object>>();
    for (String line : out.lines().toList()) {
      answers.add(Json.parseObject(line.getBytes(StandardCharsets.UTF_8)));
    }
    return answers;
  }

  @Test
  @DisplayName("each line gets its answer: id, verdict, errors, strict and the defaulted document")
  void verdicts() throws Exception {
    var lines =
        line("valid", HEAD + "maxPods: 50\n")
            + line("invalid", HEAD + "maxPods: -5\nmaxPod: 3\n")
            + line("gates", HEAD + "featureGates: {NoSuchGate: true}\n")
            + line("decode", HEAD + "maxPods: many\n");
    var result = batch(lines);
    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
    var answers = answers(result.out());
    assertThat(answers)
        .allSatisfy(answer ->
            assertThat(answer).containsOnlyKeys("id", "verdict", "errors", "strict", "defaulted"))
        .allSatisfy(answer -> assertThat(answer).containsEntry("verdict", answer.get("id")));

    var valid = answers.get(0);
    assertThat(valid).containsEntry("errors", List.of()).containsEntry("strict", List.of());
    assertThat(Tree.longValue(valid, "defaulted", "maxPods")).hasValue(50);
    assertThat(Tree.string(valid, "defaulted", "syncFrequency")).contains("1m0s");

    var invalid = answers.get(1);
    assertThat(Tree.maps(invalid, "errors"))
        .singleElement()
        .satisfies(error ->
            assertThat(error)
                .containsOnlyKeys("field", "message")
                .containsEntry("field", "maxPods"));
    assertThat(Tree.maps(invalid, "strict"))
        .singleElement()
        .satisfies(error ->
            assertThat(error)
                .containsOnlyKeys("field", "message")
                .containsEntry("field", "maxPod"));
    assertThat(Tree.longValue(invalid, "defaulted", "maxPods")).hasValue(-5);
    assertThat(Tree.map(answers.get(2), "defaulted")).isNotEmpty();
    assertThat(answers.get(3)).containsEntry("defaulted", Map.of());
  }

  @Test
  @DisplayName("ten thousand lines are answered in their order, with the ids as they were")
  void order() throws Exception {
    var lines = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      lines.append(
          line(i % 2 == 0 ? (Object) (long) i : "s" + i, HEAD + "maxPods: " + (i + 1) + "\n"));
    }
    var answers = answers(batch(lines.toString()).out());
    assertThat(answers).hasSize(10_000);
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).get("id")).isEqualTo(i % 2 == 0 ? (Object) (long) i : "s" + i);
      assertThat(Tree.longValue(answers.get(i), "defaulted", "maxPods")).hasValue(i + 1);
    }
  }

  @Test
  @DisplayName("a bad line ends it with 2 and the line's number, after those before were answered")
  void badLines() throws Exception {
    var good = line(1L, HEAD);
    for (String bad :
        List.of(
            "not json\n",
            "[]\n",
            line(null, HEAD),
            line(true, HEAD),
            line("a", 5L),
            "{\"id\": \"a\"}\n",
            "{\"config\": \"\"}\n",
            line("a", "\u0001".repeat((8 << 20) / 6 + 1)))) {
      var result = batch(good + "\n  \r\n" + bad + good);
      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(answers(result.out()))
          .singleElement()
          .satisfies(one -> assertThat(one).containsEntry("id", 1L));
      assertThat(result.err()).startsWith("error: standard input, line 4: ");
    }
  }

  @Test
  @DisplayName("a document of 1 MiB is judged, one byte more is refused, and the next line goes on")
  void large() throws Exception {
    int most = 1 << 20;
    var full = HEAD + "# " + "x".repeat(most - HEAD.length() - 2);
    assertThat(full).hasSize(most);
    var answers = answers(batch(line("a", full) + line("b", full + "x") + line("c", HEAD)).out());
    assertThat(answers)
        .extracting(answer -> answer.get("verdict"))
        .containsExactly("valid", "decode", "valid");
  }

  @Test
  @DisplayName("an answer comes before the next line is sent")
  void dialogue() throws Exception {
    var out = new StringWriter();
    var exitCode = new CompletableFuture<Integer>();
    var in = new PipedInputStream();
    try (var send = new PipedOutputStream(in)) {
      var nowhere = new PrintWriter(new StringWriter());
      var console =
          new Console(new PrintWriter(out), nowhere, in, Map.of(), Path.of(""), false, false);
      Thread.ofPlatform()
          .daemon()
          .start(() -> exitCode.complete(Main.run(List.of("validate", "--batch"), console)));
      for (int i = 1; i <= 3; i++) {
        send.write(line((long) i, HEAD).getBytes(StandardCharsets.UTF_8));
        send.flush();
        int wanted = i;
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> out.toString().lines().count() == wanted);
      }
    }
    await().atMost(Duration.ofSeconds(20)).until(exitCode::isDone);
    assertThat(exitCode).isCompletedWithValue(0);
  }

  @Test
  @DisplayName("the lines may come from a file, the last one without an end; only one file")
  void file(@TempDir Path directory) throws Exception {
    var file = directory.resolve("configs.jsonl");
    Files.writeString(file, line("a", HEAD) + line("b", HEAD).strip());
    assertThat(answers(batch("", "-f", file.toString()).out())).hasSize(2);
    assertThat(batch("", file.toString(), "-f", file.toString()).exitCode()).isEqualTo(2);
    assertThat(batch("", "--strict").exitCode()).isEqualTo(2);
    assertThat(batch("", "-o", "yaml").exitCode()).isEqualTo(2);
    assertThat(batch("").out()).isEmpty();
  }
}
