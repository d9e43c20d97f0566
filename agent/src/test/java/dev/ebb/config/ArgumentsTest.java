package dev.ebb.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    @Test
    void commasInsideParenthesesBelongToTheValue() {
        Arguments arguments = Arguments.parse("loads=pkg.C#m(java.lang.String,..);pkg.D#n,mode=observe");
        assertEquals("pkg.C#m(java.lang.String,..);pkg.D#n", arguments.value("loads"));
        assertEquals("observe", arguments.value("mode"));
        assertEquals(List.of("loads", "mode"), arguments.names());
    }

    @Test
    void commasBeforeWhatIsNoNameBelongToTheValue() {
        Arguments arguments = Arguments.parse("files=/a,/b,load.timeout=1s,a.B#m=30s,close=a.B#m => x(),c.D#n => y(),timeout.exceptions=a.B,c.D,purge=off");
        assertEquals("/a,/b", arguments.value("files"));
        assertEquals("1s,a.B#m=30s", arguments.value("load.timeout"));
        assertEquals("a.B#m => x(),c.D#n => y()", arguments.value("close"));
        assertEquals("a.B,c.D", arguments.value("timeout.exceptions"));
        assertEquals("off", arguments.value("purge"));
    }

    @Test
    void aForgottenParenthesisDoesNotSwallowTheNextOption() {
        assertEquals("observe", Arguments.parse("loads=a.B#m(int,mode=observe").value("mode"));
        assertEquals("observe", Arguments.parse("loads=a.B#m),x=(,mode=observe").value("mode"));
    }

    @Test
    void spacesAndPrefixesAreDropped() {
        assertEquals("observe", Arguments.parse(" ebb.mode = observe , purge=off").value("mode"));
    }

    @Test
    void emptyPiecesAreNothing() {
        Arguments arguments = Arguments.parse(",,");
        assertEquals(List.of(), arguments.names());
        assertEquals(List.of(), arguments.strays());
        assertEquals(List.of(), Arguments.parse(null).names());
        assertEquals("", Arguments.parse("mode=").value("mode"));
        assertNull(Arguments.parse("mode=off").value("modes"));
    }
}
