package dev.retune.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A sandbox for the tests of one class, and who talks to it. Objects get names of their own. */
final class Fixture implements AfterAllCallback {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Path directory;
  private final Sandbox sandbox;
  private final Api api;

  private Fixture(UnaryOperator<SandboxOptions> options) {
    try {
      directory = Files.createTempDirectory("retune-sandbox");
      sandbox = Sandbox.start(options.apply(SandboxOptions.in(directory.resolve("sandbox"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    api = new Api(sandbox);
  }

  static Fixture start() {
    return start(options -> options);
  }

  static Fixture start(UnaryOperator<SandboxOptions> options) {
    return new Fixture(options);
  }

  Fixture withWidgets() {
    sandbox.apply(resource("widgets.yaml"));
    return this;
  }

  Sandbox sandbox() {
    return sandbox;
  }

  Api api() {
    return api;
  }

  Kubectl kubectl() {
    try {
      return new Kubectl(directory.resolve("home"), sandbox.adminKubeconfig());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path directory() {
    return directory;
  }

  /** A name that no other test uses. */
  static String name(String prefix) {
    return prefix + "-" + COUNT.incrementAndGet();
  }

  static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(Fixture.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    api.close();
    sandbox.close();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException problem)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
