package io.treadle.agent;

import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.TypeResolutionStrategy;
import net.bytebuddy.implementation.LoadedTypeInitializer;
import net.bytebuddy.pool.TypePool;

/**
 * A type that is built already: Byte Buddy takes the given bytes as they are, where its own
 * builders write a class file anew.
 *
 * <p>Who wants to build on it gets the redefinition of those bytes.
 */
final class GivenBytes<T> extends DynamicType.Builder.AbstractBase.Delegator<T> {
  private final TypeDescription type;
  private final byte[] bytes;
  private final List<DynamicType> auxiliaryTypes;
  private final ClassFileLocator locator;

  /**
   * @param auxiliaryTypes what belongs to the type
   * @param locator finds other types
   */
  GivenBytes(
      TypeDescription type,
      byte[] bytes,
      List<DynamicType> auxiliaryTypes,
      ClassFileLocator locator) {
    this.type = type;
    this.bytes = bytes;
    this.auxiliaryTypes = auxiliaryTypes;
    this.locator = locator;
  }

  @Override
  public DynamicType.Unloaded<T> make() {
    return make(TypeResolutionStrategy.Passive.INSTANCE);
  }

  @Override
  public DynamicType.Unloaded<T> make(TypePool pool) {
    return make();
  }

  @Override
  public DynamicType.Unloaded<T> make(TypeResolutionStrategy resolution, TypePool pool) {
    return make(resolution);
  }

  @Override
  public DynamicType.Unloaded<T> make(TypeResolutionStrategy resolution) {
    return new DynamicType.Default.Unloaded<>(
        type, bytes, LoadedTypeInitializer.NoOp.INSTANCE, auxiliaryTypes, resolution.resolve());
  }

  @Override
  public TypeDescription toTypeDescription() {
    return type;
  }

  @Override
  @SuppressWarnings("unchecked") // the parameter stands for a type that is not loaded
  protected DynamicType.Builder<T> materialize() {
    ClassFileLocator all =
        new ClassFileLocator.Compound(ClassFileLocator.Simple.of(type.getName(), bytes), locator);
    TypeDescription described = TypePool.Default.of(all).describe(type.getName()).resolve();
    DynamicType.Builder<?> builder = new ByteBuddy().redefine(described, all);
    return (DynamicType.Builder<T>) builder.require(auxiliaryTypes);
  }
}
