package io.treadle.continuation;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

public final class Linkage {
  public static Coroutine stub(String owner, String method) {
    return new Coroutine() {};
  }

  public static CallSite intercept(
      MethodHandles.Lookup lookup, String name, MethodType type, int version, MethodType plain) {
    return new ConstantCallSite(
        MethodHandles.dropArguments(
            MethodHandles.identity(Coroutine.class), 0, type.parameterType(0)));
  }
}
