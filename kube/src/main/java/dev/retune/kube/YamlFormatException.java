package dev.retune.kube;

/**
 * Text that is no YAML, or YAML that has no JSON counterpart, or nested or aliased beyond limits.
 */
public final class YamlFormatException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** The message names the line and column. */
  public YamlFormatException(String message) {
    super(message);
  }
}
