package io.treadle.task;

import io.treadle.Async;
import io.treadle.AsyncCallable;
import io.treadle.AsyncConsumer;
import io.treadle.AsyncFunction;
import io.treadle.AsyncRunnable;
import io.treadle.CancelledError;
import io.treadle.Task;
import io.treadle.TaskGroup;
import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Sneaky;
import io.treadle.continuation.Twin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A task group: a scope of the task that opened it, the tasks that were forked in it, and the wait
 * for their end.
 */
public final class Group extends TaskGroup implements Wait {
  private final GroupScope scope;

  /** The children that are not done, in the order in which they were forked. */
  private @Nullable Child first;

  private @Nullable Child last;

  /** True once the children, and the body if it had not ended, were asked to end. */
  private boolean cancelled;

  private boolean bodyEnded;
  private boolean ended;

  /** Null while there is none. */
  private @Nullable Failures failures;

  /** A request for something around the group, on its way out. */
  private @Nullable Cancelled passing;

  /** The body, while it waits for the children. */
  private @Nullable TaskBody waiter;

  private Group(TaskBody body) {
    scope = new GroupScope(body, this);
    body.enter(scope);
  }

  /** What a request to end the body of the group names. */
  static final class GroupScope extends Scope {
    final Group group;

    GroupScope(TaskBody body, Group group) {
      super(body, body.scope());
      this.group = group;
    }

    @Override
    String message() {
      return "the task group was cancelled";
    }
  }

  /** A task of the group; the callback that runs when it is done. */
  private static final class Child implements Runnable {
    final Group group;
    final LoopTask<?> task;
    @Nullable Child previous;
    @Nullable Child next;

    Child(Group group, LoopTask<?> task) {
      this.group = group;
      this.task = task;
    }

    @Override
    public void run() {
      group.childEnded(this);
    }
  }

  // ------------------------------------------------------------------ running

  /** {@link TaskGroup#run}. */
  @Async
  public static <X extends Throwable> void run(AsyncConsumer<? super TaskGroup, X> body) throws X {
    Group group = new Group(Caller.task("TaskGroup"));
    Throwable thrown = null;
    try {
      body.accept(group);
    } catch (Throwable t) {
      thrown = t;
    }
    end(group, thrown);
  }

  /** {@link TaskGroup#call}. */
  @Async
  public static <T extends @Nullable Object, X extends Throwable> T call(
      AsyncFunction<? super TaskGroup, ? extends T, X> body) throws X {
    Group group = new Group(Caller.task("TaskGroup"));
    T value = null;
    Throwable thrown = null;
    try {
      value = body.apply(group);
    } catch (Throwable t) {
      thrown = t;
    }
    end(group, thrown);
    if (thrown != null) {
      throw new CancellationException("the task group was cancelled");
    }
    return value;
  }

  /** {@link io.treadle.Treadle#gather(Collection)}. */
  @Async
  public static <T extends @Nullable Object, X extends Throwable> List<T> gather(
      Collection<? extends AsyncCallable<? extends T, ? extends X>> bodies) throws X {
    Group group = new Group(Caller.task("gather"));
    List<Task<T>> tasks = new ArrayList<>(bodies.size());
    Throwable thrown = null;
    try {
      for (AsyncCallable<? extends T, ? extends X> body : bodies) {
        tasks.add(group.fork(body));
      }
    } catch (Throwable t) {
      thrown = t;
    }
    end(group, thrown);
    List<T> values = new ArrayList<>(tasks.size());
    for (Task<T> task : tasks) {
      values.add(task.result());
    }
    return Collections.unmodifiableList(values);
  }

  /** Waits for the children; then throws what the group has to throw. */
  @Async
  private static void end(Group group, @Nullable Throwable thrown) {
    group.bodyEnded(thrown);
    while (group.first != null) {
      try {
        join(group);
      } catch (CancelledError error) {
        group.pass((Cancelled) error);
      }
    }
    group.childrenEnded(thrown);
  }

  @Async
  private static void join(Group group) {
    throw new IllegalStateException("not woven");
  }

  @Twin
  private static void join(Group group, Coroutine coroutine) {
    ((TaskBody) coroutine).suspendFor(group);
  }

