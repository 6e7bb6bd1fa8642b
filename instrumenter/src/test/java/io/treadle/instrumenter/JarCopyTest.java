package io.treadle.instrumenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarCopyTest {
  private static final FileTime TIME = FileTime.from(Instant.parse("2021-03-04T05:06:08Z"));

  @TempDir Path folder;
  private Path jar;

  @BeforeEach
  void signedJar() throws Exception {
    jar = folder.resolve("in.jar");
    String manifest =
        """
        Manifest-Version: 1.0
        Main-Class: p.A

        Name: p/A.class
        SHA-256-Digest: abc=

        Name: p/
        Sealed: true
        SHA-256-Digest-Manifest: def=

        """
            .replace("\n", "\r\n");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.setComment("a comment");
      add(zip, "META-INF/MANIFEST.MF", manifest, ZipEntry.DEFLATED);
      add(zip, "META-INF/KEY.SF", "signature", ZipEntry.DEFLATED);
      add(zip, "META-INF/KEY.RSA", "block", ZipEntry.DEFLATED);
      add(zip, "META-INF/services/KEY.SF", "a resource", ZipEntry.DEFLATED);
      add(zip, "p/", "", ZipEntry.STORED);
      add(zip, "p/A.class", "class A", ZipEntry.DEFLATED);
      add(zip, "p/B.class", "class B", ZipEntry.STORED);
    }
  }

  private static void add(ZipOutputStream zip, String name, String content, int method)
      throws Exception {
    ZipEntry entry = new ZipEntry(name);
    entry.setLastModifiedTime(TIME);
    entry.setMethod(method);
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    if (method == ZipEntry.STORED) {
      CRC32 crc = new CRC32();
      crc.update(bytes);
      entry.setCrc(crc.getValue());
      entry.setSize(bytes.length);
    }
    zip.putNextEntry(entry);
    zip.write(bytes);
  }

  private static String content(ZipFile zip, String name) throws Exception {
    try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Map<String, byte[]> changes() {
    return Map.of(
        "p/A.class", "woven A".repeat(9).getBytes(StandardCharsets.UTF_8),
        "p/B.class", "woven B".repeat(9).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void changesWhatHasChangedAndKeepsTheRest() throws Exception {
    Path copy = folder.resolve("out.jar");
    JarCopy.write(jar, copy, changes());
    try (ZipFile zip = new ZipFile(copy.toFile())) {
      List<? extends ZipEntry> entries = zip.stream().toList();
      assertThat(entries.stream().map(ZipEntry::getName))
          .containsExactly(
              "META-INF/MANIFEST.MF", "META-INF/services/KEY.SF", "p/", "p/A.class", "p/B.class");
      assertThat(entries).allSatisfy(e -> assertThat(e.getLastModifiedTime()).isEqualTo(TIME));
      assertThat(content(zip, "p/A.class")).isEqualTo("woven A".repeat(9));
      assertThat(content(zip, "p/B.class")).isEqualTo("woven B".repeat(9));
      assertThat(zip.getEntry("p/A.class").getMethod()).isEqualTo(ZipEntry.DEFLATED);
      assertThat(zip.getEntry("p/B.class").getMethod()).isEqualTo(ZipEntry.STORED);
      assertThat(content(zip, "META-INF/services/KEY.SF")).isEqualTo("a resource");
      assertThat(zip.getComment()).isEqualTo("a comment");
    }
  }

  @Test
  void noDigestIsLeft() throws Exception {
    JarCopy.write(jar, jar, changes());
    assertThat(JarCopy.isSigned(jar)).isFalse();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      String text = content(zip, "META-INF/MANIFEST.MF");
      Manifest manifest = new Manifest(new ByteArrayInputStream(text.getBytes()));
      assertThat(text).doesNotContain("Digest");
      assertThat(manifest.getMainAttributes().getValue("Main-Class")).isEqualTo("p.A");
      assertThat(manifest.getEntries()).containsOnlyKeys("p/");
      assertThat(manifest.getAttributes("p/").getValue("Sealed")).isEqualTo("true");
    }
  }

  @Test
  void theSameInputGivesTheSameBytes() throws Exception {
    Path one = folder.resolve("1.jar");
    Path two = folder.resolve("2.jar");
    JarCopy.write(jar, one, changes());
    JarCopy.write(jar, two, changes());
    assertThat(one).hasSameBinaryContentAs(two);
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void tellsASignatureFromOtherFiles() throws Exception {
    assertThat(JarCopy.isSigned(jar)).isTrue();
    Path plain = folder.resolve("plain.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(plain))) {
      add(zip, "META-INF/services/KEY.SF", "", ZipEntry.DEFLATED);
      add(zip, "KEY.SF", "", ZipEntry.DEFLATED);
    }
    assertThat(JarCopy.isSigned(plain)).isFalse();
  }
}
