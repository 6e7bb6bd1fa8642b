package io.treadle.task;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A stage whose dependents are made by another one. */
interface StageDelegate<T extends @Nullable Object> extends CompletionStage<T> {
  /** Has the other one make a dependent. */
  <R> R attach(Function<CompletionStage<T>, R> dependent);

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenApply(
      Function<? super T, ? extends U> fn) {
    return attach(stage -> stage.thenApply(fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenApplyAsync(
      Function<? super T, ? extends U> fn) {
    return attach(stage -> stage.thenApplyAsync(fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenApplyAsync(
      Function<? super T, ? extends U> fn, Executor executor) {
    return attach(stage -> stage.thenApplyAsync(fn, executor));
  }

  @Override
  default CompletionStage<@Nullable Void> thenAccept(Consumer<? super T> action) {
    return attach(stage -> stage.thenAccept(action));
  }

  @Override
  default CompletionStage<@Nullable Void> thenAcceptAsync(Consumer<? super T> action) {
    return attach(stage -> stage.thenAcceptAsync(action));
  }

  @Override
  default CompletionStage<@Nullable Void> thenAcceptAsync(
      Consumer<? super T> action, Executor executor) {
    return attach(stage -> stage.thenAcceptAsync(action, executor));
  }

  @Override
  default CompletionStage<@Nullable Void> thenRun(Runnable action) {
    return attach(stage -> stage.thenRun(action));
  }

  @Override
  default CompletionStage<@Nullable Void> thenRunAsync(Runnable action) {
    return attach(stage -> stage.thenRunAsync(action));
  }

  @Override
  default CompletionStage<@Nullable Void> thenRunAsync(Runnable action, Executor executor) {
    return attach(stage -> stage.thenRunAsync(action, executor));
  }

  @Override
  default <U extends @Nullable Object, V extends @Nullable Object> CompletionStage<V> thenCombine(
      CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
    return attach(stage -> stage.thenCombine(other, fn));
  }

  @Override
  default <U extends @Nullable Object, V extends @Nullable Object>
      CompletionStage<V> thenCombineAsync(
          CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
    return attach(stage -> stage.thenCombineAsync(other, fn));
  }

  @Override
  default <U extends @Nullable Object, V extends @Nullable Object>
      CompletionStage<V> thenCombineAsync(
          CompletionStage<? extends U> other,
          BiFunction<? super T, ? super U, ? extends V> fn,
          Executor executor) {
    return attach(stage -> stage.thenCombineAsync(other, fn, executor));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<@Nullable Void> thenAcceptBoth(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
    return attach(stage -> stage.thenAcceptBoth(other, action));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<@Nullable Void> thenAcceptBothAsync(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
    return attach(stage -> stage.thenAcceptBothAsync(other, action));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<@Nullable Void> thenAcceptBothAsync(
      CompletionStage<? extends U> other,
      BiConsumer<? super T, ? super U> action,
      Executor executor) {
    return attach(stage -> stage.thenAcceptBothAsync(other, action, executor));
  }

  @Override
  default CompletionStage<@Nullable Void> runAfterBoth(CompletionStage<?> other, Runnable action) {
    return attach(stage -> stage.runAfterBoth(other, action));
  }

  @Override
  default CompletionStage<@Nullable Void> runAfterBothAsync(
      CompletionStage<?> other, Runnable action) {
    return attach(stage -> stage.runAfterBothAsync(other, action));
  }

  @Override
  default CompletionStage<@Nullable Void> runAfterBothAsync(
      CompletionStage<?> other, Runnable action, Executor executor) {
    return attach(stage -> stage.runAfterBothAsync(other, action, executor));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> applyToEither(
      CompletionStage<? extends T> other, Function<? super T, U> fn) {
    return attach(stage -> stage.applyToEither(other, fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> applyToEitherAsync(
      CompletionStage<? extends T> other, Function<? super T, U> fn) {
    return attach(stage -> stage.applyToEitherAsync(other, fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> applyToEitherAsync(
      CompletionStage<? extends T> other, Function<? super T, U> fn, Executor executor) {
    return attach(stage -> stage.applyToEitherAsync(other, fn, executor));
  }

  @Override
  default CompletionStage<@Nullable Void> acceptEither(
      CompletionStage<? extends T> other, Consumer<? super T> action) {
    return attach(stage -> stage.acceptEither(other, action));
  }

  @Override
  default CompletionStage<@Nullable Void> acceptEitherAsync(
      CompletionStage<? extends T> other, Consumer<? super T> action) {
    return attach(stage -> stage.acceptEitherAsync(other, action));
  }

  @Override
  default CompletionStage<@Nullable Void> acceptEitherAsync(
      CompletionStage<? extends T> other, Consumer<? super T> action, Executor executor) {
    return attach(stage -> stage.acceptEitherAsync(other, action, executor));
  }

  @Override
  default CompletionStage<@Nullable Void> runAfterEither(
      CompletionStage<?> other, Runnable action) {
    return attach(stage -> stage.runAfterEither(other, action));
  }

  @Override
  default CompletionStage<@Nullable Void> runAfterEitherAsync(
      CompletionStage<?> other, Runnable action) {
    return attach(stage -> stage.runAfterEitherAsync(other, action));
  }

  @Override
  default CompletionStage<@Nullable Void> runAfterEitherAsync(
      CompletionStage<?> other, Runnable action, Executor executor) {
    return attach(stage -> stage.runAfterEitherAsync(other, action, executor));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenCompose(
      Function<? super T, ? extends CompletionStage<U>> fn) {
    return attach(stage -> stage.thenCompose(fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenComposeAsync(
      Function<? super T, ? extends CompletionStage<U>> fn) {
    return attach(stage -> stage.thenComposeAsync(fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenComposeAsync(
      Function<? super T, ? extends CompletionStage<U>> fn, Executor executor) {
    return attach(stage -> stage.thenComposeAsync(fn, executor));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> handle(
      BiFunction<? super T, @Nullable Throwable, ? extends U> fn) {
    return attach(stage -> stage.handle(fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> handleAsync(
      BiFunction<? super T, @Nullable Throwable, ? extends U> fn) {
    return attach(stage -> stage.handleAsync(fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> handleAsync(
      BiFunction<? super T, @Nullable Throwable, ? extends U> fn, Executor executor) {
    return attach(stage -> stage.handleAsync(fn, executor));
  }

  @Override
  default CompletionStage<T> whenComplete(
      BiConsumer<? super T, ? super @Nullable Throwable> action) {
    return attach(stage -> stage.whenComplete(action));
  }

  @Override
  default CompletionStage<T> whenCompleteAsync(
      BiConsumer<? super T, ? super @Nullable Throwable> action) {
    return attach(stage -> stage.whenCompleteAsync(action));
  }

  @Override
  default CompletionStage<T> whenCompleteAsync(
      BiConsumer<? super T, ? super @Nullable Throwable> action, Executor executor) {
    return attach(stage -> stage.whenCompleteAsync(action, executor));
  }

  @Override
  default CompletionStage<T> exceptionally(Function<Throwable, ? extends T> fn) {
    return attach(stage -> stage.exceptionally(fn));
  }

  @Override
  default CompletionStage<T> exceptionallyAsync(Function<Throwable, ? extends T> fn) {
    return attach(stage -> stage.exceptionallyAsync(fn));
  }

  @Override
  default CompletionStage<T> exceptionallyAsync(
      Function<Throwable, ? extends T> fn, Executor executor) {
    return attach(stage -> stage.exceptionallyAsync(fn, executor));
  }

  @Override
  default CompletionStage<T> exceptionallyCompose(
      Function<Throwable, ? extends CompletionStage<T>> fn) {
    return attach(stage -> stage.exceptionallyCompose(fn));
  }

  @Override
  default CompletionStage<T> exceptionallyComposeAsync(
      Function<Throwable, ? extends CompletionStage<T>> fn) {
    return attach(stage -> stage.exceptionallyComposeAsync(fn));
  }

  @Override
  default CompletionStage<T> exceptionallyComposeAsync(
      Function<Throwable, ? extends CompletionStage<T>> fn, Executor executor) {
    return attach(stage -> stage.exceptionallyComposeAsync(fn, executor));
  }
}
