package dev.ebb.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadPatternTest {
    @Test
    void aPlainPattern() {
        LoadPattern pattern = LoadPattern.parse("  pkg.Class#method ");
        assertEquals("pkg.Class", pattern.className());
        assertEquals("pkg.Class#method", pattern.toString());
        assertTrue(pattern.exact());
        assertFalse(pattern.subtypes() || pattern.needsArguments());
        assertNull(pattern.annotation());
        assertNull(pattern.label());
        assertTrue(pattern.argumentsMatch("()V") && pattern.argumentsMatch("(ILjava/lang/String;)V"));
    }

    @Test
    void subtypesAndAnnotationsNeedATypeModel() {
        LoadPattern subtypes = LoadPattern.parse("pkg.Type+#load*");
        assertTrue(subtypes.subtypes() && !subtypes.exact());
        assertEquals("pkg.Type", subtypes.className());
        assertEquals("load*", subtypes.methodName());
        LoadPattern annotation = LoadPattern.parse("@pkg.Load as {this}/{1}");
        assertEquals("pkg.Load", annotation.annotation());
        assertNull(annotation.className());
        assertNull(annotation.methodName());
        assertFalse(annotation.exact() || annotation.subtypes());
        assertTrue(annotation.typeMatches("pkg/Load") && annotation.methodMatches("any") && annotation.methodMatches("<init>") && !annotation.methodMatches("<clinit>"));
    }

    @Test
    void labels() {
        assertEquals("segment {0}", LoadPattern.parse("a.B#m(int) as segment {0}").label());
        assertTrue(LoadPattern.parse("a.B#m as {this}").needsArguments());
        assertFalse(LoadPattern.parse("a.B#m as all segments").needsArguments());
    }

    @ParameterizedTest
    @CsvSource({"a.B#load, load, true", "a.B#load, loads, false", "a.B#load*, load, true", "a.B#load*, loadAll, true", "a.B#load*, reload, false", "a.B#*Segment, loadSegment, true",
        "a.B#*ab, aab, true", "a.B#*ab*c, xabababc, true", "a.B#*ab*c, xabababd, false", "a.B#l*d, ld, true", "a.B#l*d, l, false", "a.B#*, any, true", "a.B#*, <init>, false",
        "a.B#*, <clinit>, false", "a.B#<init>, <init>, true", "a.B#new, <init>, true", "a.B#new, new, false", "a.B#<init>, m, false"})
    void methodNames(String pattern, String method, boolean matches) {
        assertEquals(matches, LoadPattern.parse(pattern).methodMatches(method));
    }

    @ParameterizedTest
    @CsvSource({"a.B#m, a/B, true", "a.B#m, a.B, true", "a.B.C#m, a/B$C, true", "a.B$C#m, a/B$C, true", "a.B$C#m, a/B/C, false", "B#m, a/B, false", "a.B#m, aa/B, false", "a.B#m, a/Bc, false",
        "B#m, B, true"})
    void typeNames(String pattern, String name, boolean matches) {
        assertEquals(matches, LoadPattern.parse(pattern).typeMatches(name));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "() | ()V | true", "() | (I)V | false", "(int) | (I)V | true", "(int) | (J)V | false", "(int) | ()V | false", "(int) | (II)V | false", "(int,..) | (II)V | true", "(int,..) | (I)V | true",
        "(int,..) | ()V | false", "(..) | ()V | true", "(..) | (JLa/B;)V | true", "(java.lang.String) | (Ljava/lang/String;)V | true", "(String) | (Ljava/lang/String;)V | true",
        "(lang.String) | (Ljava/lang/String;)V | false", "(String) | (Ljava/lang/SubString;)V | false", "(String) | (LString;)V | true", "(Map.Entry) | (Ljava/util/Map$Entry;)V | true",
        "(Entry) | (Ljava/util/Map$Entry;)V | true", "(java.util.Map$Entry) | (Ljava/util/Map$Entry;)V | true", "(java.util.Map.Entry) | (Ljava/util/Map$Entry;)V | true",
        "(java.util.Map) | (Ljava/util/Map$Entry;)V | false", "(long[]) | ([J)V | true", "(long[]) | ([[J)V | false", "(long) | ([J)V | false", "(String[][],int) | ([[Ljava/lang/String;I)V | true",
        "(String...) | ([Ljava/lang/String;)V | true", "(boolean,byte,char,short,int,long,float,double) | (ZBCSIJFD)V | true", "(a.B , int) | (La/B;I)V | true", "(nt) | (I)V | false",
        "(I) | (I)V | false",
    })
    void argumentTypes(String types, String descriptor, boolean match) {
        assertEquals(match, LoadPattern.parse("x.Y#m" + types).argumentsMatch(descriptor));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'' | has no #method", "a.B | has no #method", "#m | has no class", "+#m | has no class", "a.B# | has no method", "a.B#m(int | has unmatched parentheses",
        "a.B#mint) | has unmatched parentheses", "a.B#m)int( | has unmatched parentheses", "a.B#m(int)x | has unmatched parentheses", "a.*#m | has no valid class name",
        "a..B#m | has no valid class name", "a.B.#m | has no valid class name", "a.B#m-n | has no valid method name", "a.B#m(List<String>) | has argument types that cannot be read",
        "a.B#m(int,) | has argument types that cannot be read", "a.B#m(..,int) | has argument types that cannot be read", "@ | has no class", "@a.B#m | names an annotation and a method",
        "a.B#m as {x} | has a label that cannot be filled in", "a.B#m as {0 | has a label that cannot be filled in", "a.B#m as {} | has a label that cannot be filled in",
    })
    void whatCannotBeReadIsExplained(String entry, String start) {
        String message = assertThrows(IllegalArgumentException.class, () -> LoadPattern.parse(entry)).getMessage();
        assertTrue(message.startsWith(start) && message.contains("; write "), message);
    }

    @Test
    void literals() {
        assertEquals("load", LoadPattern.parse("a.B#load").longestLiteral());
        assertEquals("Segments", LoadPattern.parse("a.B#load*Segments*x").longestLiteral());
        assertEquals("<init>", LoadPattern.parse("a.B#new").longestLiteral());
        assertEquals("", LoadPattern.parse("a.B#*").longestLiteral());
        assertEquals("", LoadPattern.parse("@a.B").longestLiteral());
    }

    @Test
    void aRuleConcernsTheMethodItNamesAndTheLoadsOfTheSameTarget() {
        LoadPattern load = LoadPattern.parse("a.Loader+#load* as {0}");
        assertTrue(LoadPattern.parse("a.Loader+#load*").concerns(load, "a/FastLoader", "loadAll", "()V"), "same target, whatever the label");
        assertTrue(LoadPattern.parse("a.FastLoader#loadAll").concerns(load, "a/FastLoader", "loadAll", "()V"), "the method itself");
        assertFalse(LoadPattern.parse("a.FastLoader#loadAll(int)").concerns(load, "a/FastLoader", "loadAll", "()V"), "another overload");
        assertFalse(LoadPattern.parse("a.Loader+#load*(int)").concerns(load, "a/FastLoader", "loadAll", "()V"), "a narrower target");
        assertFalse(LoadPattern.parse("@a.Loader").concerns(load, "a/FastLoader", "loadAll", "()V"), "an annotation is no class");
        assertTrue(LoadPattern.parse("@a.Timed").concerns(LoadPattern.parse("@a.Timed"), "x/Y", "z", "()V"));
    }
}
