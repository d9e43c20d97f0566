package dev.ebb.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseRuleTest {
    @Test
    void onTheResult() {
        CloseRule rule = CloseRule.parse("pkg.Class#load(String,..) => destroy()");
        assertEquals("pkg.Class#load(String,..)", rule.target().toString());
        assertEquals("destroy", rule.method());
        assertEquals(List.of(), rule.arguments());
        assertFalse(rule.onReceiver() || rule.unpublished());
        assertTrue(rule.concerns(LoadPattern.parse("pkg.Class#load*"), "pkg/Class", "load", "(Ljava/lang/String;)V"));
        assertFalse(rule.concerns(LoadPattern.parse("pkg.Class#load*"), "pkg/Class", "load", "()V"));
    }

    @Test
    void onTheReceiverWithArguments() {
        CloseRule rule = CloseRule.parse("pkg.Class#load=>this.drop( {2} , {0} ) unpublished");
        assertTrue(rule.onReceiver() && rule.unpublished());
        assertEquals("drop", rule.method());
        assertEquals(List.of(2, 0), rule.arguments());
    }

    @Test
    void unpublishedAloneMeansClose() {
        CloseRule rule = CloseRule.parse("pkg.Class#load => unpublished");
        assertEquals("close", rule.method());
        assertTrue(rule.unpublished());
        assertFalse(rule.onReceiver());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.B#m", "a.B#m =>", "a.B#m => destroy", "a.B#m => ()", "a.B#m => a.b()", "a.B#m => destroy(", "a.B#m => destroy({x})", "a.B#m => destroy(1)", "a.B#m => destroy({0},)",
        "a.B#m => destroy() published", "a.B => destroy()", "=> destroy()", "a.B#m => this.()"})
    void whatCannotBeReadIsExplained(String entry) {
        String message = assertThrows(IllegalArgumentException.class, () -> CloseRule.parse(entry)).getMessage();
        assertTrue(message.startsWith("h") && message.contains("; write "), message);
    }
}
