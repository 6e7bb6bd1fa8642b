package io.treadle.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The failures of a group, in the order in which they came. The same object counts once. */
final class Failures {
  private final List<Throwable> list = new ArrayList<>(1);
  private final Set<Throwable> known = Collections.newSetFromMap(new IdentityHashMap<>());

  void add(Throwable failure) {
    if (known.add(failure)) {
      list.add(failure);
    }
  }

  /** The first failure, with the others suppressed in it. */
  Throwable combined(TaskLoop loop) {
    Throwable first = list.get(0);
    for (Throwable other : list.subList(1, list.size())) {
      suppress(other, first, loop);
    }
    return first;
  }

  /** Attaches a failure to another one; reports it, if that takes none. */
  static void suppress(Throwable failure, Throwable in, TaskLoop loop) {
    in.addSuppressed(failure);
    Throwable[] suppressed = in.getSuppressed();
    if (suppressed.length == 0) { // it was made without suppression
      loop.report("a group failed again, and its first failure takes no other", failure, null);
    }
  }
}