  private void bodyEnded(@Nullable Throwable thrown) {
    bodyEnded = true;
    scope.forget();
    if (thrown == null) {
      return;
    }
    Object origin = thrown instanceof Cancelled ? ((Cancelled) thrown).origin() : null;
    if (origin == scope) {
      return; // the children have been asked to end as well
    }
    if (origin instanceof Scope && ((Scope) origin).contains(scope)) {
      pass((Cancelled) thrown);
    } else {
      failed(thrown);
    }
  }

  /** A request for something around the group: the children end, then it goes on outwards. */
  private void pass(Cancelled error) {
    Cancelled before = passing;
    // Of two, the one for the outer scope has farther to go, and ends the inner scope as well.
    if (before == null || ((Scope) error.origin()).contains((Scope) before.origin())) {
      passing = error;
    }
    cancel();
  }

  private void failed(Throwable failure) {
    if (failures == null) {
      failures = new Failures();
    }
    failures.add(failure);
    cancel();
  }

  private void childEnded(Child child) {
    remove(child);
    Object outcome = child.task.outcome();
    if (outcome instanceof Outcome.Failure) {
      failed(Outcome.cause((Outcome.Failure) outcome));
    }
    TaskBody waiting = waiter;
    if (first == null && waiting != null) {
      waiter = null;
      waiting.resumeSoon();
    }
  }

  private void childrenEnded(@Nullable Throwable thrown) {
    ended = true;
    TaskLoop loop = scope.body.loop();
    Throwable failure = failures == null ? null : failures.combined(loop);
    Cancelled outwards = passing;
    if (outwards == null && (failure != null || thrown != null)) {
      Scope outer = scope.askedSince();
      outwards = outer == null ? null : outer.thrown();
    }
    scope.exit();
    if (outwards != null) {
      if (failure != null) {
        Failures.suppress(failure, outwards, loop);
      }
      throw outwards;
    }
    if (failure != null) {
      throw Sneaky.rethrow(failure);
    }
  }

  // ------------------------------------------------------------------ TaskGroup

  @Override
  public <T extends @Nullable Object> Task<T> fork(AsyncCallable<? extends T, ?> body) {
    requireOpen();
    LoopTask<T> task = scope.body.loop().startTask(body);
    add(task);
    return task;
  }

  @Override
  public Task<@Nullable Void> fork(AsyncRunnable<?> body) {
    requireOpen();
    LoopTask<@Nullable Void> task = scope.body.loop().startTask(body);
    add(task);
    return task;
  }

  private void requireOpen() {
    scope.body.loop().callbacks.requireThread("fork a task");
    if (ended) {
      throw new IllegalStateException("the task group has ended");
    }
  }

  @Override
  public void cancel() {
    scope.body.loop().callbacks.requireThread("cancel a task group");
    if (cancelled || ended) {
      return;
    }
    cancelled = true;
    for (Child child = first; child != null; child = child.next) {
      child.task.cancel();
    }
    if (!bodyEnded) {
      scope.request();
      scope.body.interrupt();
    }
  }

  private void add(LoopTask<?> task) {
    Child child = new Child(this, task);
    child.previous = last;
    if (last == null) {
      first = child;
    } else {
      last.next = child;
    }
    last = child;
    task.addWaiter(child);
    if (cancelled) {
      task.cancel();
    }
  }

  private void remove(Child child) {
    if (child.previous == null) {
      first = child.next;
    } else {
      child.previous.next = child.next;
    }
    if (child.next == null) {
      last = child.previous;
    } else {
      child.next.previous = child.previous;
    }
  }

  /** The children that are not done. */
  List<LoopTask<?>> children() {
    List<LoopTask<?>> children = new ArrayList<>();
    for (Child child = first; child != null; child = child.next) {
      children.add(child.task);
    }
    return children;
  }

  // ------------------------------------------------------------------ Wait

  @Override
  public void arm(TaskBody waiter) {
    this.waiter = waiter;
  }

  @Override
  public boolean cancel(TaskBody waiter) {
    if (this.waiter == null) {
      return false;
    }
    this.waiter = null;
    return true;
  }

  @Override
  public void deliver(TaskBody waiter) {
    waiter.deliver(Outcome.NULL);
  }

  @Override
  public String describe() {
    return "waiting for the tasks of a group";
  }
}
