package io.treadle.weaving.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes a random Java program from a seed: a class {@code demo.Case} whose methods nest loops,
 * handlers, switches, conditions, allocations and calls that may suspend. It always ends: loops are
 * short, a method calls only those written before it, and there is fuel for a number of steps.
 */
public final class RandomSource {
  private static final List<String> TYPES =
      List.of("int", "long", "double", "boolean", "String", "Object", "int[]", "char");

  private record Variable(String type, String name) {}

  private record Method(String name, String returns, List<String> parameters, boolean isStatic) {}

  private final Random random;
  private final StringBuilder text = new StringBuilder();
  private final List<Variable> scope = new ArrayList<>();
  private final List<Method> methods = new ArrayList<>();
  private final List<String> labels = new ArrayList<>();
  private int names;
  private int indent = 1;
  private int loops;
  private int finallies;

  private RandomSource(long seed) {
    this.random = new Random(seed);
  }

  /** The text of a program. */
  public static String of(long seed) {
    RandomSource source = new RandomSource(seed);
    source.program();
    return source.text.toString();
  }

  // ------------------------------------------------------------------ the class

  private void program() {
    text.append(
        """
        package demo;
        import io.treadle.Async;
        import io.treadle.weaving.harness.*;
        class Case {
          static int fuel = 400;
          static long shared = 1;
          int field = 1;
          String name = "case";
          final int[] array = {1, 2, 3};
          Case() {}
          Case(int field, String name) { this.field = field; this.name = name; }
          record Pair(Object first, long second) {}
          static boolean burn() {
            if (--fuel < 0) throw new Error("no fuel");
            return true;
          }
          static String text(Object o) {
            return o instanceof int[] a ? "ints" + a.length : o instanceof Case c ? c.name : "" + o;
          }
        """);
    for (int i = 0; i < 6; i++) {
      method();
    }
    scope.clear();
    line("@Async static void run() {");
    for (Method method : methods) {
      indent++;
      line("fuel = 400;");
      line("try {");
      line("  Trace.log(text(" + call(method, 2) + "));");
      line("} catch (Error | RuntimeException e) {");
      line("  Trace.log(e);");
      line("}");
      indent--;
    }
    line("}");
    text.append("}\n");
  }

  private void method() {
    boolean isStatic = random.nextBoolean();
    List<String> parameters =
        IntStream.range(0, random.nextInt(4)).mapToObj(i -> pick(TYPES)).toList();
    Method method = new Method("m" + methods.size(), pick(TYPES), parameters, isStatic);
    scope.clear();
    List<String> declared = new ArrayList<>();
    for (String type : parameters) {
      Variable variable = new Variable(type, "p" + names++);
      scope.add(variable);
      declared.add(type + " " + variable.name);
    }
    line(
        "@Async "
            + (isStatic ? "static " : "")
            + method.returns
            + " "
            + method.name
            + "("
            + String.join(", ", declared)
            + ") {");
    indent++;
    line("burn();");
    block(3, 2 + random.nextInt(2));
    line("return " + expression(method.returns, 2) + ";");
    indent--;
    line("}");
    methods.add(method);
  }

  // ------------------------------------------------------------------ statements

  private void block(int depth, int statements) {
    int visible = scope.size();
    for (int i = 0; i < statements; i++) {
      statement(depth);
    }
    while (scope.size() > visible) {
      scope.remove(scope.size() - 1);
    }
  }

  private void nested(int depth) {
    indent++;
    block(depth - 1, 1 + random.nextInt(2));
    indent--;
  }

  private void statement(int depth) {
    switch (depth > 0 ? random.nextInt(14) : random.nextInt(5)) {
      case 0, 1 -> {
        String type = pick(TYPES);
        String value = expression(type, 1 + random.nextInt(2));
        scope.add(new Variable(type, "v" + names++));
        line(type + " " + scope.get(scope.size() - 1).name + " = " + value + ";");
      }
      case 2 -> assignment();
      case 3 ->
          line(
              random.nextBoolean()
                  ? "Points.pause();"
                  : "Trace.log(text(" + expression(pick(TYPES), 2) + "));");
      case 4 -> jumpOrFailure();
      case 5, 6 -> {
        line("if (" + expression("boolean", 2) + ") {");
        nested(depth);
        if (random.nextBoolean()) {
          line("} else {");
          nested(depth);
        }
        line("}");
      }
      case 7, 8 -> loop(depth);
      case 9, 10, 11 -> handlers(depth);
      case 12 -> {
        line("switch (" + expression("int", 1) + " & 3) {");
        for (int i = 0; i < 3; i++) {
          line("  case " + i + ": {");
          nested(depth);
          line("  }");
          if (random.nextBoolean()) {
            line("  break;");
          }
        }
        line("  default:");
        line("}");
      }
      default -> {
        line("synchronized (Case.class) {");
        line("  shared += " + (1 + random.nextInt(5)) + ";");
        line("}");
      }
    }
  }

