package dev.retune.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads lines, whatever their bytes are, and says when the next one may have to be waited for. */
final class LineReader {
  private final InputStream in;
  private final int longest;
  private final Runnable beforeWaiting;
  private final byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;
  private long number;

  /**
   * A reader of what is left in a stream.
   *
   * @param longest the most bytes of a line
   * @param beforeWaiting is run each time before the stream is asked for more
   */
  LineReader(InputStream in, int longest, Runnable beforeWaiting) {
    this.in = in;
    this.longest = longest;
    this.beforeWaiting = beforeWaiting;
  }

  /** The number of the line that {@link #next} gave last, from 1. */
  long number() {
    return number;
  }

  /**
   * The next line without its end, also when the stream ends without one; empty at the end. Of a
   * line that is too long only the beginning is given, which is longer than the most there may be.
   */
  Optional<byte[]> next() throws IOException {
    number++;
    var line = new ByteArrayOutputStream(1 << 12);
    var any = false;
    while (from < to || fill()) {
      any = true;
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      line.write(buffer, from, end - from);
      if (line.size() > longest) {
        return Optional.of(line.toByteArray());
      }
      from = end + 1;
      if (end < to) {
        return Optional.of(line.toByteArray());
      }
    }
    return any ? Optional.of(line.toByteArray()) : Optional.empty();
  }

  private boolean fill() throws IOException {
    beforeWaiting.run();
    from = 0;
    to = Math.max(0, in.read(buffer));
    return to > 0;
  }
}
