package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.KindTable;
import dev.retune.sandbox.registry.KindTable.Field;
import dev.retune.sandbox.store.Json;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns what Kubernetes clients send as {@code application/vnd.kubernetes.protobuf} into the JSON
 * they could have sent: the envelope {@code k8s\0} with a {@code runtime.Unknown}, then a message
 * of the kind it names.
 */
final class ProtobufReader {
  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private ProtobufReader() {}

  /**
   * @throws ApiFailure 400 when the bytes are not such a message, 415 for a kind that can only be
   *     sent as JSON
   */
  static ObjectNode read(byte[] body) {
    ByteBuffer in = ByteBuffer.wrap(body);
    try {
      byte[] magic = new byte[MAGIC.length];
      in.get(magic);
      if (!Arrays.equals(magic, MAGIC)) {
        throw broken("it does not begin with k8s and a zero byte");
      }
      return envelope(in);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw broken("it ends in the middle of a field");
    }
  }

  private static ObjectNode envelope(ByteBuffer in) {
    String apiVersion = "";
    String kind = "";
    ByteBuffer raw = ByteBuffer.allocate(0);
    while (in.hasRemaining()) {
      long key = varint(in);
      int number = (int) (key >>> 3);
      if ((key & 7) != BYTES) {
        skip(in, (int) (key & 7));
      } else if (number == 1) {
        ByteBuffer typeMeta = slice(in);
        while (typeMeta.hasRemaining()) {
          long inner = varint(typeMeta);
          String text = text(slice(typeMeta));
          if (inner >>> 3 == 1) {
            apiVersion = text;
          } else {
            kind = text;
          }
        }
      } else if (number == 2) {
        raw = slice(in);
      } else {
        skip(in, BYTES);
      }
    }
    if (KindTable.find(kind).isEmpty()) {
      throw ApiFailure.unsupportedMediaType(Bodies.ACCEPTED.subList(0, 2));
    }
    ObjectNode object = Json.object();
    object.put("apiVersion", apiVersion).put("kind", kind);
    object.setAll(message(kind, raw));
    return object;
  }

  private static ObjectNode message(String type, ByteBuffer in) {
    KindTable.Type fields =
        KindTable.find(type)
            .orElseThrow(() -> new IllegalStateException("kinds.txt lacks " + type));
    ObjectNode object = Json.object();
    while (in.hasRemaining()) {
      long key = varint(in);
      @Nullable Field field = fields.numbered((int) (key >>> 3)).orElse(null);
      int wire = (int) (key & 7);
      if (field == null) {
        skip(in, wire);
      } else if (field.map()) {
        entry(object.withObjectProperty(field.name()), field.type(), slice(in));
      } else if (field.repeated()) {
        ArrayNode array =
            object.get(field.name()) instanceof ArrayNode present
                ? present
                : object.putArray(field.name());
        array.add(value(field.type(), wire, in));
      } else {
        JsonNode value = value(field.type(), wire, in);
        if (field.keepsZero() || !isZero(value)) {
          object.set(field.name(), value);
        }
      }
    }
    return object;
  }

  private static void entry(ObjectNode map, String type, ByteBuffer in) {
    String name = "";
    JsonNode value = type.equals("bytes") ? map.binaryNode(new byte[0]) : map.textNode("");
    while (in.hasRemaining()) {
      long key = varint(in);
      if (key >>> 3 == 1) {
        name = text(slice(in));
      } else {
        value = value(type, BYTES, in);
      }
    }
    map.set(name, type.equals("bytes") ? map.textNode(value.asText()) : value);
  }

  private static JsonNode value(String type, int wire, ByteBuffer in) {
    var nodes = Json.MAPPER.getNodeFactory();
    if (wire == VARINT) {
      long number = varint(in);
      return type.equals("bool") ? nodes.booleanNode(number != 0) : nodes.numberNode(number);
    }
    if (wire != BYTES) {
      throw broken("a field of type " + type + " has wire type " + wire);
    }
    ByteBuffer content = slice(in);
    return switch (type) {
      case "string" -> nodes.textNode(text(content));
      case "bytes" -> nodes.binaryNode(bytes(content));
      case "time" -> time(content, false);
      case "microtime" -> time(content, true);
      case "quantity" -> quantity(content);
      case "json" -> json(content);
      default -> {
        if (KindTable.find(type).isEmpty()) {
          throw broken("a field of type " + type + " has wire type " + wire);
        }
        yield message(type, content);
      }
    };
  }

  private static JsonNode time(ByteBuffer in, boolean micros) {
    long seconds = 0;
    long nanos = 0;
    boolean set = in.hasRemaining();
    while (in.hasRemaining()) {
      long key = varint(in);
      if (key >>> 3 == 1) {
        seconds = varint(in);
      } else {
        nanos = varint(in);
      }
    }
    var nodes = Json.MAPPER.getNodeFactory();
    if (!set) {
      return nodes.nullNode();
    }
    Instant instant = Instant.ofEpochSecond(seconds, nanos);
    return nodes.textNode(
        micros ? MICROS.format(instant) : Instant.ofEpochSecond(seconds).toString());
  }

  private static JsonNode quantity(ByteBuffer in) {
    String text = "";
    while (in.hasRemaining()) {
      varint(in);
      text = text(slice(in));
    }
    return Json.MAPPER.getNodeFactory().textNode(text);
  }

  private static JsonNode json(ByteBuffer wrapper) {
    JsonNode value = Json.object();
    while (wrapper.hasRemaining()) {
      varint(wrapper);
      try {
        value = Json.MAPPER.readTree(bytes(slice(wrapper)));
      } catch (IOException e) {
        throw broken("a JSON field is no JSON");
      }
    }
    return value;
  }

  private static boolean isZero(JsonNode value) {
    return value.isNull()
        || (value.isTextual() && value.asText().isEmpty())
        || (value.isNumber() && value.asLong() == 0)
        || (value.isBoolean() && !value.asBoolean())
        || (value.isObject() && value.isEmpty());
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw broken("a number has more than ten bytes");
  }

  private static ByteBuffer slice(ByteBuffer in) {
    int length = Math.toIntExact(Math.min(varint(in) & Long.MAX_VALUE, Integer.MAX_VALUE));
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer slice = in.slice(in.position(), length);
    in.position(in.position() + length);
    return slice;
  }

  private static void skip(ByteBuffer in, int wire) {
    switch (wire) {
      case VARINT -> varint(in);
      case FIXED64 -> in.getLong();
      case BYTES -> slice(in);
      case FIXED32 -> in.getInt();
      default -> throw broken("unknown wire type " + wire);
    }
  }

  private static String text(ByteBuffer content) {
    return StandardCharsets.UTF_8.decode(content).toString();
  }

  private static byte[] bytes(ByteBuffer content) {
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    return bytes;
  }

  private static ApiFailure broken(String why) {
    return ApiFailure.badRequest("the body is no Kubernetes protobuf: " + why);
  }
}