  private void assignment() {
    List<Variable> targets = scope.stream().filter(v -> !v.type.startsWith("final")).toList();
    if (targets.isEmpty() || random.nextInt(4) == 0) {
      line(
          pick(
              List.of(
                  "shared += " + expression("long", 2) + ";",
                  "shared = shared * 3 + " + expression("int", 2) + ";",
                  "new Case().array[" + index() + "] += " + expression("int", 2) + ";",
                  "new Case("
                      + expression("int", 1)
                      + ", "
                      + expression("String", 1)
                      + ").name += "
                      + expression("String", 1)
                      + ";")));
      return;
    }
    Variable target = pick(targets);
    String value = expression(target.type, 2);
    switch (target.type) {
      case "int", "long", "double" ->
          line(target.name + pick(List.of(" = ", " += ", " -= ", " *= ")) + value + ";");
      case "char" -> line(target.name + pick(List.of("++;", " += 1;", " = " + value + ";")));
      case "boolean" -> line(target.name + pick(List.of(" = ", " &= ", " ^= ")) + value + ";");
      case "String" -> line(target.name + pick(List.of(" = ", " += ")) + value + ";");
      case "int[]" -> line(target.name + "[" + index() + "] += " + expression("int", 2) + ";");
      default -> line(target.name + " = " + value + ";");
    }
  }

  /** What ends a path is conditional, so that what follows can be reached. */
  private void jumpOrFailure() {
    String condition = "if (" + expression("boolean", 1) + ") ";
    int choice = random.nextInt(4);
    if (choice == 0) {
      line(
          condition
              + "Points.failing(new IllegalStateException("
              + expression("String", 1)
              + "));");
    } else if (choice == 1) {
      line(condition + "throw new IllegalArgumentException(" + expression("String", 1) + ");");
    } else if (loops > 0 && finallies == 0) {
      line(condition + pick(List.of("break ", "continue ")) + pick(labels) + ";");
    } else {
      line(condition + "Points.pause();");
    }
  }

  private void loop(int depth) {
    String name = "i" + names++;
    String label = "l" + names++;
    String limit = random.nextBoolean() ? "3" : "Points.value(2)";
    int kind = random.nextInt(3);
    line("int " + name + " = " + (random.nextBoolean() ? "0" : "Points.value(0)") + ";");
    line(label + ":");
    line(
        switch (kind) {
          case 0 -> "for (; " + name + " < " + limit + " && burn(); " + name + "++) {";
          case 1 -> "while (" + name + "++ < " + limit + " & burn()) {";
          default -> "do {";
        });
    if (kind == 2) {
      line("  if (!burn() || " + name + "++ > 2) break;");
    }
    labels.add(label);
    loops++;
    scope.add(new Variable("final int", name));
    nested(depth);
    scope.remove(scope.size() - 1);
    loops--;
    labels.remove(label);
    line(kind == 2 ? "} while (" + expression("boolean", 1) + ");" : "}");
  }

  private void handlers(int depth) {
    line("try {");
    nested(depth);
    boolean ends = random.nextBoolean();
    if (!ends || random.nextBoolean()) {
      String name = "e" + names++;
      line(
          "} catch ("
              + pick(
                  List.of(
                      "IllegalStateException",
                      "RuntimeException",
                      "IllegalStateException | IllegalArgumentException"))
              + " "
              + name
              + ") {");
      scope.add(new Variable("final Object", name));
      nested(depth);
      scope.remove(scope.size() - 1);
    }
    if (ends) {
      line("} finally {");
      finallies++;
      nested(depth);
      finallies--;
    }
    line("}");
  }

