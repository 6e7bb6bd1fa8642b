package io.treadle.instrumenter.hierarchy;

import io.treadle.instrumenter.AsyncMethods;
import io.treadle.instrumenter.ClassSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/**
 * Answers questions about classes from their class files. A class that is not there ends a search
 * quietly.
 */
public class Hierarchy {
  /**
   * A class and where its file is from.
   *
   * @param woven true if it is or will be woven
   */
  public record Entry(ClassHeader header, String origin, boolean woven) {}

  private static final String OBJECT = "java/lang/Object";

  private final ClassSource source;
  private final AsyncMethods predicate;
  private final Map<String, Optional<Entry>> entries = new ConcurrentHashMap<>();

  public Hierarchy(ClassSource source, AsyncMethods predicate) {
    this.source = source;
    this.predicate = predicate;
  }

  /** This hierarchy, with one class as it is given. */
  public Hierarchy with(ClassHeader header) {
    ClassSource given = source;
    Hierarchy parent = this;
    Entry own = new Entry(header, "this class", true);
    return new Hierarchy(given, predicate) {
      @Override
      public @Nullable Entry entry(String name) {
        return name.equals(header.name()) ? own : parent.entry(name);
      }
    };
  }

  public AsyncMethods predicate() {
    return predicate;
  }

  public @Nullable Entry entry(String name) {
    Optional<Entry> known = entries.get(name);
    if (known == null) { // not computeIfAbsent: a source may come back here for another class
      known = Optional.ofNullable(read(name));
      entries.put(name, known);
    }
    return known.orElse(null);
  }

  private @Nullable Entry read(String name) {
    ClassSource.ClassFile file = source.find(name);
    if (file == null) {
      return null;
    }
    ClassHeader header;
    try {
      header = ClassHeader.read(file.bytes(), predicate);
    } catch (RuntimeException damaged) { // no JVM could use it: it is not there
      return null;
    }
    return new Entry(header, file.origin(), file.woven() || header.woven() > 0);
  }

  public @Nullable ClassHeader header(String name) {
    Entry entry = entry(name);
    return entry == null ? null : entry.header();
  }

  /** The method that a call names, as the JVM resolves it: class, superclasses, interfaces. */
  public @Nullable MethodHeader resolve(String owner, String name, String descriptor) {
    if (owner.startsWith("[")) {
      return null;
    }
    for (ClassHeader c = header(owner); c != null; c = header(c.superName())) {
      MethodHeader found = c.method(name, descriptor);
      if (found != null) {
        return found;
      }
      if (c.superName() == null) {
        break;
      }
    }
    MethodHeader best = null;
    for (ClassHeader i : superinterfaces(owner)) {
      MethodHeader found = i.method(name, descriptor);
      if (found != null && found.isVirtual()) {
        boolean better =
            best == null
                || isSubtype(i.name(), best.owner())
                || best.has(Opcodes.ACC_ABSTRACT)
                    && !found.has(Opcodes.ACC_ABSTRACT)
                    && !isSubtype(best.owner(), i.name());
        best = better ? found : best;
      }
    }
    return best;
  }

  /** All superinterfaces of a class and of its superclasses, nearest first. */
  public Collection<ClassHeader> superinterfaces(String name) {
    Map<String, ClassHeader> found = new LinkedHashMap<>();
    Deque<String> todo = new ArrayDeque<>();
    for (ClassHeader c = header(name); c != null; ) {
      todo.addAll(c.interfaces());
      c = c.superName() == null ? null : header(c.superName());
    }
    while (!todo.isEmpty()) {
      String next = todo.removeFirst();
      ClassHeader header = found.containsKey(next) ? null : header(next);
      if (header != null) {
        found.put(next, header);
        todo.addAll(header.interfaces());
      }
    }
    return found.values();
  }

  /**
   * The methods of supertypes with this name and descriptor that the method overrides or
   * implements.
   */
  public List<MethodHeader> overridden(MethodHeader method) {
    List<MethodHeader> found = new ArrayList<>();
    if (!method.isVirtual()) {
      return found;
    }
    ClassHeader owner = header(method.owner());
    for (ClassHeader c = owner; c != null && c.superName() != null; ) {
      c = header(c.superName());
      if (c != null) {
        addOverridden(method, c, found);
      }
    }
    for (ClassHeader i : superinterfaces(method.owner())) {
      addOverridden(method, i, found);
    }
    return found;
  }

  private void addOverridden(MethodHeader method, ClassHeader in, List<MethodHeader> found) {
    MethodHeader candidate = in.method(method.name(), method.descriptor());
    if (candidate == null || !candidate.isVirtual()) {
      return;
    }
    boolean packagePrivate = !candidate.has(Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED);
    if (!packagePrivate || samePackage(method.owner(), in.name())) {
      found.add(candidate);
    }
  }

  public boolean isSubtype(String name, String of) {
    if (name.equals(of) || of.equals(OBJECT)) {
      return true;
    }
    for (ClassHeader c = header(name); c != null && c.superName() != null; ) {
      if (c.superName().equals(of)) {
        return true;
      }
      c = header(c.superName());
    }
    return superinterfaces(name).stream().anyMatch(i -> i.name().equals(of))
        || superinterfaces(name).stream().anyMatch(i -> i.interfaces().contains(of));
  }

  /** The nearest common superclass, as verifiers without stack maps infer it. */
  public String commonSuperclass(String one, String other) {
    ClassHeader first = header(one);
    ClassHeader second = header(other);
    if (first == null || second == null || first.isInterface() || second.isInterface()) {
      return one.equals(other) ? one : OBJECT;
    }
    for (ClassHeader c = first; c != null; ) {
      for (ClassHeader d = second; d != null; ) {
        if (c.name().equals(d.name())) {
          return c.name();
        }
        d = d.superName() == null ? null : header(d.superName());
      }
      c = c.superName() == null ? null : header(c.superName());
    }
    return OBJECT;
  }

  /**
   * The type to cast to when a value of this type is restored in a class: the type, or the nearest
   * superclass that the class can name.
   */
  public String accessible(String type, String from) {
    int element = type.lastIndexOf('[') + 1;
    String name = type;
    if (element > 0) {
      if (type.charAt(element) != 'L') {
        return type;
      }
      name = type.substring(element + 1, type.length() - 1);
    }
    String found = name;
    while (!canName(found, from)) {
      ClassHeader header = Objects.requireNonNull(header(found));
      found = header.isInterface() ? OBJECT : Objects.requireNonNull(header.superName());
    }
    return element == 0 ? found : type.substring(0, element) + "L" + found + ";";
  }

  /** True if one class can name another; a class that is not there is taken to be accessible. */
  public boolean canName(String type, String from) {
    ClassHeader header = header(type);
    return header == null || header.isPublic() || samePackage(type, from);
  }

  public static boolean samePackage(String one, String other) {
    return one.substring(0, one.lastIndexOf('/') + 1)
        .equals(other.substring(0, other.lastIndexOf('/') + 1));
  }
}
