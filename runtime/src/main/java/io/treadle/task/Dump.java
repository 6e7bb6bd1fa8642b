package io.treadle.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The tasks of a loop, for a reader: each with what it waits for and where, innermost frame first;
 * below it the groups that it is in, with their tasks.
 */
final class Dump {
  private final StringBuilder text = new StringBuilder();
  private final Set<LoopTask<?>> shown = Collections.newSetFromMap(new IdentityHashMap<>());

  private Dump() {}

  static String of(TaskLoop loop, List<LoopTask<?>> tasks) {
    Dump dump = new Dump();
    dump.text.append(loop.name()).append(": ").append(count(tasks.size())).append('\n');
    Set<LoopTask<?>> children = Collections.newSetFromMap(new IdentityHashMap<>());
    for (LoopTask<?> task : tasks) {
      groups(task).forEach(group -> children.addAll(group.children()));
    }
    for (LoopTask<?> task : tasks) {
      if (!children.contains(task)) {
        dump.show(task, "  ");
      }
    }
    return dump.text.toString();
  }

  private void show(LoopTask<?> task, String indent) {
    TaskBody body = task.body;
    if (body == null || !shown.add(task)) {
      return;
    }
    text.append(indent).append(task.name()).append(", ").append(body.describe()).append('\n');
    for (StackTraceElement element : task.stackTrace()) {
      text.append(indent).append("    at ").append(element).append('\n');
    }
    for (Group group : groups(task)) {
      List<LoopTask<?>> children = group.children();
      text.append(indent).append("  group: ").append(count(children.size())).append('\n');
      for (LoopTask<?> child : children) {
        show(child, indent + "    ");
      }
    }
  }

  /** The groups that the task has opened, the innermost first. */
  private static List<Group> groups(LoopTask<?> task) {
    List<Group> groups = new ArrayList<>();
    TaskBody body = task.body;
    for (Scope scope = body == null ? null : body.scopeOrNull();
        scope != null;
        scope = scope.outer) {
      if (scope instanceof Group.GroupScope) {
        groups.add(((Group.GroupScope) scope).group);
      }
    }
    return groups;
  }

  private static String count(int tasks) {
    return tasks == 1 ? "1 task" : tasks + " tasks";
  }
}
