package io.treadle.instrumenter.weave;

import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.ClassReader;

/** How many bytes of code the methods of a class file have, by name and descriptor. */
final class CodeSizes {
  private final ClassReader reader;
  private final char[] buffer;
  private final Map<String, Integer> sizes = new HashMap<>();
  private int at;

  private CodeSizes(ClassReader reader) {
    this.reader = reader;
    this.buffer = new char[reader.getMaxStringLength()];
    this.at = reader.header + 6; // after the flags, this class and its superclass
  }

  static Map<String, Integer> of(ClassReader reader) {
    CodeSizes found = new CodeSizes(reader);
    int interfaces = found.next();
    found.at += 2 * interfaces;
    found.members(); // the fields
    found.members();
    return found.sizes;
  }

  private int next() {
    at += 2;
    return reader.readUnsignedShort(at - 2);
  }

  private void members() {
    for (int remaining = next(); remaining > 0; remaining--) {
      next(); // the flags
      String name = reader.readUTF8(at, buffer) + reader.readUTF8(at + 2, buffer);
      at += 4;
      for (int attributes = next(); attributes > 0; attributes--) {
        attribute(name);
      }
    }
  }

  private void attribute(String member) {
    if (reader.readUTF8(at, buffer).equals("Code")) {
      sizes.put(member, reader.readInt(at + 10)); // after name, length, stack and locals
    }
    at += 6 + reader.readInt(at + 2);
  }
}
