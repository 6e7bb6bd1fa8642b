package mocks;

import static io.treadle.Treadle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import io.treadle.PlainCalls;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.MockMakers;
import org.mockito.Mockito;

class MocksTest {
  @ParameterizedTest
  @ValueSource(strings = {MockMakers.SUBCLASS, MockMakers.INLINE})
  @PlainCalls
  void plainCodeStubsAndVerifiesAMock(String mockMaker) {
    Service service = mock(Service.class, withSettings().mockMaker(mockMaker));
    when(service.direct("a")).thenReturn("stubbed");
    when(service.future(any())).thenReturn(CompletableFuture.completedFuture("later"));
    assertEquals("stubbed, later", run(() -> new Caller().call(service)));
    verify(service, times(1)).direct("a");
    verify(service).future("b");
  }

  @ParameterizedTest
  @ValueSource(strings = {MockMakers.SUBCLASS, MockMakers.INLINE})
  void asyncCodeStubsAndVerifiesAMock(String mockMaker) {
    run(
        () -> {
          Service service = mock(Service.class, withSettings().mockMaker(mockMaker));
          when(service.direct("a")).thenReturn("stubbed");
          when(service.future(any())).thenReturn(CompletableFuture.completedFuture("later"));
          assertEquals("stubbed, later", new Caller().call(service));
          verify(service, times(1)).direct("a");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {MockMakers.SUBCLASS, MockMakers.INLINE})
  void aSpyAnswersWhereItIsStubbedAndIsRealElsewhere(String mockMaker) {
    run(
        () -> {
          Service service =
              mock(
                  Service.class,
                  withSettings()
                      .mockMaker(mockMaker)
                      .spiedInstance(new Service())
                      .defaultAnswer(Mockito.CALLS_REAL_METHODS));
          doReturn("stubbed").when(service).direct("b");
          doReturn("stubbed").when(service).direct("a");
          assertEquals("stubbed, real stubbed", new Caller().call(service));
          verify(service).direct("a");
          verify(service).direct("b");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"mock", "spy"})
  void theDefaultMockMakerDoesTheSame(String kind) {
    run(
        () -> {
          Caller caller = kind.equals("mock") ? mock(Caller.class) : spy(new Caller());
          doReturn("stubbed").when(caller).call(any());
          assertEquals("stubbed", caller.call(new Service()));
          verify(caller).call(any());
        });
  }
}
