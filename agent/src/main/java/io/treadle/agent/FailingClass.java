package io.treadle.agent;

import io.treadle.instrumenter.Diagnostic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * A class that could not be woven, made so that it says why: methods throw a {@code WeavingError}
 * instead of what they did.
 *
 * <p>Which methods, the lines of the errors tell. An error on no line of a method is put down to
 * all async ones.
 */
final class FailingClass {
  private static final String ERROR = "io/treadle/WeavingError";
  private static final String ASYNC = "Lio/treadle/Async;";
  private static final String COROUTINE = "Lio/treadle/continuation/Coroutine;";
  private static final Set<String> FUTURES =
      Set.of(
          "java/util/concurrent/CompletableFuture",
          "java/util/concurrent/CompletionStage",
          "io/treadle/Task");

  /** Far below what a constant can hold. */
  private static final int LONGEST_MESSAGE = 10_000;

  private final ClassReader reader;
  private final ClassNode node = new ClassNode();
  private final List<Diagnostic> errors;

  /** The errors on the lines of each method. */
  private final Map<MethodNode, List<Diagnostic>> blamed = new HashMap<>();

  private FailingClass(ClassReader reader, List<Diagnostic> diagnostics) {
    this.reader = reader;
    this.errors = diagnostics.stream().filter(Diagnostic::isError).toList();
    reader.accept(node, 0);
    blame();
  }

  /**
   * Has the methods fail that have errors. What is left can be woven, most often.
   *
   * @param diagnostics have an error
   * @return the given array if no method is to blame, or it cannot be read
   */
  static byte[] where(byte[] classFile, List<Diagnostic> diagnostics) {
    FailingClass failing = read(classFile, diagnostics);
    if (failing == null || failing.blamed.isEmpty()) {
      return classFile;
    }
    failing.blamed.forEach(FailingClass::fail);
    return failing.write();
  }

  /**
   * Has the methods fail that have errors, and all async ones: unwoven, they would run a part of
   * their bodies. They have simple twins, for callers that are woven.
   *
   * @param diagnostics have an error
   * @return the given array if no method is to blame, or it cannot be read
   */
  static byte[] everywhere(byte[] classFile, List<Diagnostic> diagnostics) {
    FailingClass failing = read(classFile, diagnostics);
    if (failing == null) {
      return classFile;
    }
    List<MethodNode> twins = new ArrayList<>();
    for (MethodNode method : failing.node.methods) {
      if (isAsync(method)) {
        List<Diagnostic> own = failing.blamed.getOrDefault(method, failing.errors);
        if ((method.access & Opcodes.ACC_ABSTRACT) == 0) {
          failing.blamed.put(method, own);
        }
        MethodNode twin = failing.twin(method);
        if (twin != null) {
          fail(twin, own);
          twins.add(twin);
        }
      }
    }
    if (failing.blamed.isEmpty() && twins.isEmpty()) {
      return classFile;
    }
    failing.blamed.forEach(FailingClass::fail);
    failing.node.methods.addAll(twins);
    return failing.write();
  }

  private static @Nullable FailingClass read(byte[] classFile, List<Diagnostic> diagnostics) {
    try {
      return new FailingClass(new ClassReader(classFile), diagnostics);
    } catch (IllegalArgumentException e) { // newer than ASM knows; that is the error
      return null;
    }
  }

  private byte[] write() {
    ClassWriter writer = new ClassWriter(reader, 0);
    node.accept(writer);
    return writer.toByteArray();
  }

  /** True if the class was compiled from a source file and says so. */
  static boolean hasSource(byte[] classFile) {
    boolean[] found = new boolean[1];
    try {
      new ClassReader(classFile)
          .accept(
              new ClassVisitor(Opcodes.ASM9) {
                @Override
                public void visitSource(@Nullable String source, @Nullable String debug) {
                  found[0] = source != null && !source.startsWith("<"); // CGLIB's <generated>
                }
              },
              ClassReader.SKIP_CODE | ClassReader.SKIP_FRAMES);
    } catch (IllegalArgumentException e) { // newer than ASM knows: whoever generates classes waits
      return true;
    }
    return found[0];
  }

