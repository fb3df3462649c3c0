package dev.retune.cli;

import dev.retune.api.GoDuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which cluster, and as whom; the same options, with the same meaning, as kubectl's. */
final class ClusterOptions {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "The kubeconfig; otherwise the files in KUBECONFIG, or ~/.kube/config.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "The context of the kubeconfig; otherwise its current one.")
  private @Nullable String context;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Namespace of the ConfigMap (default: kube-system).")
  private @Nullable String namespace;

  @Option(
      names = "--request-timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long one request may take, like 10s (default: 30s).")
  private @Nullable Duration requestTimeout;

  Optional<Path> kubeconfig() {
    return Optional.ofNullable(kubeconfig);
  }

  Optional<String> context() {
    return Optional.ofNullable(context);
  }

  Optional<String> namespace() {
    return Optional.ofNullable(namespace);
  }

  Duration requestTimeout() {
    return requestTimeout == null ? DEFAULT_TIMEOUT : requestTimeout;
  }

  /** These options, and where they say nothing, those given before the subcommand. */
  ClusterOptions or(ClusterOptions outer) {
    var merged = new ClusterOptions();
    merged.kubeconfig = kubeconfig == null ? outer.kubeconfig : kubeconfig;
    merged.context = context == null ? outer.context : context;
    merged.namespace = namespace == null ? outer.namespace : namespace;
    merged.requestTimeout = requestTimeout == null ? outer.requestTimeout : requestTimeout;
    return merged;
  }

  /** Durations as Kubernetes writes them. */
  static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return GoDuration.parse(text);
      } catch (IllegalArgumentException wrong) {
        throw new TypeConversionException(wrong.getMessage());
      }
    }
  }
}
