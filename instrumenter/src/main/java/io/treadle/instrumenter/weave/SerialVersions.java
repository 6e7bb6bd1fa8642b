package io.treadle.instrumenter.weave;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.SerialVersionUIDAdder;
import org.objectweb.asm.tree.ClassNode;

/**
 * The serial version that the JVM computes for a class that declares none: from its members, so
 * weaving would change it.
 */
public final class SerialVersions {
  private SerialVersions() {}

  public static long defaultOf(ClassReader reader) {
    Computer computer = new Computer();
    reader.accept(computer, ClassReader.SKIP_CODE);
    return computer.value;
  }

  private static final class Computer extends SerialVersionUIDAdder {
    private long value;

    Computer() {
      super(Opcodes.ASM9, new ClassNode());
    }

    @Override
    protected void addSVUID(long svuid) {
      value = svuid;
    }

    @Override
    protected long computeSVUID() throws IOException {
      try {
        return super.computeSVUID();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
