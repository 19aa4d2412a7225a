package whirlwind.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import whirlwind.loop.IOLoop;

/** The rules that the library's classes keep among themselves and towards Netty and the clock. */
@AnalyzeClasses(packages = "whirlwind", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final DescribedPredicate<JavaClass> NETTY = resideInAPackage("io.netty..");

    private static final DescribedPredicate<JavaClass> CODEC =
            resideInAPackage("whirlwind.http.codec..");

    @ArchTest
    static final ArchRule dependenciesPointDownTheRanks =
            classes()
                    .that()
                    .resideInAPackage("whirlwind..")
                    .should(useOnlyLowerRanks())
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("whirlwind.(**)").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule nettyStopsAtTheCodec =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "whirlwind.transport..", "whirlwind.net..", "whirlwind.http.codec..")
                    .should()
                    .dependOnClassesThat(NETTY)
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nettyIsInNoSignatureThatUsersSee =
            classes()
                    .that(are(exported()))
                    .should(showUsersNothingOf(NETTY.or(CODEC)))
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyTheLoopReadsTheClockOrSleeps =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("whirlwind.transport..", "whirlwind.loop..")
                    .should()
                    .accessTargetWhere(
                            describe(
                                    "reads the clock or sleeps",
                                    access -> readsTheClockOrSleeps(access.getTarget())))
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule everyPackageIsNullMarked =
            classes()
                    .that(are(describe("in a named package", c -> !c.getPackageName().isEmpty())))
                    .should(liveInANullMarkedPackage())
                    .allowEmptyShould(true);

    private static ArchCondition<JavaClass> useOnlyLowerRanks() {
        return condition(
                "use only lower ranks",
                (user, events) -> {
                    var layer = Layers.layerOf(user.getPackageName());
                    for (var dependency : user.getDirectDependenciesFromSelf()) {
                        var target = dependency.getTargetClass().getBaseComponentType();
                        if (target.getPackageName().startsWith("whirlwind.")
                                && !Layers.mayUse(layer, Layers.layerOf(target.getPackageName()))) {
                            events.add(
                                    SimpleConditionEvent.violated(
                                            dependency, dependency.getDescription()));
                        }
                    }
                });
    }

    private static ArchCondition<JavaClass> showUsersNothingOf(
            DescribedPredicate<JavaClass> hidden) {
        return condition(
                "show users nothing of " + hidden.getDescription(),
                (type, events) -> {
                    var supertypes =
                            Stream.concat(
                                    type.getSuperclass().stream(), type.getInterfaces().stream());
                    Stream.concat(
                                    supertypes.map(
                                            supertype -> new Seen(type.getName(), supertype)),
                                    type.getMembers().stream()
                                            .filter(member -> isOpen(member.getModifiers()))
                                            .flatMap(ArchitectureTest::signature))
                            .flatMap(Seen::rawTypes)
                            .filter(seen -> hidden.test(seen.type().toErasure()))
                            .forEach(seen ->
                                    events.add(
                                            SimpleConditionEvent.violated(
                                                    type,
                                                    seen.where()
                                                            + " shows "
                                                            + seen.type().getName())));
                });
    }

    /** A type and the public or protected declaration that names it. */
    private record Seen(String where, JavaType type) {
        Stream<Seen> rawTypes() {
            return type.getAllInvolvedRawTypes().stream()
                    .map(raw -> new Seen(where, raw.getBaseComponentType()));
        }
    }

    private static Stream<Seen> signature(JavaMember member) {
        var types =
                switch (member) {
                    case JavaField field -> Stream.of(field.getType());
                    case JavaCodeUnit code ->
                            Stream.concat(
                                    Stream.of(code.getReturnType()),
                                    Stream.concat(
                                            code.getParameterTypes().stream(),
                                            code.getExceptionTypes().stream()));
                    default -> throw new IllegalArgumentException("unknown member: " + member);
                };
        return types.map(type -> new Seen(member.getFullName(), type));
    }

    private static boolean isOpen(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC)
                || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static DescribedPredicate<JavaClass> exported() {
        var packages = exportedPackages();
        return describe(
                "public in exported packages",
                type -> packages.contains(type.getPackageName()) && isSeenByUsers(type));
    }

    private static boolean isSeenByUsers(JavaClass type) {
        return isOpen(type.getModifiers())
                && type.getEnclosingClass().map(ArchitectureTest::isSeenByUsers).orElse(true);
    }

    /** What the compiled module descriptor exports to everybody; whoever discovers tests asks. */
    static Set<String> exportedPackages() {
        var classes = IOLoop.class.getProtectionDomain().getCodeSource().getLocation();
        var file = Path.of(URI.create(classes.toString())).resolve("module-info.class");
        try (var descriptor = Files.newInputStream(file)) {
            return ModuleDescriptor.read(descriptor).exports().stream()
                    .filter(export -> !export.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return condition(
                "live in a package whose package-info says @NullMarked",
                (type, events) -> {
                    if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                        events.add(
                                SimpleConditionEvent.violated(
                                        type,
                                        type.getPackageName()
                                                + " has no @NullMarked package-info"));
                    }
                });
    }

    private static boolean readsTheClockOrSleeps(AccessTarget target) {
        var owner = target.getOwner();
        return switch (target.getName()) {
            case "nanoTime", "currentTimeMillis" -> owner.isEquivalentTo(System.class);
            case "now" -> owner.getPackageName().equals("java.time");
            case "sleep" ->
                    owner.isEquivalentTo(Thread.class) || owner.isEquivalentTo(TimeUnit.class);
            default -> target.getName().startsWith("system") && owner.isEquivalentTo(Clock.class);
        };
    }

    private interface Check {
        void on(JavaClass type, ConditionEvents events);
    }

    private static ArchCondition<JavaClass> condition(String description, Check check) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                check.on(type, events);
            }
        };
    }
}
