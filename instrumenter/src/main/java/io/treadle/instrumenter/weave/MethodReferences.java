package io.treadle.instrumenter.weave;

import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.GeneratorAdapter;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Turns a method reference into a lambda: a method of this class that makes the call.
 *
 * <p>The metafactory would otherwise adapt arguments and results (boxing, widening) in code that a
 * resume does not pass through, and call a method that knows no coroutine.
 */
final class MethodReferences {
  private final ClassNode owner;
  private int count;

  MethodReferences(ClassNode owner) {
    this.owner = owner;
  }

  /**
   * Adds the method and points the site at it.
   *
   * @param in the method that has the reference
   * @param line its line; 0 if unknown
   */
  MethodNode toLambda(LambdaSite site, MethodNode in, int line) {
    Handle target = site.implementation;
    Type[] captured = Type.getArgumentTypes(site.insn.desc);
    Type[] passed = site.instantiated.getArgumentTypes();
    Type[] parameters = new Type[captured.length + passed.length];
    System.arraycopy(captured, 0, parameters, 0, captured.length);
    System.arraycopy(passed, 0, parameters, captured.length, passed.length);
    Type returns = site.instantiated.getReturnType();
    String descriptor = Type.getMethodDescriptor(returns, parameters);
    String name = "lambda$" + in.name.replaceAll("[<>]", "") + "$ref" + count++;
    MethodNode lambda =
        new MethodNode(
            Opcodes.ASM9,
            Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
            name,
            descriptor,
            null,
            null);
    if (line > 0) {
      LabelNode start = new LabelNode(new Label());
      lambda.instructions.add(start);
      lambda.instructions.add(new LineNumberNode(line, start));
    }
    write(
        new GeneratorAdapter(lambda, lambda.access, name, descriptor), target, parameters, returns);
    lambda.maxLocals = Type.getArgumentsAndReturnSizes(descriptor) >> 2;
    lambda.maxStack = 2 * lambda.maxLocals + 4; // all parameters, converted, and a new object
    boolean isInterface = (owner.access & Opcodes.ACC_INTERFACE) != 0;
    site.setImplementation(
        new Handle(Opcodes.H_INVOKESTATIC, owner.name, name, descriptor, isInterface));
    return lambda;
  }

  private static void write(GeneratorAdapter code, Handle target, Type[] parameters, Type returns) {
    Type owner = Type.getObjectType(target.getOwner());
    Type[] arguments = Type.getArgumentTypes(target.getDesc());
    int next = 0;
    boolean creates = target.getTag() == Opcodes.H_NEWINVOKESPECIAL;
    if (creates) {
      code.newInstance(owner);
      code.dup();
    } else if (target.getTag() != Opcodes.H_INVOKESTATIC) {
      code.loadArg(next);
      Conversion.convert(code, parameters[next++], owner);
    }
    for (Type argument : arguments) {
      code.loadArg(next);
      Conversion.convert(code, parameters[next++], argument);
    }
    code.visitMethodInsn(
        opcode(target.getTag()),
        target.getOwner(),
        target.getName(),
        target.getDesc(),
        target.isInterface());
    Type result = creates ? owner : Type.getReturnType(target.getDesc());
    if (returns == Type.VOID_TYPE) {
      if (result.getSize() == 2) {
        code.pop2();
      } else if (result.getSize() == 1) {
        code.pop();
      }
    } else {
      Conversion.convert(code, result, returns);
    }
    code.returnValue();
    code.endMethod();
  }

  private static int opcode(int tag) {
    return switch (tag) {
      case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
      case Opcodes.H_INVOKEINTERFACE -> Opcodes.INVOKEINTERFACE;
      case Opcodes.H_INVOKEVIRTUAL -> Opcodes.INVOKEVIRTUAL;
      default -> Opcodes.INVOKESPECIAL;
    };
  }
}
