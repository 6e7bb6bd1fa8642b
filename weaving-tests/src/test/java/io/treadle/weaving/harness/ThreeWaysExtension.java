package io.treadle.weaving.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs a {@link ThreeWays} case: one test for each compiler and schedule. */
final class ThreeWaysExtension implements TestTemplateInvocationContextProvider {
  /** What the source file of a test class was compiled to. */
  private record Compilation(Class<?> test, SourceCompiler compiler, List<String> options) {}

  private static final Map<Compilation, Program> PROGRAMS = new ConcurrentHashMap<>();

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    ThreeWays cases = context.getRequiredTestMethod().getAnnotation(ThreeWays.class);
    List<TestTemplateInvocationContext> runs = new ArrayList<>();
    for (SourceCompiler compiler : cases.compilers()) {
      for (Schedule schedule : Schedule.ALL) {
        runs.add(new Run(compiler, List.of(cases.options()), schedule));
      }
    }
    return runs.stream();
  }

  private static final class Run implements TestTemplateInvocationContext, InvocationInterceptor {
    private final SourceCompiler compiler;
    private final List<String> options;
    private final Schedule schedule;

    Run(SourceCompiler compiler, List<String> options, Schedule schedule) {
      this.compiler = compiler;
      this.options = options;
      this.schedule = schedule;
    }

    @Override
    public String getDisplayName(int index) {
      return compiler + ", " + schedule;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(this);
    }

    @Override
    public void interceptTestTemplateMethod(
        Invocation<Void> invocation,
        ReflectiveInvocationContext<Method> context,
        ExtensionContext extension) {
      invocation.skip();
      Class<?> test = extension.getRequiredTestClass();
      String method = context.getExecutable().getName();
      Program program =
          PROGRAMS.computeIfAbsent(
              new Compilation(test, compiler, options),
              c -> Program.ofTestClass(compiler, test, options));
      Outcome plain = program.plain(test.getName(), method);
      Outcome woven = program.woven(test.getName(), method, schedule);
      assertThat(plain.trace()).as("a case must log something").isNotEmpty();
      assertThat(woven).as(compiler + ", " + schedule).isEqualTo(plain);
      if (schedule == Schedule.SUSPENDED) {
        assertThat(woven.suspensions()).as("suspensions").isPositive();
      }
    }
  }
}
