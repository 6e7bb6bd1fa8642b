package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.hierarchy.AsyncStyle;
import io.treadle.instrumenter.hierarchy.Names;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.MethodNode;

/**
 * A place in the code where a lambda or method reference is made.
 *
 * @param in the method that makes it
 * @param line 0 if unknown
 * @param style that of the interface's method; null if it is not async
 */
record LambdaUse(MethodNode in, int line, LambdaSite site, @Nullable AsyncStyle style) {

  /** The method of the interface, as Java writes it: {@code Function.apply}. */
  String interfaceMethod() {
    return interfaceName() + "." + site.method();
  }

  String interfaceName() {
    return Names.simple(site.functional);
  }

  /** How to write it so that it can suspend. */
  String remedy() {
    if (site.functional.equals("io/treadle/Blocking")) {
      return "offloaded work runs on another thread and may simply block; suspend before or after offload(...)";
    }
    boolean returns = site.sam.getReturnType().getSize() > 0;
    return switch (site.sam.getArgumentTypes().length) {
      case 0 ->
          "pass it as an interface whose method is @Async, like "
              + (returns ? "AsyncCallable" : "AsyncRunnable")
              + ", to spawn(...), TaskGroup.fork(...) or a method of your own";
      case 1 ->
          "in place of a stream's "
              + (returns ? "map" : "forEach")
              + " write a loop, or gather(...) to run many at once; elsewhere take an interface whose"
              + " method is @Async, like "
              + (returns ? "AsyncFunction" : "AsyncConsumer");
      default ->
          "write a loop, or gather(...) to run many at once; or declare an interface of your own whose"
              + " method is @Async";
    };
  }
}
