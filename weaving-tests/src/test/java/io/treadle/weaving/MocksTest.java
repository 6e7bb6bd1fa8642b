package io.treadle.weaving;

import static io.treadle.weaving.harness.Points.pause;
import static io.treadle.weaving.harness.Points.value;
import static io.treadle.weaving.harness.Trace.log;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.CALLS_REAL_METHODS;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import io.treadle.Async;
import io.treadle.AsyncCallable;
import io.treadle.AsyncFunction;
import io.treadle.PlainCalls;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.Schedule;
import io.treadle.weaving.harness.SourceCompiler;
import io.treadle.weaving.harness.ThreeWays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;
import org.mockito.MockMakers;
import org.mockito.MockSettings;
import org.mockito.exceptions.base.MockitoAssertionError;

/**
 * Case 62, and the eighth guarantee: both of Mockito's mock makers stub and verify direct-style
 * methods as plain ones.
 */
final class MocksTest {
  /** What is mocked. Its methods do not suspend: see {@link #suspensionBelowASpyFails}. */
  static class Store {
    int opened = 1;

    @Async
    String find(int key) {
      return "real" + key + opened;
    }

    @Async
    String findBoth(int a, int b) {
      return find(a) + find(b);
    }

    @Async
    long size(long... all) {
      return all.length;
    }

    @Async
    void clear() throws InterruptedException {
      opened = 0;
    }

    @Async
    CompletableFuture<String> later(int key) {
      return CompletableFuture.completedFuture("later" + key);
    }

    String plain() {
      return "plain";
    }
  }

  static class Cached extends Store {
    @Override
    @Async
    String find(int key) {
      return "cached" + super.find(key);
    }
  }

  interface Api {
    @Async
    String call(String x);

    @Async
    default String twice(String x) {
      return call(x) + call(x);
    }
  }

  /** The code under test. */
  record Service(Store store, Api api) {
    @Async
    String name(int key) throws Exception {
      pause();
      String first = store.find(value(key));
      AsyncFunction<Integer, String, Exception> reference = store::find;
      pause();
      return first + reference.apply(key);
    }

    @Async
    String viaApi(String x) {
      return api.call(value(x)) + api.twice(x);
    }
  }

  private static MockSettings subclass() {
    return withSettings().mockMaker(MockMakers.SUBCLASS);
  }

  private static MockSettings inline() {
    return withSettings().mockMaker(MockMakers.INLINE);
  }

  // ------------------------------------------------------------------ from woven test code

  @ThreeWays(compilers = SourceCompiler.JAVAC)
  @Async
  void subclassMocksFromWovenCode() throws Exception {
    mocks(mock(Store.class, subclass()), mock(Api.class, subclass()));
  }

  @ThreeWays(compilers = SourceCompiler.JAVAC)
  @Async
  void inlineMocksFromWovenCode() throws Exception {
    mocks(mock(Store.class, inline()), mock(Api.class, inline()));
  }

  @Async
  private static void mocks(Store store, Api api) throws Exception {
    Service service = new Service(store, api);
    log(store.find(1), store.size(1, 2), api.call("unstubbed"), store.plain());
    when(store.find(7)).thenReturn("stubbed");
    when(store.find(value(8))).thenThrow(new IllegalStateException("stubbed"));
    when(api.call(any())).thenAnswer(i -> "<" + i.getArgument(0) + ">");
    when(api.twice("x")).thenReturn("twice");
    when(store.size(1L, 2L)).thenReturn(12L);
    when(store.later(1)).thenReturn(CompletableFuture.completedFuture("soon"));
    log(service.name(7), service.viaApi("x"), store.size(1, 2), store.size(1));
    log(store.later(1).join());
    try {
      log(service.name(8));
    } catch (IllegalStateException e) {
      log(e, value(1));
    }
    doThrow(new InterruptedException("now")).when(store).clear();
    try {
      store.clear();
    } catch (InterruptedException e) {
      log(e, value(2));
    }
    verify(store, times(2)).find(7);
    verify(store, never()).findBoth(anyInt(), anyInt());
    verify(store).clear();
    ArgumentCaptor<String> captor = ArgumentCaptor.forClass(String.class);
    verify(api, times(2)).call(captor.capture());
    log(captor.getAllValues());
    try {
      verify(store).find(7);
      log("not reached");
    } catch (MockitoAssertionError e) {
      log("wanted once, was twice", value(3));
    }
    InOrder order = inOrder(store, api);
    order.verify(store, times(2)).find(7);
    order.verify(api).twice("x");
  }

