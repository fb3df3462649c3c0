package dev.retune.cli;

import dev.retune.kube.ApiException;
import dev.retune.kube.WatchListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Hears a watch until the command has seen enough, or the server says that it may not look. */
final class ClusterWatch implements WatchListener {
  private final Console console;
  private final Predicate<Map<String, @Nullable Object>> listener;
  private final CompletableFuture<Optional<ApiException>> end = new CompletableFuture<>();
  private boolean away;

  ClusterWatch(Console console, Predicate<Map<String, @Nullable Object>> listener) {
    this.console = console;
    this.listener = listener;
  }

  /** The server's refusal; empty when the command has seen enough or the time is over. */
  Optional<ApiException> await(Optional<Duration> timeout) throws InterruptedException {
    try {
      return timeout.isPresent()
          ? end.get(timeout.get().toMillis(), TimeUnit.MILLISECONDS)
          : end.get();
    } catch (TimeoutException over) {
      return Optional.empty();
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed.getCause());
    }
  }

  @Override
  public void synced(List<Map<String, @Nullable Object>> items) {
    items.forEach(this::changed);
  }

  @Override
  public void changed(Map<String, @Nullable Object> object) {
    try {
      if (!end.isDone() && !listener.test(object)) {
        end.complete(Optional.empty());
      }
    } catch (RuntimeException broken) {
      end.completeExceptionally(broken);
    }
  }

  @Override
  public void gone(Map<String, @Nullable Object> lastState) {
    if (!end.isDone()) {
      console.err().println("nodekubelet/" + NodeSelection.name(lastState) + " was deleted");
    }
  }

  @Override
  public void unreachable(Exception cause) {
    if (cause instanceof ApiException answer && answer.code() >= 400 && answer.code() < 429) {
      end.complete(Optional.of(answer));
    } else if (!away) {
      away = true;
      console.err().println(cause.getMessage() + "; trying again until it answers");
    }
  }

  @Override
  public void reachable() {
    if (away) {
      away = false;
      console.err().println("the API server answers again");
    }
  }
}
