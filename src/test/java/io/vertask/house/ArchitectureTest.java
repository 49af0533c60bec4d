package io.vertask.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;

/** Who may use whom, and what nothing may be called. */
@AnalyzeClasses(packages = Plan.HOUSE, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule everyRoomIsOnThePlan = classes()
            .should(condition("live in a room of the plan", (type, events) -> {
                String room = Plan.room(type.getPackageName());
                if (!Plan.knows(room)) {
                    events.add(violated(type, type.getName() + " is in '" + room + "': Plan.java has no such room"));
                }
            }));

    @ArchTest
    static final ArchRule aRoomUsesOnlyItsDoors = classes()
            .should(condition("use only doors of the plan", (type, events) -> {
                String room = Plan.room(type.getPackageName());
                for (var use : type.getDirectDependenciesFromSelf()) {
                    JavaClass used = use.getTargetClass().getBaseComponentType();
                    if (resideInAPackage(Plan.HOUSE + "..").test(used)
                            && !Plan.mayUse(room, Plan.room(used.getPackageName()))) {
                        events.add(violated(type, "'" + room + "' may not use that room: " + use.getDescription()));
                    }
                }
            }));

    @ArchTest
    static final ArchRule theCoreNeedsOnlyVertxCore = classes()
            .that()
            .resideInAPackage("io.vertask.task..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.vertask.task..",
                    "io.vertx.core..",
                    "io.netty..",
                    "java..",
                    "org.jspecify.annotations..",
                    "com.google.errorprone.annotations..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.vertask.(**)").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule aNameSaysWhatTheThingIs = noClasses()
            .should()
            .haveNameMatching(".*[.$]((Base|Abstract)[A-Z]\\w*|\\w*(Impl|Util|Utils|Helper|Manager))")
            .because("such a name says how a thing is built, not what it is")
            .allowEmptyShould(true);

    /** A blocking {@code Semaphore} imported by mistake would compile, and stall the loop. */
    @ArchTest
    static final ArchRule noPublicNameOfTheLibraryExistsElsewhere = classes()
            .that()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .and()
            .resideOutsideOfPackage("io.vertask.app..")
            .should(condition("have a name of their own", (type, events) -> {
                for (String other : List.of("java.util.", "java.util.concurrent.", "io.vertx.core.")) {
                    if (exists(other + type.getSimpleName())) {
                        events.add(violated(
                                type, type.getName() + " is easily taken for " + other + type.getSimpleName()));
                    }
                }
            }))
            .allowEmptyShould(true);

    private interface Check {
        void check(JavaClass type, ConditionEvents events);
    }

    private static ArchCondition<JavaClass> condition(String description, Check check) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                check.check(type, events);
            }
        };
    }

    private static ConditionEvent violated(JavaClass type, String message) {
        return SimpleConditionEvent.violated(type, message);
    }

    private static boolean exists(String name) {
        try {
            Class.forName(name, false, ArchitectureTest.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException none) {
            return false;
        }
    }
}
