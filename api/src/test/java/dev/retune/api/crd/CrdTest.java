package dev.retune.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CrdTest {
  private static final Path CRDS = Path.of(System.getProperty("retune.root", ".."), "deploy/crds");

  /** After a change of the types: {@code ./mvnw -pl api test -Dretune.write-crds=true}. */
  @Test
  @DisplayName("API-5 the CRDs in deploy/ are what the Java types say")
  void crdAgreesWithTypes() throws IOException {
    if (Boolean.getBoolean("retune.write-crds")) {
      CrdGenerator.main(new String[] {CRDS.toString()});
    }
    for (var kind : CrdGenerator.KINDS) {
      assertThat(Files.readString(CRDS.resolve(CrdGenerator.fileName(kind))))
          .isEqualTo(CrdGenerator.yaml(kind));
    }
  }
}