  // ------------------------------------------------------------------ expressions

  private String index() {
    return random.nextBoolean()
        ? "" + random.nextInt(3)
        : "Points.value(" + random.nextInt(3) + ")";
  }

  private String call(Method method, int depth) {
    String arguments =
        method.parameters.stream()
            .map(type -> expression(type, depth - 1))
            .collect(Collectors.joining(", "));
    return (method.isStatic ? "" : "new Case().") + method.name + "(" + arguments + ")";
  }

  private String expression(String type, int depth) {
    List<String> choices = new ArrayList<>();
    for (Variable variable : scope) {
      if (variable.type.equals(type) || variable.type.equals("final " + type)) {
        choices.add(variable.name);
        choices.add("Points.value(" + variable.name + ")");
      }
    }
    choices.add(literal(type));
    choices.add("Points.value(" + literal(type) + ")");
    if (depth > 0) {
      choices.add("Points.value(" + expression(type, depth - 1) + ")");
      choices.add(
          "("
              + expression("boolean", depth - 1)
              + " ? "
              + expression(type, depth - 1)
              + " : "
              + expression(type, depth - 1)
              + ")");
      String yielded = "y" + names++;
      choices.add(
          "(("
              + type
              + ") switch ("
              + expression("int", depth - 1)
              + " & 1) { case 0 -> "
              + expression(type, depth - 1)
              + "; default -> { Points.pause(); "
              + type
              + " "
              + yielded
              + " = "
              + expression(type, depth - 1)
              + "; yield "
              + yielded
              + "; } })");
      for (Method method : methods) {
        if (method.returns.equals(type)) {
          choices.add(call(method, depth));
        }
      }
      String one = expression(type, depth - 1);
      String other = expression(type, depth - 1);
      switch (type) {
        case "int" -> {
          choices.add("(" + one + pick(List.of(" + ", " - ", " * ", " ^ ", " / ")) + other + ")");
          choices.add(expression("int[]", depth - 1) + "[" + index() + "]");
          choices.add("text(" + expression("Object", depth - 1) + ").length()");
        }
        case "long", "double" ->
            choices.add(
                "("
                    + one
                    + pick(List.of(" + ", " - ", " * "))
                    + expression("int", depth - 1)
                    + ")");
        case "boolean" -> {
          choices.add("(" + one + pick(List.of(" && ", " || ", " & ", " ^ ")) + other + ")");
          choices.add(
              "("
                  + expression("int", depth - 1)
                  + pick(List.of(" < ", " == "))
                  + expression("long", depth - 1)
                  + ")");
        }
        case "String" -> {
          choices.add(
              "("
                  + one
                  + " + "
                  + expression(pick(List.of("int", "long", "char", "double")), depth - 1)
                  + " + "
                  + other
                  + ")");
          choices.add(
              "new StringBuilder("
                  + one
                  + ").append("
                  + expression("long", depth - 1)
                  + ").toString()");
          choices.add("new Case(" + expression("int", depth - 1) + ", " + one + ").name");
        }
        case "Object" -> {
          choices.add("new Pair(text(" + one + "), " + expression("long", depth - 1) + ")");
          choices.add(
              "new Case("
                  + expression("int", depth - 1)
                  + ", "
                  + expression("String", depth - 1)
                  + ")");
          choices.add("(Object) " + expression("int", depth - 1));
        }
        case "int[]" ->
            choices.add(
                "new int[] {"
                    + expression("int", depth - 1)
                    + ", "
                    + expression("int", depth - 1)
                    + ", 3}");
        default -> {}
      }
    }
    return pick(choices);
  }

  private String literal(String type) {
    int n = random.nextInt(10);
    return switch (type) {
      case "int" -> "" + n;
      case "long" -> n + "L";
      case "double" -> n + ".5";
      case "boolean" -> "" + (n > 4);
      case "String" -> "\"s" + n + "\"";
      case "char" -> "'" + (char) ('a' + n) + "'";
      case "int[]" -> "new int[] {" + n + ", 1, 2}";
      default -> n == 0 ? "(Object) null" : "(Object) \"o" + n + "\"";
    };
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private void line(String line) {
    text.append("  ".repeat(indent)).append(line).append('\n');
  }
}
