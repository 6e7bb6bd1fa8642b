package io.treadle.weaving;

import static io.treadle.weaving.harness.Points.pause;
import static io.treadle.weaving.harness.Points.value;
import static io.treadle.weaving.harness.Trace.log;

import io.treadle.Async;
import io.treadle.AsyncCallable;
import io.treadle.AsyncFunction;
import io.treadle.weaving.harness.ThreeWays;

/** Cases 53, 55 and 67: methods of interfaces, {@code super} calls, and what inherits two twins. */
final class InterfaceMethodsTest {
  interface Shape {
    @Async
    String area(int x) throws Exception;

    @Async
    default String describe(int x) throws Exception {
      pause();
      return "shape:" + hidden(x) + Shape.of(x) + Shape.secret(x) + area(value(x));
    }

    @Async
    private String hidden(int x) {
      return "h" + value(x);
    }

    @Async
    static String of(int x) {
      return "s" + value(x);
    }

    @Async
    private static String secret(int x) throws Exception {
      AsyncCallable<String, Exception> lambda = () -> "l" + value(x);
      return lambda.call() + lambda.call();
    }

    @Async
    default String lambdas(int x) throws Exception {
      AsyncCallable<String, Exception> lambda = () -> area(x) + hidden(value(x));
      AsyncFunction<Integer, String, Exception> reference = this::area;
      AsyncFunction<Integer, String, Exception> ofStatic = Shape::of;
      AsyncFunction<Integer, String, Exception> ofPrivate = this::hidden;
      return lambda.call() + reference.apply(x) + ofStatic.apply(x) + ofPrivate.apply(x);
    }
  }

  interface Named extends Shape {
    @Override
    @Async
    default String describe(int x) throws Exception {
      return "named:" + Shape.super.describe(value(x)) + value("!");
    }
  }

  static final class Circle implements Named {
    @Override
    @Async
    public String area(int x) {
      return "circle" + value(x);
    }
  }

  abstract static class Base implements Shape {}

  static final class Square extends Base {
    @Override
    @Async
    public String area(int x) {
      return "square" + x;
    }

    @Override
    @Async
    public String describe(int x) throws Exception {
      return "square:" + super.describe(x) + super.describe(value(x + 1));
    }
  }

  @ThreeWays
  @Async
  void defaultStaticAndPrivateMethods() throws Exception {
    Shape shape = new Circle();
    Named named = (Named) shape;
    Circle circle = (Circle) shape;
    log(shape.describe(1), named.describe(2), circle.describe(3));
    log(shape.lambdas(4), circle.lambdas(5));
  }

  @ThreeWays
  @Async
  void superCallsBeforeAndAfterASuspension() throws Exception {
    Base base = new Square();
    log(base.describe(1), ((Shape) base).describe(2), base.area(3));
  }

  /** The receiver's class is abstract and does not mention the method. */
  @ThreeWays
  @Async
  void methodOfAnInterfaceCalledOnAnAbstractClass() throws Exception {
    Base base = new Square();
    log(base.area(value(1)), base.lambdas(2));
  }

  // ------------------------------------------------------------------ 55

  static class Animal {
    int calls;

    @Async
    String name() {
      calls++;
      return "animal" + value(calls);
    }

    @Override
    public String toString() {
      return "animal";
    }
  }

  static class Dog extends Animal {
    @Override
    @Async
    String name() {
      pause();
      String first = super.name();
      pause();
      return first + super.name() + super.toString();
    }

    @Override
    public String toString() {
      return "dog";
    }
  }

  static final class Puppy extends Dog {
    @Override
    @Async
    String name() {
      String all = value("puppy") + super.name();
      class Local extends Puppies {
        @Override
        @Async
        String name() throws Exception {
          AsyncCallable<String, Exception> inLambda = () -> super.name() + Puppy.super.name();
          return inLambda.call();
        }
      }
      try {
        return all + new Local().name();
      } catch (Exception e) {
        return all + e;
      }
    }
  }

  static class Puppies {
    @Async
    String name() throws Exception {
      return value("puppies");
    }
  }

  @ThreeWays
  @Async
  void superCallsAfterASuspension() {
    Animal animal = new Dog();
    log(animal.name(), new Puppy().name(), animal.calls);
  }

