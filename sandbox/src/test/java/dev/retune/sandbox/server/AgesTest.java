package dev.retune.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S,0s",
    "PT119S,119s",
    "PT2M,2m",
    "PT2M5S,2m5s",
    "PT9M59S,9m59s",
    "PT10M30S,10m",
    "PT2H59M,179m",
    "PT3H,3h",
    "PT3H5M,3h5m",
    "PT8H5M,8h",
    "PT47H,47h",
    "P2D,2d",
    "P2DT1H,2d1h",
    "P8DT5H,8d",
    "P729D,729d",
    "P731D,2y1d",
    "P3650D,10y",
    "PT-1S,0s",
    "PT-9S,<invalid>"
  })
  @DisplayName("ages are as coarse as kubectl's")
  void format(Duration duration, String text) {
    assertThat(Ages.format(duration)).isEqualTo(text);
  }

  @Test
  @DisplayName("what has no time has no age")
  void unknown() {
    assertThat(Ages.since("", Instant.EPOCH)).isEqualTo("<unknown>");
    assertThat(Ages.since("yesterday", Instant.EPOCH)).isEqualTo("<unknown>");
    assertThat(Ages.since("1970-01-01T00:00:00Z", Instant.ofEpochSecond(3))).isEqualTo("3s");
  }
}