  // ------------------------------------------------------------------ from plain test code

  @ThreeWays(compilers = SourceCompiler.JAVAC)
  @Async
  void subclassMocksFromPlainCode() throws Exception {
    Store store = mock(Store.class, subclass());
    Api api = mock(Api.class, subclass());
    stub(store, api);
    log(new Service(store, api).name(7), new Service(store, api).viaApi("x"));
    check(store, api);
  }

  @ThreeWays(compilers = SourceCompiler.JAVAC)
  @Async
  void inlineMocksFromPlainCode() throws Exception {
    Store store = mock(Store.class, inline());
    Api api = mock(Api.class, inline());
    stub(store, api);
    log(new Service(store, api).name(7), new Service(store, api).viaApi("x"));
    check(store, api);
  }

  @PlainCalls
  private static void stub(Store store, Api api) {
    when(store.find(7)).thenReturn("stubbed");
    when(api.call(any())).thenReturn("called");
    doReturn("twice").when(api).twice("x");
  }

  @PlainCalls
  private static void check(Store store, Api api) {
    verify(store, times(2)).find(7);
    verify(api).call("x");
    verify(api).twice("x");
    verifyNoMoreInteractions(store, api);
  }

  // ------------------------------------------------------------------ spies

  @ThreeWays(compilers = SourceCompiler.JAVAC)
  @Async
  void subclassSpies() throws Exception {
    spies(subclass(), subclass());
  }

  @ThreeWays(compilers = SourceCompiler.JAVAC)
  @Async
  void inlineSpies() throws Exception {
    spies(inline(), inline());
  }

  @Async
  private static void spies(MockSettings first, MockSettings second) throws Exception {
    Store store =
        mock(Store.class, first.spiedInstance(new Store()).defaultAnswer(CALLS_REAL_METHODS));
    log(store.find(1), store.findBoth(2, 3), store.size(1, 2, 3), store.plain());
    doReturn("stubbed").when(store).find(2);
    log(store.findBoth(2, 3), new Service(store, null).name(2));
    store.clear();
    log(store.opened, store.later(4).join());
    verify(store, times(4)).find(2);
    verify(store, times(2)).findBoth(2, 3);
    when(store.find(3)).thenReturn("three");
    log(store.findBoth(3, 1));
    Store cached =
        mock(Cached.class, second.spiedInstance(new Cached()).defaultAnswer(CALLS_REAL_METHODS));
    log(cached.find(1), cached.findBoth(1, 2), value("end"));
    verify(cached, times(2)).find(1);
  }

  /** Mocking one class must not change what real objects of it do. */
  @ThreeWays(compilers = SourceCompiler.JAVAC)
  @Async
  void realObjectsBesideInlineMocks() throws Exception {
    Store real = new Store();
    log(real.findBoth(1, 2));
    Store mock = mock(Store.class, inline());
    Store cached = new Cached();
    log(real.findBoth(1, 2), cached.findBoth(3, 4), mock.findBoth(5, 6));
    AsyncCallable<String, Exception> lambda = () -> real.find(value(7));
    log(lambda.call());
  }

  // ------------------------------------------------------------------ suspensions

  /** The interceptor is on the stack, and a suspension would return to it without a result. */
  @ParameterizedTest
  @ValueSource(strings = {MockMakers.SUBCLASS, MockMakers.INLINE})
  void suspensionBelowASpyFails(String maker) {
    Program program =
        Program.compile(
            SourceCompiler.JAVAC,
            """
            package demo;

            import static org.mockito.Mockito.*;
            import io.treadle.*;
            import io.treadle.weaving.harness.Points;

            public class Case {
              public static class Store {
                @Async
                public String find(int key) {
                  return "found" + Points.value(key);
                }
              }

              @Async
              static String run() {
                Store spy = mock(Store.class, withSettings().mockMaker("MAKER")
                    .spiedInstance(new Store()).defaultAnswer(CALLS_REAL_METHODS));
                return spy.find(1);
              }
            }
            """
                .replace("MAKER", maker));
    assertAgrees(program, Schedule.READY);
    assertThat(program.woven("demo.Case", "run", Schedule.SUSPENDED).thrown())
        .contains("cannot suspend here", "demo.Case$Store", "find(int)", "future style");
  }

  private static void assertAgrees(Program program, Schedule schedule) {
    assertThat(program.woven("demo.Case", "run", schedule))
        .isEqualTo(program.plain("demo.Case", "run"));
  }
}
