package io.treadle.instrumenter;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A copy of a jar in which some files have changed, and that is not signed.
 *
 * <p>The entries keep their order, their times and whether they are compressed, so that the same
 * jar and the same changes give the same copy.
 */
final class JarCopy {
  private static final Pattern SIGNATURE =
      Pattern.compile("META-INF/(?:[^/]+\\.(?:SF|RSA|DSA|EC)|SIG-[^/]*)", Pattern.CASE_INSENSITIVE);

  private JarCopy() {}

  static boolean isSigned(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return isSigned(zip);
    }
  }

  private static boolean isSigned(ZipFile jar) {
    return jar.stream().anyMatch(JarCopy::isSignature);
  }

  private static boolean isSignature(ZipEntry entry) {
    return SIGNATURE.matcher(entry.getName()).matches();
  }

  /**
   * Writes a copy, in one step: over the jar itself, too.
   *
   * @param changed the changed files, by the names of their entries
   */
  static void write(Path jar, Path copy, Map<String, byte[]> changed) throws IOException {
    Path beside = copy.resolveSibling(copy.getFileName() + ".woven");
    try {
      try (ZipFile from = new ZipFile(jar.toFile());
          ZipOutputStream to =
              new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(beside)))) {
        to.setComment(from.getComment());
        boolean signed = isSigned(from);
        for (ZipEntry entry : from.stream().toList()) {
          if (isSignature(entry)) {
            continue;
          }
          byte[] content = changed.get(entry.getName());
          if (content == null) {
            try (InputStream in = from.getInputStream(entry)) {
              content = in.readAllBytes();
            }
            if (signed && entry.getName().equalsIgnoreCase(JarFile.MANIFEST_NAME)) {
              content = withoutDigests(content);
            }
          }
          add(entry, content, to);
        }
      }
      Weaving.move(beside, copy);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static void add(ZipEntry original, byte[] content, ZipOutputStream to)
      throws IOException {
    ZipEntry entry = new ZipEntry(original);
    if (entry.getMethod() == ZipEntry.STORED) {
      CRC32 crc = new CRC32();
      crc.update(content);
      entry.setCrc(crc.getValue());
      entry.setSize(content.length);
      entry.setCompressedSize(content.length);
    } else {
      entry.setCompressedSize(-1); // of the original: it may have been compressed otherwise
    }
    to.putNextEntry(entry);
    to.write(content);
    to.closeEntry();
  }

  /** A manifest without the digests of entries, and without the sections that had nothing else. */
  private static byte[] withoutDigests(byte[] content) throws IOException {
    Manifest manifest = new Manifest(new ByteArrayInputStream(content));
    manifest
        .getEntries()
        .values()
        .removeIf(
            section -> {
              section.keySet().removeIf(JarCopy::isDigest);
              return section.isEmpty();
            });
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    manifest.write(bytes);
    return bytes.toByteArray();
  }

  private static boolean isDigest(Object attribute) {
    String name = ((Attributes.Name) attribute).toString().toLowerCase(Locale.ROOT);
    return name.contains("-digest") || name.equals("magic");
  }
}
