package io.treadle.continuation;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What a body's frames mean to a reader: method, file, and for each suspension point its line and
 * the names of the variables that are saved.
 *
 * <p>The weaver writes it as one string, {@code method;file;line,name,name;line,name...}; the
 * characters between the parts cannot be in a name. It is taken apart when somebody asks.
 */
final class FrameDescription {
  /**
   * The entries are lambdas and compare by identity; each is kept alive by the class that it
   * enters.
   */
  private static final Map<Entry, FrameDescription> OF =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final String className;
  private final String text;

  private FrameDescription(String className, String text) {
    this.className = className;
    this.text = text;
  }

  static void register(Entry entry, String className, String text) {
    OF.put(entry, new FrameDescription(className, text));
  }

  static StackTraceElement of(Frame frame) {
    FrameDescription description = OF.get(frame.entry);
    if (description == null) {
      return new StackTraceElement(frame.entry.getClass().getName(), "resume", null, -1);
    }
    String[] parts = description.text.split(";", -1);
    int point = frame.point & 0xFFFF;
    int known = point + 2 < parts.length ? Integer.parseInt(parts[point + 2].split(",")[0]) : 0;
    int line = known > 0 ? known : -1;
    return new StackTraceElement(
        description.className, parts[0], parts[1].isEmpty() ? null : parts[1], line);
  }

  /** The names of the variables that are saved at a point; empty without debug information. */
  static List<String> variables(Frame frame) {
    FrameDescription description = OF.get(frame.entry);
    int point = frame.point & 0xFFFF;
    String[] parts = description == null ? new String[0] : description.text.split(";", -1);
    if (point + 2 >= parts.length) {
      return List.of();
    }
    String[] words = parts[point + 2].split(",");
    return Arrays.asList(words).subList(1, words.length);
  }
}
