package dev.retune.sandbox.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.store.ChangeStream.Next;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ShelfTest {
  private static final Selection EVERYTHING =
      new Selection(Optional.empty(), Optional.empty(), Optional.empty());

  private final Store store = new Store(4);
  private final Shelf shelf = store.shelf("things");

  @Test
  @DisplayName("a write from an outdated revision is not stored")
  void optimistic() {
    long first = put("a", 0, "1").orElseThrow().revision();
    assertThat(put("a", 0, "2")).isEmpty();
    assertThat(put("a", first, "2")).isPresent();
    assertThat(put("a", first, "3")).isEmpty();
    assertThat(shelf.remove(key("a"), first, Json.object())).isEmpty();
  }

  @Test
  @DisplayName("one counter runs through all resources")
  void oneCounter() {
    long first = put("a", 0, "1").orElseThrow().revision();
    long second = store.shelf("others").put(key("a"), 0, Json.object()).orElseThrow().revision();
    assertThat(second).isEqualTo(first + 1);
    assertThat(store.revision()).isEqualTo(second);
  }

  @Test
  @DisplayName("the past is rebuilt as far as it is remembered")
  void past() throws RevisionExpired {
    put("a", 0, "1");
    long then = put("b", 0, "1").orElseThrow().revision();
    shelf.remove(key("a"), then - 1, Json.object());
    put("b", then, "2");
    put("c", 0, "1");
    Snapshot past = shelf.listAt(Optional.empty(), then);
    assertThat(past.objects()).extracting(stored -> stored.key().name()).containsExactly("a", "b");
    assertThat(past.objects().get(1).tree().path("v").asText()).isEqualTo("1");
    put("d", 0, "1");
    put("e", 0, "1");
    assertThatThrownBy(() -> shelf.listAt(Optional.empty(), then))
        .isInstanceOf(RevisionExpired.class);
  }

  @Test
  @DisplayName("namespaces are listed apart, whatever their names begin with")
  void namespaces() {
    shelf.put(new Key("n", "a"), 0, Json.object());
    shelf.put(new Key("n1", "a"), 0, Json.object());
    shelf.put(new Key("m", "z"), 0, Json.object());
    assertThat(shelf.list(Optional.of("n")).objects()).hasSize(1);
    assertThat(shelf.list(Optional.empty()).objects()).hasSize(3);
  }

  @Test
  @DisplayName("a watch gets what it missed, then what happens, without a gap")
  void watch() throws Exception {
    long first = put("a", 0, "1").orElseThrow().revision();
    put("b", 0, "1");
    try (ChangeStream stream = shelf.watch(EVERYTHING, OptionalLong.of(first), 10)) {
      put("c", 0, "1");
      assertThat(drain(stream)).containsExactly("ADDED b", "ADDED c");
    }
    assertThat(shelf.watchers()).isZero();
  }

  @Test
  @DisplayName("a watch from a forgotten or a future revision is refused")
  void expired() {
    for (int i = 0; i < 6; i++) {
      put("a" + i, 0, "1");
    }
    assertThatThrownBy(() -> shelf.watch(EVERYTHING, OptionalLong.of(1), 10))
        .isInstanceOf(RevisionExpired.class);
    assertThatThrownBy(() -> shelf.watch(EVERYTHING, OptionalLong.of(store.revision() + 1), 10))
        .isInstanceOf(RevisionExpired.class);
    store.compact();
    assertThatThrownBy(() -> shelf.watch(EVERYTHING, OptionalLong.of(store.revision() - 1), 10))
        .isInstanceOf(RevisionExpired.class);
  }

  @Test
  @DisplayName("an object that starts to match is ADDED, one that stops is DELETED")
  void transitions() throws Exception {
    Selection ones =
        new Selection(
            Optional.empty(),
            Optional.empty(),
            Optional.of(object -> object.path("v").asText().equals("1")));
    try (ChangeStream stream = shelf.watch(ones, OptionalLong.empty(), 10)) {
      long revision = put("a", 0, "0").orElseThrow().revision();
      revision = put("a", revision, "1").orElseThrow().revision();
      revision = put("a", revision, "1").orElseThrow().revision();
      revision = put("a", revision, "2").orElseThrow().revision();
      put("a", revision, "3");
      assertThat(drain(stream)).containsExactly("ADDED a", "MODIFIED a", "DELETED a");
    }
  }

  @Test
  @DisplayName("a watch of one name hears nothing of others")
  void oneName() throws Exception {
    Selection onlyB = new Selection(Optional.empty(), Optional.of("b"), Optional.empty());
    try (ChangeStream stream = shelf.watch(onlyB, OptionalLong.empty(), 1)) {
      put("a", 0, "1");
      put("b", 0, "1");
      put("c", 0, "1");
      assertThat(drain(stream)).containsExactly("ADDED b");
    }
  }

  @Test
  @DisplayName("a reader that falls behind its backlog is cut off")
  void tooSlow() throws Exception {
    try (ChangeStream stream = shelf.watch(EVERYTHING, OptionalLong.empty(), 2)) {
      put("a", 0, "1");
      put("b", 0, "1");
      put("c", 0, "1");
      assertThat(stream.next(Duration.ZERO)).isInstanceOf(Next.Ended.class);
    }
  }

  @Test
  @DisplayName("a quiet stream tells the revision up to which everything was delivered")
  void quiet() throws Exception {
    try (ChangeStream stream = shelf.watch(EVERYTHING, OptionalLong.empty(), 2)) {
      store.shelf("others").put(key("a"), 0, Json.object());
      assertThat(stream.next(Duration.ZERO)).isEqualTo(new Next.Quiet(store.revision()));
    }
  }

  private Optional<Stored> put(String name, long seen, String value) {
    ObjectNode tree = Json.object();
    tree.put("v", value);
    return shelf.put(key(name), seen, tree);
  }

  private static Key key(String name) {
    return new Key("", name);
  }

  private static List<String> drain(ChangeStream stream) throws InterruptedException {
    List<String> events = new ArrayList<>();
    while (stream.next(Duration.ZERO) instanceof Next.Changed(Change change)) {
      events.add(change.type() + " " + change.key().name());
    }
    return events;
  }
}
