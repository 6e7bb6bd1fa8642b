package io.treadle.instrumenter;

import io.treadle.instrumenter.flow.StackMaps;
import io.treadle.instrumenter.hierarchy.ClassHeader;
import io.treadle.instrumenter.hierarchy.Hierarchy;
import io.treadle.instrumenter.hierarchy.MethodHeader;
import io.treadle.instrumenter.weave.BodySizes;
import io.treadle.instrumenter.weave.ClassWeaver;
import io.treadle.instrumenter.weave.Findings;
import io.treadle.instrumenter.weave.Rules;
import io.treadle.instrumenter.weave.SerialVersions;
import io.treadle.instrumenter.weave.WovenCalls;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;

/**
 * Rewrites the {@code @Async} methods of classes into resumable state machines: class bytes in,
 * class bytes and diagnostics out.
 *
 * <p>A weaver may be used from several threads at once. The same input and the same answers of the
 * {@link ClassSource} give the same bytes, whoever asks.
 *
 * <pre>{@code
 * Weaver weaver = Weaver.of(ClassPath.of(List.of(classes, jar)));
 * Result result = weaver.weave(Files.readAllBytes(classFile));
 * result.diagnostics().forEach(System.err::println);
 * }</pre>
 */
public final class Weaver {
  private final ClassSource source;
  private final AsyncMethods async;
  private final StubPolicy stubs;
  private final Hierarchy hierarchy;

  private Weaver(ClassSource source, AsyncMethods async, StubPolicy stubs) {
    this.source = Objects.requireNonNull(source);
    this.async = Objects.requireNonNull(async);
    this.stubs = Objects.requireNonNull(stubs);
    this.hierarchy = new Hierarchy(source, async);
  }

  /** A weaver for annotated methods, with stubs that refuse. */
  public static Weaver of(ClassSource source) {
    return new Weaver(source, AsyncMethods.ANNOTATED, StubPolicy.REFUSE);
  }

  /** This weaver, for other methods. */
  public Weaver withAsyncMethods(AsyncMethods async) {
    return new Weaver(source, async, stubs);
  }

  /** This weaver, with other stubs. */
  public Weaver withStubs(StubPolicy stubs) {
    return new Weaver(source, async, stubs);
  }

  /**
   * Weaves one class. A class that is woven already, or that has nothing to weave, comes back as it
   * is; its calls are checked all the same.
   */
  public Result weave(byte[] classFile) {
    ClassReader reader;
    ClassHeader header;
    ClassNode node = new ClassNode();
    try {
      reader = new ClassReader(classFile);
      header = ClassHeader.read(classFile, async);
      reader.accept(node, ClassReader.EXPAND_FRAMES);
    } catch (RuntimeException unreadable) { // ASM throws many kinds
      return unreadable(classFile, unreadable);
    }
    Findings findings = new Findings(node.name, node.sourceFile);
    Hierarchy all = hierarchy.with(header);
    if (header.woven() > 0) {
      new WovenCalls(node, all, findings).check();
      return new Result(classFile, false, findings.sorted());
    }
    if (reader.readUnsignedShort(6) < Opcodes.V1_7 && mayHaveTwins(header, all)) {
      try {
        node = StackMaps.compute(reader, all);
      } catch (StackMaps.UnsupportedBytecode e) {
        findings.error(Rules.lineOf(node, Opcodes.JSR), e.getMessage());
        return new Result(classFile, false, findings.sorted());
      }
    }
    ClassWeaver weaver = new ClassWeaver(node, header, all, stubs, findings);
    boolean changed = weaver.weave(() -> SerialVersions.defaultOf(reader));
    if (!changed || findings.hasErrors()) {
      return new Result(classFile, false, findings.sorted());
    }
    if ((node.version & 0xFFFF) < Opcodes.V1_8) {
      node.version = Opcodes.V1_8; // the first that lets interfaces have methods with code
    }
    byte[] woven = new BodySizes(reader, weaver.originals(), findings).write(node);
    return woven == null
        ? new Result(classFile, false, findings.sorted())
        : new Result(woven, true, findings.sorted());
  }

  private static boolean mayHaveTwins(ClassHeader header, Hierarchy hierarchy) {
    return hasAsync(header)
        || hierarchy.superinterfaces(header.name()).stream().anyMatch(Weaver::hasAsync);
  }

  private static boolean hasAsync(ClassHeader header) {
    return header.methods().values().stream().anyMatch(MethodHeader::async);
  }

  private Result unreadable(byte[] classFile, RuntimeException e) {
    boolean matters = new String(classFile, StandardCharsets.ISO_8859_1).contains("io/treadle/");
    if (!matters) {
      return new Result(classFile, false, List.of());
    }
    String file = "class file";
    String reason = "it is damaged";
    try {
      file = ClassHeader.read(classFile, async).name() + ".class";
      reason = "it is newer than this weaver knows; use a newer Treadle";
    } catch (RuntimeException damaged) {
      // then its name is not known either
    }
    Diagnostic error =
        new Diagnostic(Diagnostic.Severity.ERROR, file, 0, e.getMessage() + ": " + reason);
    return new Result(classFile, false, List.of(error));
  }
}
