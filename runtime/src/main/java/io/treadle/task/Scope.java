package io.treadle.task;

import org.jspecify.annotations.Nullable;

/**
 * A part of a task that can be asked to end: the task itself, a timeout, a group. The scopes of a
 * task form a stack; each knows the one around it.
 *
 * <p>A request is pending until it is thrown, and outstanding until its scope ends. Several
 * requests that are pending at once are one.
 */
class Scope {
  final TaskBody body;

  /** Null: this is the task itself. */
  final @Nullable Scope outer;

  /** When this scope was entered, and when it was last asked to end, or 0; counted by the loop. */
  private final long entered;

  private long requested;

  /** True if the request has not been thrown yet. The body counts those. */
  private boolean pending;

  /** Enters a scope of the body. */
  Scope(TaskBody body, @Nullable Scope outer) {
    this.body = body;
    this.outer = outer;
    this.entered = body.loop().nextMoment();
  }

  /** True if requests for what is around this scope have to wait for its end. */
  boolean masks() {
    return false;
  }

  /** What is thrown says this. */
  String message() {
    return body.task.name() + " was cancelled";
  }

  boolean isPending() {
    return pending;
  }

  /** Asks this scope to end. {@link TaskBody#interrupt} must follow. */
  final void request() {
    requested = body.loop().nextMoment();
    if (!pending) {
      pending = true;
      body.pendingRequests++;
    }
  }

  /** Throws the request: the error, to be thrown. */
  final Cancelled thrown() {
    forget();
    return new Cancelled(this, message());
  }

  /** A pending request is dropped. */
  final void forget() {
    if (pending) {
      pending = false;
      body.pendingRequests--;
    }
  }

  /** Leaves the scope: its requests end with it. */
  final void exit() {
    forget();
    body.leave(this);
  }

  /**
   * The outermost scope around this one, up to one that masks, that has been asked to end since
   * this one was entered. Asked when this scope is about to turn its requests into an outcome: what
   * is around it goes before.
   */
  final @Nullable Scope askedSince() {
    Scope found = null;
    for (Scope scope = outer; scope != null && !scope.masks(); scope = scope.outer) {
      if (scope.requested > entered) {
        found = scope;
      }
    }
    return found;
  }

  /** True if this scope is the other one or around it. */
  final boolean contains(@Nullable Scope other) {
    Scope scope = other;
    while (scope != null && scope != this) {
      scope = scope.outer;
    }
    return scope == this;
  }
}
