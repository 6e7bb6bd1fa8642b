package app;

import api.Api;
import io.treadle.Async;

class Caller {
  @Async
  static String call(String name) {
    return Api.hello(Other.decorate(name));
  }
}
