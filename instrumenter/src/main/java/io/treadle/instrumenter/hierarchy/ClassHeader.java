package io.treadle.instrumenter.hierarchy;

import io.treadle.instrumenter.AsyncMethods;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What the weaver knows of any class: its place in the hierarchy and its methods, no code.
 *
 * @param woven the linkage that it was woven for; 0 if it was not
 */
public record ClassHeader(
    String name,
    int access,
    @Nullable String superName,
    List<String> interfaces,
    Map<String, MethodHeader> methods,
    int woven,
    boolean declaresSerialVersion) {

  /** The newest version that ASM reads. */
  private static final int NEWEST = Opcodes.V27;

  public boolean isInterface() {
    return (access & Opcodes.ACC_INTERFACE) != 0;
  }

  public boolean isPublic() {
    return (access & Opcodes.ACC_PUBLIC) != 0;
  }

  public @Nullable MethodHeader method(String method, String descriptor) {
    return methods.get(method + descriptor);
  }

  public static ClassHeader read(byte[] bytes, AsyncMethods predicate) {
    Reader reader = new Reader(predicate);
    new ClassReader(known(bytes)).accept(reader, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return reader.header();
  }

  /**
   * A class file of a version that ASM reads. Of newer ones, such as those of a newer JDK, only
   * names are looked at here, and those do not move.
   */
  private static byte[] known(byte[] bytes) {
    int major = (bytes[6] & 0xFF) << 8 | bytes[7] & 0xFF;
    if (major <= NEWEST) {
      return bytes;
    }
    byte[] copy = bytes.clone();
    copy[6] = NEWEST >> 8;
    copy[7] = (byte) NEWEST;
    return copy;
  }

  private static final class Reader extends ClassVisitor {
    private final AsyncMethods predicate;
    private final Map<String, MethodHeader> methods = new LinkedHashMap<>();
    private String name;
    private int access;
    private String superName;
    private List<String> interfaces;
    private int woven;
    private boolean serialVersion;

    Reader(AsyncMethods predicate) {
      super(Opcodes.ASM9);
      this.predicate = predicate;
    }

    ClassHeader header() {
      return new ClassHeader(name, access, superName, interfaces, methods, woven, serialVersion);
    }

    @Override
    public void visit(
        int version, int flags, String named, String signature, String parent, String[] parents) {
      name = named;
      access = flags;
      superName = parent;
      interfaces = List.of(parents);
    }

    @Override
    public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
      if (!descriptor.equals(Names.WOVEN)) {
        return null;
      }
      return new AnnotationVisitor(Opcodes.ASM9) {
        @Override
        public void visit(String element, Object value) {
          woven = (Integer) value;
        }
      };
    }

    @Override
    public FieldVisitor visitField(int flags, String field, String type, String sig, Object value) {
      serialVersion |= field.equals("serialVersionUID");
      return null;
    }

    @Override
    public MethodVisitor visitMethod(
        int flags, String method, String descriptor, String signature, String[] exceptions) {
      boolean mayForward = (flags & Opcodes.ACC_SYNTHETIC) != 0 && !Names.isLambda(method);
      ForwardFinder finder = mayForward ? new ForwardFinder() : null;
      return new MethodVisitor(Opcodes.ASM9, finder) {
        private boolean annotated;

        @Override
        public AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
          annotated |= annotation.equals(Names.ASYNC);
          return null;
        }

        @Override
        public void visitEnd() {
          MethodHeader.Forward forward = finder == null ? null : finder.forward();
          boolean async =
              forward == null
                  && !method.startsWith("<")
                  && predicate.isAsync(name, flags, method, descriptor, annotated);
          methods.put(
              method + descriptor,
              new MethodHeader(name, flags, method, descriptor, async, forward));
        }
      };
    }
  }

  /**
   * Recognises a method that loads its parameters, perhaps casts them, makes one call and returns.
   */
  public static final class ForwardFinder extends MethodVisitor {
    private final List<MethodHeader.Forward> calls = new ArrayList<>();
    private boolean other;
    private boolean returned;

    ForwardFinder() {
      super(Opcodes.ASM9);
    }

    MethodHeader.@Nullable Forward forward() {
      return !other && returned && calls.size() == 1 ? calls.get(0) : null;
    }

    @Override
    public void visitInsn(int opcode) {
      boolean returns = opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN;
      other |= !returns || calls.isEmpty();
      returned |= returns;
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
      other |= opcode >= Opcodes.ISTORE || !calls.isEmpty();
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      other |= opcode != Opcodes.CHECKCAST || !calls.isEmpty();
    }

    @Override
    public void visitMethodInsn(int op, String owner, String name, String desc, boolean itf) {
      calls.add(new MethodHeader.Forward(op, owner, name, desc));
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      other = true;
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      other = true;
    }

    @Override
    public void visitJumpInsn(int opcode, org.objectweb.asm.Label label) {
      other = true;
    }

    @Override
    public void visitTableSwitchInsn(
        int min, int max, org.objectweb.asm.Label dflt, org.objectweb.asm.Label... targets) {
      other = true;
    }

    @Override
    public void visitLookupSwitchInsn(
        org.objectweb.asm.Label dflt, int[] keys, org.objectweb.asm.Label[] targets) {
      other = true;
    }

    @Override
    public void visitLdcInsn(Object value) {
      other = true;
    }

    @Override
    public void visitIincInsn(int variable, int increment) {
      other = true;
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String desc, org.objectweb.asm.Handle bootstrap, Object... arguments) {
      other = true;
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
      other = true;
    }

    @Override
    public void visitTryCatchBlock(
        org.objectweb.asm.Label start,
        org.objectweb.asm.Label end,
        org.objectweb.asm.Label handler,
        String type) {
      other = true;
    }
  }
}