  /** A resume must enter the body that was suspended, not the one that overrides it. */
  @ThreeWays
  @Async
  void theSameObjectIsSuspendedInThreeBodiesOfOneMethod() {
    log(new Third().f(3));
  }

  static class First {
    @Async
    String f(int n) {
      pause();
      return "1" + (n == 0 ? "" : this.f(n - 1));
    }
  }

  static class Second extends First {
    @Override
    @Async
    String f(int n) {
      String above = super.f(n);
      pause();
      return "2" + above;
    }
  }

  static final class Third extends Second {
    @Override
    @Async
    String f(int n) {
      String above = super.f(n);
      pause();
      return "3" + above;
    }
  }

  // ------------------------------------------------------------------ 67

  interface Left {
    @Async
    default String f() {
      return "left" + value(1);
    }
  }

  interface Right {
    @Async
    default String f() {
      return "right" + value(2);
    }
  }

  static final class Both implements Left, Right {
    @Override
    @Async
    public String f() {
      return "both" + Left.super.f() + Right.super.f() + value(3);
    }
  }

  interface One {
    @Async
    String f();
  }

  interface Two {
    @Async
    String f();
  }

  interface OneTwo extends One, Two {}

  interface OneTwoThree extends OneTwo, Three {
    @Override
    @Async
    String f();
  }

  interface Three {
    @Async
    String f();
  }

  static final class Twelve implements OneTwo {
    @Override
    @Async
    public String f() {
      return "twelve" + value(12);
    }
  }

  abstract static class FromClass {
    @Async
    public String f() {
      return "class" + value(0);
    }
  }

  static final class ClassWinsOverOne extends FromClass implements Left {}

  static final class ClassWinsOverTwo extends FromClass implements Left, Right, One {}

  interface LowerLeft extends Left {
    @Override
    @Async
    default String f() {
      return "lower" + Left.super.f();
    }
  }

  interface OtherLeft extends Left {}

  static final class Diamond implements LowerLeft, OtherLeft, Left {}

  abstract static class AbstractBoth implements Left, One {
    @Override
    @Async
    public abstract String f();
  }

  static final class ConcreteBoth extends AbstractBoth {
    @Override
    @Async
    public String f() {
      return "concrete" + value(5);
    }
  }

  abstract static class AbstractOneTwo implements One, Two {}

  static final class ConcreteOneTwo extends AbstractOneTwo {
    @Override
    @Async
    public String f() {
      return "concrete12" + value(6);
    }
  }

  @ThreeWays
  @Async
  void classThatInheritsTwoDefaults() {
    Left left = new Both();
    Right right = (Right) left;
    log(left.f(), right.f(), new Both().f());
  }

  @ThreeWays
  @Async
  void interfaceThatInheritsTwoAbstractMethods() {
    OneTwo both = new Twelve();
    One one = both;
    Two two = both;
    log(both.f(), one.f(), two.f());
  }

  @ThreeWays
  @Async
  void lambdaOfAnInterfaceThatInheritsTwo() {
    OneTwo both = () -> "lambda" + value(1);
    One one = both;
    Two two = both;
    OneTwoThree three = () -> "three" + value(3);
    One first = three;
    log(both.f(), one.f(), two.f(), three.f(), first.f(), ((Three) three).f());
  }

  @ThreeWays
  @Async
  void classWinsOverInterfaces() {
    Left one = new ClassWinsOverOne();
    Right two = new ClassWinsOverTwo();
    One three = (One) two;
    FromClass four = (FromClass) two;
    log(one.f(), two.f(), three.f(), four.f());
  }

  @ThreeWays
  @Async
  void theMostSpecificDefaultOfADiamondWins() {
    OtherLeft other = new Diamond();
    LowerLeft lower = new Diamond();
    log(other.f(), lower.f(), ((Left) other).f(), new Diamond().f());
  }

  @ThreeWays
  @Async
  void abstractClassesBetween() {
    Left left = new ConcreteBoth();
    AbstractBoth both = new ConcreteBoth();
    AbstractOneTwo oneTwo = new ConcreteOneTwo();
    log(left.f(), both.f(), ((One) left).f(), oneTwo.f(), ((Two) oneTwo).f());
  }
}
