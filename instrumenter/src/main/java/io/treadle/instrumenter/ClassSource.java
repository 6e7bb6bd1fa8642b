package io.treadle.instrumenter;

import org.jspecify.annotations.Nullable;

/**
 * Where the weaver finds the class files that a class refers to. Nothing is ever loaded.
 *
 * <p>Implementations may be asked for the same class many times; the weaver caches what it has
 * read.
 */
@FunctionalInterface
public interface ClassSource {
  /**
   * A class file.
   *
   * @param bytes its content
   * @param origin where it is from, for messages: a jar, a folder
   * @param woven true if it is woven already or will be before anything runs (it is part of the
   *     same weaving, or an agent weaves it when it is loaded); false to have the mark in the bytes
   *     decide
   */
  record ClassFile(byte[] bytes, String origin, boolean woven) {}

  /**
   * @param internalName as in class files: {@code java/lang/String}
   * @return null if there is no such class here
   */
  @Nullable ClassFile find(String internalName);

  /** This source, and for what it does not have, the other. */
  default ClassSource or(ClassSource other) {
    return name -> {
      ClassFile found = find(name);
      return found != null ? found : other.find(name);
    };
  }
}