  private void blame() {
    Map<MethodNode, List<Integer>> lines = new HashMap<>();
    node.methods.forEach(method -> lines.put(method, lines(method)));
    for (Diagnostic error : errors) {
      int line = error.line();
      List<MethodNode> found = methods(m -> lines.get(m).contains(line));
      if (found.isEmpty()) { // nothing was compiled from the line: whatever is around it
        found = methods(m -> spans(lines.get(m), line));
      }
      if (found.isEmpty()) {
        found = methods(FailingClass::isAsync);
      }
      for (MethodNode method : found) {
        if ((method.access & Opcodes.ACC_ABSTRACT) == 0) {
          blamed.computeIfAbsent(method, m -> new ArrayList<>()).add(error);
        }
      }
    }
  }

  private List<MethodNode> methods(Predicate<MethodNode> condition) {
    return node.methods.stream().filter(condition).toList();
  }

  private static boolean spans(List<Integer> lines, int line) {
    return !lines.isEmpty() && Collections.min(lines) < line && line < Collections.max(lines);
  }

  private static List<Integer> lines(MethodNode method) {
    List<Integer> lines = new ArrayList<>();
    for (AbstractInsnNode instruction : method.instructions) {
      if (instruction instanceof LineNumberNode number) {
        lines.add(number.line);
      }
    }
    return lines;
  }

  private static boolean isAsync(MethodNode method) {
    if (method.visibleAnnotations == null) {
      return false;
    }
    for (AnnotationNode annotation : method.visibleAnnotations) {
      if (annotation.desc.equals(ASYNC)) {
        return true;
      }
    }
    return false;
  }

  /** What woven code calls in place of the method; null if it calls the method, or has a twin. */
  private @Nullable MethodNode twin(MethodNode method) {
    String descriptor = method.desc.replace(")", COROUTINE + ")");
    boolean declared =
        node.methods.stream()
            .anyMatch(m -> m.name.equals(method.name) && m.desc.equals(descriptor));
    Type returned = Type.getReturnType(method.desc);
    boolean future =
        returned.getSort() == Type.OBJECT && FUTURES.contains(returned.getInternalName());
    if (declared || future) {
      return null;
    }
    int kept =
        Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED | Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC;
    int bridge = (method.access & Opcodes.ACC_STATIC) == 0 ? Opcodes.ACC_BRIDGE : 0;
    int access = method.access & kept | Opcodes.ACC_SYNTHETIC | bridge;
    return new MethodNode(access, method.name, descriptor, null, null);
  }

  private static void fail(MethodNode method, List<Diagnostic> own) {
    StringBuilder text = new StringBuilder();
    for (Diagnostic error : own) {
      text.append(text.length() == 0 ? "" : "\n").append(error);
    }
    text.setLength(Math.min(text.length(), LONGEST_MESSAGE));
    InsnList code = new InsnList();
    if (own.get(0).line() > 0) {
      LabelNode start = new LabelNode();
      code.add(start);
      code.add(new LineNumberNode(own.get(0).line(), start));
    }
    code.add(new TypeInsnNode(Opcodes.NEW, ERROR));
    code.add(new InsnNode(Opcodes.DUP));
    code.add(new LdcInsnNode(text.toString()));
    code.add(
        new MethodInsnNode(Opcodes.INVOKESPECIAL, ERROR, "<init>", "(Ljava/lang/String;)V", false));
    code.add(new InsnNode(Opcodes.ATHROW));
    method.access &= ~(Opcodes.ACC_NATIVE | Opcodes.ACC_SYNCHRONIZED);
    method.instructions = code;
    method.tryCatchBlocks = new ArrayList<>();
    method.localVariables = null;
    method.visibleLocalVariableAnnotations = null;
    method.invisibleLocalVariableAnnotations = null;
    method.maxStack = 3;
    method.maxLocals = Type.getArgumentsAndReturnSizes(method.desc) >> 2;
  }
}
