package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.StubPolicy;
import io.treadle.instrumenter.hierarchy.Names;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The sub-interface of an async functional interface that lambdas implement: its one abstract
 * method is the twin, and its defaults, which are stubs, answer the plain method and the plain
 * bridges.
 *
 * <p>It is not written to a file: its bytes are an argument of the lambda's bootstrap method, which
 * defines it in the package of the class that has the lambda.
 *
 * @param name its name, in that package
 * @param content a byte in each character
 */
record SubInterface(String name, String content) {

  /**
   * @param caller the class that has the lambda
   * @param functional the async functional interface
   * @param method the name of its method
   * @param descriptor the erased descriptor of its method
   * @param bridges other descriptors under which the method can be called
   */
  static SubInterface of(
      String caller,
      String functional,
      String method,
      String descriptor,
      List<String> bridges,
      StubPolicy stubs) {
    CRC32 crc = new CRC32();
    String identity = functional + " " + method + descriptor + bridges + stubs;
    crc.update(identity.getBytes(StandardCharsets.UTF_8));
    String simple = functional.substring(functional.lastIndexOf('/') + 1);
    String name =
        caller.substring(0, caller.lastIndexOf('/') + 1)
            + simple
            + "$Woven$"
            + Long.toHexString(crc.getValue());
    return new SubInterface(name, content(name, functional, method, descriptor, bridges, stubs));
  }

  private static String content(
      String name,
      String functional,
      String method,
      String descriptor,
      List<String> bridges,
      StubPolicy stubs) {
    ClassNode node = new ClassNode();
    node.version = Opcodes.V1_8;
    node.access = Opcodes.ACC_INTERFACE | Opcodes.ACC_ABSTRACT | Opcodes.ACC_SYNTHETIC;
    node.name = name;
    node.superName = "java/lang/Object";
    node.interfaces = List.of(functional);
    AnnotationNode woven = new AnnotationNode(Names.WOVEN);
    woven.values = new ArrayList<>(List.of("value", Names.VERSION));
    node.invisibleAnnotations = new ArrayList<>(List.of(woven));
    TwinWriter writer = new TwinWriter(node, stubs);
    List<String> all = new ArrayList<>(List.of(descriptor));
    all.addAll(bridges);
    for (String plain : all) {
      node.methods.add(
          new MethodNode(
              Opcodes.ACC_PUBLIC | Opcodes.ACC_ABSTRACT | Opcodes.ACC_SYNTHETIC,
              method,
              Names.twin(plain),
              null,
              null));
      MethodNode stub =
          new MethodNode(Opcodes.ACC_PUBLIC | Opcodes.ACC_SYNTHETIC, method, plain, null, null);
      writer.directStub(
          stub, new TwinCall(Opcodes.INVOKEINTERFACE, name, method, Names.twin(plain), true));
      node.methods.add(stub);
    }
    ClassWriter bytes = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    node.accept(bytes);
    return new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1);
  }
}
