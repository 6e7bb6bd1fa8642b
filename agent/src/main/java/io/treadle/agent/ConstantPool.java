package io.treadle.agent;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The start of a class file: its constants, its name and its supertypes.
 *
 * <p>It is read without a library, because it is read for every class that the JVM loads, also for
 * class files newer than any library. Of a stream no more is read than is needed: the code of a
 * compressed class is never inflated.
 */
final class ConstantPool {
  private static final int CHUNK = 4096;

  private static final int UTF8 = 1;
  private static final int INTEGER = 3;
  private static final int FLOAT = 4;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;
  private static final int CLASS = 7;
  private static final int STRING = 8;
  private static final int FIELD = 9;
  private static final int METHOD = 10;
  private static final int INTERFACE_METHOD = 11;
  private static final int NAME_AND_TYPE = 12;
  private static final int METHOD_HANDLE = 15;
  private static final int METHOD_TYPE = 16;
  private static final int DYNAMIC = 17;
  private static final int INVOKE_DYNAMIC = 18;
  private static final int MODULE = 19;
  private static final int PACKAGE = 20;

  private byte[] bytes;

  /** How many of the bytes are there; the others are to be read from {@link #rest}. */
  private int limit;

  private final @Nullable InputStream rest;

  /** Where each constant is, its tag first; 0 for the second halves of long and double. */
  private final int[] constants;

  /** Where the access flags are, behind the last constant. */
  private final int end;

  private ConstantPool(byte[] bytes, int limit, @Nullable InputStream rest) throws IOException {
    this.bytes = bytes;
    this.limit = limit;
    this.rest = rest;
    require(10);
    if (u2(0) != 0xCAFE || u2(2) != 0xBABE) {
      throw new IOException("not a class file");
    }
    constants = new int[u2(8)];
    int at = 10;
    for (int i = 1; i < constants.length; i++) {
      require(at + 5);
      constants[i] = at;
      int tag = this.bytes[at];
      switch (tag) {
        case UTF8 -> at += 3 + u2(at + 1);
        case CLASS, STRING, METHOD_TYPE, MODULE, PACKAGE -> at += 3;
        case METHOD_HANDLE -> at += 4;
        case INTEGER,
            FLOAT,
            FIELD,
            METHOD,
            INTERFACE_METHOD,
            NAME_AND_TYPE,
            DYNAMIC,
            INVOKE_DYNAMIC ->
            at += 5;
        case LONG, DOUBLE -> {
          at += 9;
          i++;
        }
        default -> throw new IOException("unknown constant " + tag);
      }
    }
    end = at;
    require(end + 8);
    require(end + 8 + 2 * u2(end + 6));
  }

  /**
   * @throws IllegalArgumentException if that is no class file
   */
  static ConstantPool of(byte[] classFile) {
    try {
      return new ConstantPool(classFile, classFile.length, null);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Reads what is needed and leaves the stream open. */
  static ConstantPool read(InputStream classFile) throws IOException {
    return new ConstantPool(new byte[CHUNK], 0, classFile);
  }

  /** The internal name of the class. */
  String name() {
    return className(u2(end + 2));
  }

  /** The internal name of the superclass: null for {@code Object} and modules. */
  @Nullable String superName() {
    int index = u2(end + 4);
    return index == 0 ? null : className(index);
  }

  /** The superclass and the interfaces, internal names. */
  List<String> supertypes() {
    List<String> names = new ArrayList<>();
    String superName = superName();
    if (superName != null) {
      names.add(superName);
    }
    for (int i = 0; i < u2(end + 6); i++) {
      names.add(className(u2(end + 8 + 2 * i)));
    }
    return names;
  }

  /** True if there is a text constant of these bytes; descriptors of annotations are such. */
  boolean contains(byte[] utf8) {
    for (int i = 1; i < constants.length; i++) {
      int at = constants[i];
      if (bytes[at] == UTF8
          && u2(at + 1) == utf8.length
          && Arrays.equals(bytes, at + 3, at + 3 + utf8.length, utf8, 0, utf8.length)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Gives the internal names of the types that decide whether the class has to be woven: owners of
   * methods that it names, interfaces of its lambdas, supertypes. Some come more than once, some
   * are arrays.
   */
  void referenced(Consumer<String> names) {
    supertypes().forEach(names);
    boolean[] given = new boolean[constants.length];
    for (int i = 1; i < constants.length; i++) {
      int at = constants[i];
      switch (bytes[at]) {
        case METHOD, INTERFACE_METHOD -> {
          int owner = u2(at + 1);
          if (!given[owner]) {
            given[owner] = true;
            names.accept(className(owner));
          }
        }
        case INVOKE_DYNAMIC -> {
          int nameAndType = constants[u2(at + 3)];
          int descriptor = u2(nameAndType + 3);
          if (!given[descriptor]) {
            given[descriptor] = true;
            String text = utf8(descriptor);
            int type = text.lastIndexOf(')') + 1;
            if (text.charAt(type) == 'L') {
              names.accept(text.substring(type + 1, text.length() - 1));
            }
          }
        }
        default -> {}
      }
    }
  }

  private String className(int index) {
    return utf8(u2(constants[index] + 1));
  }

  private String utf8(int index) {
    int at = constants[index];
    int length = u2(at + 1);
    for (int i = at + 3; i < at + 3 + length; i++) {
      if (bytes[i] < 0) {
        return modifiedUtf8(at + 1);
      }
    }
    return new String(bytes, at + 3, length, StandardCharsets.ISO_8859_1);
  }

  private String modifiedUtf8(int at) {
    try {
      return new DataInputStream(new ByteArrayInputStream(bytes, at, 2 + u2(at))).readUTF();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int u2(int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }

  private void require(int length) throws IOException {
    if (length <= limit) {
      return;
    }
    if (rest == null) {
      throw new IOException("truncated class file");
    }
    int wanted = (length + CHUNK - 1) / CHUNK * CHUNK;
    if (bytes.length < wanted) {
      bytes = Arrays.copyOf(bytes, Math.max(wanted, 2 * bytes.length));
    }
    limit += rest.readNBytes(bytes, limit, wanted - limit);
    if (limit < length) {
      throw new IOException("truncated class file");
    }
  }
}
