package io.treadle.instrumenter.flow;

import io.treadle.instrumenter.hierarchy.Hierarchy;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;

/** Gives old class files, from before Java 7, the stack maps that the passes work with. */
public final class StackMaps {
  /** Code that the verifier of newer class files does not know. */
  public static final class UnsupportedBytecode extends Exception {
    private static final long serialVersionUID = 1L;

    UnsupportedBytecode(String message) {
      super(message);
    }
  }

  private StackMaps() {}

  /** The class with stack maps, in the version of Java 8. */
  public static ClassNode compute(ClassReader reader, Hierarchy hierarchy)
      throws UnsupportedBytecode {
    ClassWriter writer =
        new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
          @Override
          protected String getCommonSuperClass(String one, String other) {
            return hierarchy.commonSuperclass(one, other);
          }
        };
    ClassVisitor newer =
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public void visit(
              int version, int access, String name, String sig, String parent, String[] parents) {
            super.visit(Opcodes.V1_8, access, name, sig, parent, parents);
          }
        };
    try {
      reader.accept(newer, ClassReader.SKIP_FRAMES);
    } catch (IllegalArgumentException e) {
      throw new UnsupportedBytecode(
          "the class uses the JSR instruction; compile it for Java 7 or later ("
              + e.getMessage()
              + ")");
    }
    ClassNode node = new ClassNode();
    new ClassReader(writer.toByteArray()).accept(node, ClassReader.EXPAND_FRAMES);
    return node;
  }
}
