/**
 * The weaver: class files in, class files and diagnostics out. It knows the runtime by names only.
 */
module io.treadle.instrumenter {
  requires org.objectweb.asm;
  requires org.objectweb.asm.commons;
  requires org.objectweb.asm.tree;
  requires org.objectweb.asm.tree.analysis;
  requires static transitive org.jspecify;

  exports io.treadle.instrumenter;
}
