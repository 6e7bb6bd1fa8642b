package io.treadle.instrumenter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.util.Printer;

/**
 * A method written in assembly language, one instruction a line:
 *
 * <pre>
 *   try from to handler java/lang/Exception
 *   from:
 *     aload 0
 *     invokestatic T.f (Ljava/lang/Object;)I
 *   to:
 *     ireturn
 *   handler:
 *     frame [java/lang/Object] [java/lang/Exception]
 *     athrow
 * </pre>
 *
 * <p>The types of stack maps are those of {@code StackMapTable}: {@code T I F J D N U}, an internal
 * name, or {@code @label} for what the {@code new} at a label has made.
 */
public final class Assembly {
  public final MethodNode method;
  private final Map<String, LabelNode> labels = new HashMap<>();

  private Assembly(int access, String nameAndDescriptor, String text) {
    int parameters = nameAndDescriptor.indexOf('(');
    method =
        new MethodNode(
            Opcodes.ASM9,
            access,
            nameAndDescriptor.substring(0, parameters),
            nameAndDescriptor.substring(parameters),
            null,
            new String[0]);
    method.maxStack = 20;
    method.maxLocals = 20;
    text.lines().map(String::strip).filter(l -> !l.isEmpty()).forEach(this::line);
  }

  /** A static method. */
  public static Assembly of(String nameAndDescriptor, String text) {
    return new Assembly(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, nameAndDescriptor, text);
  }

  public static Assembly of(int access, String nameAndDescriptor, String text) {
    return new Assembly(access, nameAndDescriptor, text);
  }

  /** The index of the first instruction after a label. */
  public int at(String label) {
    return method.instructions.indexOf(insn(label));
  }

  /** The first instruction after a label. */
  public AbstractInsnNode insn(String label) {
    AbstractInsnNode insn = label(label);
    while (insn.getOpcode() < 0) {
      insn = insn.getNext();
    }
    return insn;
  }

  public LabelNode label(String name) {
    return labels.computeIfAbsent(name, n -> new LabelNode());
  }

  /** The class file of a public class with this method and no other. */
  public static byte[] classFile(int version, String name, MethodNode... methods) {
    ClassNode node = new ClassNode();
    node.version = version;
    node.access = Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER;
    node.name = name;
    node.superName = "java/lang/Object";
    node.sourceFile = name.substring(name.lastIndexOf('/') + 1) + ".java";
    node.methods.addAll(List.of(methods));
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    node.accept(writer);
    return writer.toByteArray();
  }

  private void line(String line) {
    if (line.endsWith(":")) {
      method.instructions.add(label(line.substring(0, line.length() - 1)));
      return;
    }
    String[] words = line.split("\\s+");
    switch (words[0]) {
      case "frame" -> method.instructions.add(frame(line));
      case "line" -> {
        LabelNode start = new LabelNode();
        method.instructions.add(start);
        method.instructions.add(new LineNumberNode(Integer.parseInt(words[1]), start));
      }
      case "try" ->
          method.tryCatchBlocks.add(
              new TryCatchBlockNode(
                  label(words[1]),
                  label(words[2]),
                  label(words[3]),
                  words.length > 4 ? words[4] : null));
      default -> method.instructions.add(insn(words));
    }
  }

  private FrameNode frame(String line) {
    String[] parts = line.substring("frame".length()).split("[\\[\\]]");
    Object[] locals = types(parts.length > 1 ? parts[1] : "");
    Object[] stack = types(parts.length > 3 ? parts[3] : "");
    return new FrameNode(Opcodes.F_NEW, locals.length, locals, stack.length, stack);
  }

  private Object[] types(String text) {
    List<Object> types = new ArrayList<>();
    for (String type : text.strip().split("\\s+")) {
      switch (type) {
        case "" -> {}
        case "T" -> types.add(Opcodes.TOP);
        case "I" -> types.add(Opcodes.INTEGER);
        case "F" -> types.add(Opcodes.FLOAT);
        case "J" -> types.add(Opcodes.LONG);
        case "D" -> types.add(Opcodes.DOUBLE);
        case "N" -> types.add(Opcodes.NULL);
        case "U" -> types.add(Opcodes.UNINITIALIZED_THIS);
        default -> types.add(type.startsWith("@") ? label(type.substring(1)) : array(type));
      }
    }
    return types.toArray();
  }

  /** Brackets delimit stack maps, so that an array is written {@code *I}. */
  private static String array(String type) {
    return type.replace('*', '[');
  }

  private AbstractInsnNode insn(String[] words) {
    int opcode = Arrays.asList(Printer.OPCODES).indexOf(words[0].toUpperCase(Locale.ROOT));
    if (opcode < 0) {
      throw new IllegalArgumentException(words[0]);
    }
    switch (opcode) {
      case Opcodes.BIPUSH, Opcodes.SIPUSH, Opcodes.NEWARRAY:
        return new IntInsnNode(opcode, Integer.parseInt(words[1]));
      case Opcodes.LDC:
        return new LdcInsnNode(
            words[1].startsWith("\"")
                ? words[1].substring(1, words[1].length() - 1)
                : Integer.valueOf(words[1]));
      case Opcodes.IINC:
        return new IincInsnNode(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      case Opcodes.NEW, Opcodes.ANEWARRAY, Opcodes.CHECKCAST, Opcodes.INSTANCEOF:
        return new TypeInsnNode(opcode, words[1]);
      case Opcodes.MULTIANEWARRAY:
        return new MultiANewArrayInsnNode(words[1], Integer.parseInt(words[2]));
      case Opcodes.TABLESWITCH: // min default case...
        return new TableSwitchInsnNode(
            Integer.parseInt(words[1]),
            Integer.parseInt(words[1]) + words.length - 4,
            label(words[2]),
            labels(words, 3));
      case Opcodes.LOOKUPSWITCH: // default key label key label ...
        int[] keys = new int[words.length / 2 - 1];
        LabelNode[] targets = new LabelNode[keys.length];
        for (int i = 0; i < keys.length; i++) {
          keys[i] = Integer.parseInt(words[2 + 2 * i]);
          targets[i] = label(words[3 + 2 * i]);
        }
        return new LookupSwitchInsnNode(label(words[1]), keys, targets);
      default:
        return other(opcode, words);
    }
  }

  private AbstractInsnNode other(int opcode, String[] words) {
    if (opcode >= Opcodes.ILOAD && opcode <= Opcodes.ALOAD
        || opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE
        || opcode == Opcodes.RET) {
      return new VarInsnNode(opcode, Integer.parseInt(words[1]));
    }
    if (opcode >= Opcodes.IFEQ && opcode <= Opcodes.JSR
        || opcode == Opcodes.IFNULL
        || opcode == Opcodes.IFNONNULL) {
      return new JumpInsnNode(opcode, label(words[1]));
    }
    if (opcode >= Opcodes.GETSTATIC && opcode <= Opcodes.INVOKEINTERFACE) {
      int dot = words[1].lastIndexOf('.');
      String owner = words[1].substring(0, dot);
      String name = words[1].substring(dot + 1);
      return opcode <= Opcodes.PUTFIELD
          ? new FieldInsnNode(opcode, owner, name, words[2])
          : new MethodInsnNode(opcode, owner, name, words[2], opcode == Opcodes.INVOKEINTERFACE);
    }
    return new InsnNode(opcode);
  }

  private LabelNode[] labels(String[] words, int first) {
    return Arrays.stream(words).skip(first).map(this::label).toArray(LabelNode[]::new);
  }
}
