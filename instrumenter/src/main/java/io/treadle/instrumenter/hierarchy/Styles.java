package io.treadle.instrumenter.hierarchy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides the style of async methods: by the declared return type of the topmost one that is
 * overridden.
 */
public final class Styles {
  private final Hierarchy hierarchy;

  public Styles(Hierarchy hierarchy) {
    this.hierarchy = hierarchy;
  }

  /**
   * The style of a method; null if it is not async. A bridge has the style of what it forwards to.
   */
  public @Nullable AsyncStyle of(MethodHeader method) {
    MethodHeader body = target(method);
    if (body == null || !body.async()) {
      return null;
    }
    MethodHeader above = overriddenAsync(body).stream().findFirst().orElse(null);
    AsyncStyle inherited = above == null ? null : of(above);
    return inherited != null ? inherited : AsyncStyle.declared(body.descriptor());
  }

  public boolean isDirect(@Nullable MethodHeader method) {
    return method != null && of(method) == AsyncStyle.DIRECT;
  }

  /** The method itself, or what a bridge or accessor forwards to in the end. */
  public @Nullable MethodHeader target(MethodHeader method) {
    MethodHeader found = method;
    for (int hops = 0; found != null && found.forwardsTo() != null; hops++) {
      MethodHeader.Forward forward = found.forwardsTo();
      MethodHeader next = hierarchy.resolve(forward.owner(), forward.name(), forward.descriptor());
      if (next == found || hops > 8) {
        return null;
      }
      found = next;
    }
    return found;
  }

  /** The async methods of supertypes that a method overrides, also through its bridges. */
  public List<MethodHeader> overriddenAsync(MethodHeader method) {
    List<MethodHeader> found = new ArrayList<>();
    for (MethodHeader candidate : hierarchy.overridden(method)) {
      if (isAsync(candidate)) {
        found.add(candidate);
      }
    }
    ClassHeader owner = hierarchy.header(method.owner());
    if (owner != null && method.isVirtual()) {
      for (MethodHeader bridge : owner.methods().values()) {
        if (bridge != method && bridge.forwardsTo() != null && target(bridge) == method) {
          for (MethodHeader candidate : hierarchy.overridden(bridge)) {
            if (isAsync(candidate)) {
              found.add(candidate);
            }
          }
        }
      }
    }
    return found;
  }

  private boolean isAsync(MethodHeader method) {
    MethodHeader body = target(method);
    return body != null && body.async();
  }
}
