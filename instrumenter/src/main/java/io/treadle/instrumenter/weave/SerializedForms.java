package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.hierarchy.Names;
import java.util.List;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Keeps serializable lambdas readable. What they are serialized to names the woven body; the method
 * that the compiler generated to read them compares the names that it gave itself. So it is shown
 * those, from a table: see {@code Linkage.unwoven}.
 */
final class SerializedForms {
  private static final String SERIALIZED = "Ljava/lang/invoke/SerializedLambda;";

  private final StringBuilder table = new StringBuilder();

  /**
   * Adds a woven lambda. Compilers share a body between lambdas of several interfaces, so both tell
   * it from others.
   *
   * @param compiled the implementation that the compiler named
   * @param implemented the sub-interface
   */
  void add(LambdaSite site, Handle compiled, Handle body, String implemented) {
    for (Object word :
        List.of(
            body.getName(),
            body.getDesc(),
            implemented,
            site.functional,
            site.sam.getDescriptor(),
            site.instantiated.getDescriptor(),
            compiled.getTag(),
            compiled.getOwner(),
            compiled.getName(),
            compiled.getDesc())) {
      table.append(word).append('.'); // no name contains it
    }
  }

  /** Changes the method that reads lambdas, if there are any to be read. */
  void adapt(ClassNode node) {
    if (table.isEmpty()) {
      return;
    }
    for (MethodNode method : node.methods) {
      if (method.name.equals("$deserializeLambda$")) {
        Code code = new Code().load(0).constant(Type.getObjectType(node.name));
        code.constant(table.toString());
        code.callStatic(
            Names.LINKAGE,
            "unwoven",
            "(" + SERIALIZED + "Ljava/lang/Class;Ljava/lang/String;)" + SERIALIZED);
        method.instructions.insert(code.store(0).list);
      }
    }
  }
}
