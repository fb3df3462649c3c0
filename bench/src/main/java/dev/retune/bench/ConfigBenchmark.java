package dev.retune.bench;

import com.fasterxml.jackson.core.JsonFactory;
import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.UnreadableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;

/**
 * What it takes to judge a config, beside what the libraries under it take to walk over the same
 * bytes, so that two machines can be compared by the ratio.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ConfigBenchmark {
  private static final JsonFactory JSON = new JsonFactory();

  @Param private LiveConfig config = LiveConfig.JSON;

  private byte[] document = new byte[0];

  /** Reads the document once. */
  @Setup
  public void read() {
    document = config.bytes();
  }

  /** Read, decoded strictly, defaulted and validated. */
  @Benchmark
  public Judgement judge() {
    return KubeletConfig.judge(document, LiveConfig.VERSION);
  }

  /** Read into a tree that knows its lines and columns: the first step of judging. */
  @Benchmark
  public Document tree() throws UnreadableException {
    return Document.read(document);
  }

  /** The baseline: every token or event of the library, none of them looked at. */
  @Benchmark
  public int parse() throws IOException {
    return switch (config) {
      case JSON -> tokens();
      case YAML -> events();
    };
  }

  private int tokens() throws IOException {
    int count = 0;
    try (var parser = JSON.createParser(document)) {
      while (parser.nextToken() != null) {
        count++;
      }
    }
    return count;
  }

  private int events() {
    int count = 0;
    var text = new String(document, StandardCharsets.UTF_8);
    // One read for the whole text; with the default of 1 KiB it is slower.
    var settings = LoadSettings.builder().setBufferSize(text.length() + 1).build();
    for (var _ : new Parse(settings).parseString(text)) {
      count++;
    }
    return count;
  }
}
