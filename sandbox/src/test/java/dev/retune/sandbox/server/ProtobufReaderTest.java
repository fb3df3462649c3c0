package dev.retune.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.registry.ApiFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProtobufReaderTest {
  @Test
  @DisplayName("zero values are absent, except where they were set on purpose")
  void zeroValues() {
    byte[] metadata = concat(field(1, text("m")), field(2, text("")), new byte[] {7 << 3, 0});
    byte[] time = new byte[] {8 << 3 | 2, 0};
    byte[] immutable = {4 << 3, 0};
    byte[] entry = concat(field(1, text("empty")), field(2, text("")));
    byte[] map = concat(field(1, concat(metadata, time)), field(2, entry), immutable);
    ObjectNode read = ProtobufReader.read(envelope("v1", "ConfigMap", map));
    assertThat(read)
        .hasToString(
            """
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"empty":""},"immutable":false}\
            """);
  }

  @Test
  @DisplayName("times, owner references, bytes and unknown fields are read or passed over")
  void values() {
    byte[] time = concat(new byte[] {1 << 3}, varint(1_700_000_000L));
    byte[] owner = concat(field(1, text("Node")), field(3, text("n1")), new byte[] {6 << 3, 1});
    byte[] metadata =
        concat(
            field(8, time),
            field(13, owner),
            field(99, text("future")),
            varint(98 << 3),
            varint(1));
    byte[] entry = concat(field(1, text("k")), field(2, new byte[] {0, (byte) 0xff}));
    byte[] map = concat(field(1, metadata), field(3, entry));
    ObjectNode read = ProtobufReader.read(envelope("v1", "ConfigMap", map));
    assertThat(read.at("/metadata/creationTimestamp").asText()).isEqualTo("2023-11-14T22:13:20Z");
    assertThat(read.at("/metadata/ownerReferences/0").toString())
        .isEqualTo("{\"kind\":\"Node\",\"name\":\"n1\",\"controller\":true}");
    assertThat(read.at("/binaryData/k").asText()).isEqualTo("AP8=");
  }

  @Test
  @DisplayName("a kind that is not in the table is asked for as JSON, with 415")
  void unknownKind() {
    assertThatThrownBy(() -> ProtobufReader.read(envelope("v1", "Service", new byte[0])))
        .isInstanceOfSatisfying(ApiFailure.class, f -> assertThat(f.code()).isEqualTo(415));
  }

  @Test
  @DisplayName("whatever the bytes are, the answer is an object or a refusal")
  void anyBytes() {
    byte[] good =
        envelope("v1", "ConfigMap", field(1, concat(field(1, text("m")), field(11, text("x")))));
    Random random = new Random(42);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length) + 1);
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      try {
        assertThat(ProtobufReader.read(bytes).path("kind").isTextual()).isTrue();
      } catch (ApiFailure refused) {
        assertThat(refused.code()).isIn(400, 415);
      }
    }
  }

  private static byte[] envelope(String apiVersion, String kind, byte[] message) {
    byte[] type = concat(field(1, text(apiVersion)), field(2, text(kind)));
    return concat(new byte[] {'k', '8', 's', 0}, field(1, type), field(2, message));
  }

  private static byte[] field(int number, byte[] content) {
    return concat(varint(number << 3 | 2), varint(content.length), content);
  }

  private static byte[] varint(long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return out.toByteArray();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
