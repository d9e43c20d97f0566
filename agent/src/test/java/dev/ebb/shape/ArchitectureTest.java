package dev.ebb.shape;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.ebb.config.Options;
import dev.ebb.testing.AgentJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Who may import whom (DESIGN 9), and what an agent in somebody else's JVM must not do. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(AgentJvm.home(Options.class));
    private static final Set<String> PARTS = Set.of("attach", "bridge", "command", "config", "doctor", "load", "memory", "record", "report", "rollback", "weave");

    @Test
    void theseAreAllParts() {
        Set<String> packages = CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
        Set<String> known = PARTS.stream().map("dev.ebb."::concat).collect(Collectors.toCollection(TreeSet::new));
        known.add("dev.ebb");
        assertEquals(known, packages);
    }

    /** The base package alone knows them all, and since it stands in no row, nobody knows it. */
    @ParameterizedTest
    @CsvSource({
        "bridge,   ''",
        "config,   ''",
        "load,     ''",
        "weave,    'bridge config load'",
        "record,   'bridge load'",
        "rollback, 'load'",
        "memory,   'load'",
        "attach,   ''",
        "command,  'attach config'",
        "doctor,   'attach load'",
        "report,   'load'"})
    void aPartKnowsNoOtherThan(String part, String others) {
        Set<String> allowed = new TreeSet<>(List.of(others.split(" ")));
        Set<String> known = new TreeSet<>();
        for (JavaClass type : CLASSES.that(in("dev.ebb." + part))) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
                if (target.startsWith("dev.ebb") && !target.equals("dev.ebb." + part) && !allowed.contains(target.replaceFirst("dev\\.ebb\\.?", ""))) {
                    known.add(dependency.getDescription());
                }
            }
        }
        assertEquals(Set.of(), known);
    }

    @ParameterizedTest
    @CsvSource({
        "bridge,   'java\\.(lang|util)(\\..*)?'",
        "config,   'java\\..*'",
        "load,     'java\\..*'",
        "record,   'java\\..*|com\\.sun\\.management'",
        "rollback, 'java\\..*'",
        "memory,   'java\\..*|(javax|com\\.sun)\\.management(\\..*)?'",
        "attach,   'java\\..*|com\\.sun\\.tools\\.attach'",
        "command,  'java\\..*|com\\.grack\\.nanojson'",
        "doctor,   'java\\..*|com\\.grack\\.nanojson'",
        "weave,    'java\\..*|org\\.objectweb\\.asm(\\..*)?'",
        "report,   'java\\..*|org\\.slf4j(\\..*)?|org\\.HdrHistogram|com\\.grack\\.nanojson|javax\\.management|jdk\\.jfr|io\\.prometheus\\.metrics\\.(config|expositionformats|model\\.snapshots)'"})
    void aPartUsesNoOtherLibraryThan(String part, String packages) {
        assertEquals(Set.of(), strangers("dev.ebb." + part, packages));
    }

    /** The part that knows all other parts leaves the libraries to them. */
    @Test
    void theBasePackageUsesNoLibrary() {
        assertEquals(Set.of(), strangers("dev.ebb", "java\\..*"));
    }

    /** The tools of {@code java -jar} are the program themselves. */
    @Test
    void nobodyEndsTheProgram() {
        check(noClasses().that().doNotHaveFullyQualifiedName("dev.ebb.Tools").should().callMethod(System.class, "exit", int.class).orShould().callMethod(Runtime.class, "exit", int.class)
            .orShould().callMethod(Runtime.class, "halt", int.class));
    }

    /** Stdout is the program's. On stderr the log comes through its own stream; before there is one, the base package prints. */
    @Test
    void nobodyPrints() {
        check(noClasses().that().doNotHaveFullyQualifiedName("dev.ebb.Tools").should().accessField(System.class, "out"));
        check(noClasses().that().resideOutsideOfPackage("dev.ebb").should().accessField(System.class, "err"));
        check(noClasses().should().callMethod(Throwable.class, "printStackTrace").orShould().callMethod(Thread.class, "dumpStack"));
    }

    /** Milliseconds of start-up, and a log manager that programs bring themselves. */
    @Test
    void nobodyLogsThroughTheJdk() {
        check(noClasses().should().dependOnClassesThat().resideInAnyPackage("java.util.logging..").orShould().dependOnClassesThat().areAssignableTo(System.Logger.class));
    }

    @Test
    void nativeMethodsAreTheMemorysAlone() {
        check(methods().that().haveModifier(JavaModifier.NATIVE).should().beDeclaredInClassesThat().resideInAPackage("dev.ebb.memory"));
    }

    @Test
    void whatIsPublicAndStaticIsFinal() {
        check(fields().that().arePublic().and().areStatic().should().beFinal());
    }

    /** That these tests see a dependency at all. */
    @Test
    void whatIsForbiddenElsewhereIsSeen() {
        assertFalse(strangers("dev.ebb.weave", "java\\..*").isEmpty());
        assertFalse(strangers("dev.ebb.report", "java\\..*|org\\.slf4j(\\..*)?|com\\.grack\\.nanojson").isEmpty());
        assertFalse(strangers("dev.ebb.bridge", "java\\.util(\\..*)?").isEmpty());
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }

    private static Set<String> strangers(String part, String packages) {
        JavaClasses classes = CLASSES.that(in(part));
        assertFalse(classes.isEmpty(), part);
        Set<String> strangers = new TreeSet<>();
        for (JavaClass type : classes) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (!target.isPrimitive() && !target.getPackageName().startsWith("dev.ebb") && !target.getPackageName().matches(packages)) {
                    strangers.add(dependency.getDescription());
                }
            }
        }
        return strangers;
    }

    private static DescribedPredicate<JavaClass> in(String packageName) {
        return DescribedPredicate.describe("in " + packageName, type -> type.getPackageName().equals(packageName));
    }
}
