package io.treadle.agent;

import io.treadle.instrumenter.ClassSource;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The weavers of all class loaders. A loader that nobody else needs can go, and its weaver with it.
 *
 * <p>Loaders are compared by identity, and no method of theirs is called here: they may define
 * {@code equals}.
 */
final class LoaderWeavers {
  private final Map<Key, LoaderWeaver> weavers = new ConcurrentHashMap<>();
  private final ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();
  private final Function<ClassSource, LoaderWeaver.Loom> looms;

  /** For the bootstrap loader. */
  private final LoaderWeaver boot;

  LoaderWeavers(Function<ClassSource, LoaderWeaver.Loom> looms) {
    this.looms = looms;
    this.boot = new LoaderWeaver(null, name -> false, this::of, looms);
  }

  LoaderWeaver of(@Nullable ClassLoader loader) {
    if (loader == null) {
      return boot;
    }
    purge();
    LoaderWeaver known = weavers.get(new Key(loader, null));
    if (known != null) {
      return known;
    }
    // Not computeIfAbsent: the constructor asks the loader, which may load classes and come here.
    LoaderWeaver made = new LoaderWeaver(loader, unwoven(loader), this::of, looms);
    LoaderWeaver other = weavers.putIfAbsent(new Key(loader, gone), made);
    return other != null ? other : made;
  }

  /** Forgets the weavers of loaders that are gone. */
  void purge() {
    for (Object key = gone.poll(); key != null; key = gone.poll()) {
      weavers.remove(key);
    }
  }

  /** How many loaders there are with a weaver. */
  int size() {
    return weavers.size();
  }

  /** Knows the classes of the loader and of its parents that were loaded before the agent. */
  private Predicate<String> unwoven(ClassLoader loader) {
    WeakReference<ClassLoader> start = new WeakReference<>(loader);
    return name -> {
      for (ClassLoader l = start.get(); l != null; l = l.getParent()) {
        LoaderWeaver weaver = weavers.get(new Key(l, null));
        if (weaver != null && weaver.isUnwoven(name)) {
          return true;
        }
      }
      return false;
    };
  }

  private static final class Key extends WeakReference<ClassLoader> {
    private final int hash;

    Key(ClassLoader loader, @Nullable ReferenceQueue<ClassLoader> queue) {
      super(loader, queue);
      hash = System.identityHashCode(loader);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      // a key whose loader is gone equals itself only: so it is removed
      return this == other || other instanceof Key key && get() != null && key.get() == get();
    }
  }
}
