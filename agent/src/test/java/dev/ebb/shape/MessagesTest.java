package dev.ebb.shape;

import dev.ebb.config.Options;
import dev.ebb.testing.AgentJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * docs/troubleshooting.md has each message that Ebb prints. They are read from the compiled classes: the constants of every statement that hands a text to a log line, to a trouble, to
 * stderr, or to the user of a command. What is put together stands there by its parts.
 */
class MessagesTest {
    private static final Path DOCS = Path.of("..", "docs", "troubleshooting.md");

    @Test
    void eachMessageIsExplained() throws IOException {
        String docs = normal(Files.readString(DOCS));
        Set<String> missing = new TreeSet<>();
        Set<String> messages = messages(AgentJvm.home(Options.class));
        for (String message : messages) {
            if (!docs.contains(normal(message))) {
                missing.add(message);
            }
        }
        // so that the test notices when it finds nothing any more
        assertTrue(messages.size() > 100, () -> "only " + messages.size() + " messages found");
        assertEquals("", String.join("\n", missing), "messages that " + DOCS + " does not have");
    }

    /** Who looks a message up reads the headings. */
    @Test
    void eachHeadingHasAnAnswer() throws IOException {
        List<String> lines = Files.readAllLines(DOCS).stream().filter(line -> !line.isBlank()).toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("### ")) {
                assertTrue(i + 1 < lines.size() && !lines.get(i + 1).startsWith("#"), lines.get(i));
            }
        }
    }

    private static String normal(String text) {
        return text.replace("`", "").replaceAll("\\s+", " ");
    }

    static Set<String> messages(Path classes) throws IOException {
        Set<String> messages = new TreeSet<>();
        List<Path> files;
        try (Stream<Path> tree = Files.walk(classes)) {
            files = tree.filter(file -> file.toString().endsWith(".class")).collect(Collectors.toList());
        }
        for (Path file : files) {
            ClassReader reader = new ClassReader(Files.readAllBytes(file));
            reader.accept(new ClassVisitor(Opcodes.ASM9) {
                @Override
                public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                    return new Statements(reader.getClassName(), messages);
                }
            }, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        }
        return messages;
    }

    /** The text constants since the last statement ended, whenever a sink is called. */
    private static final class Statements extends MethodVisitor {
        private final String owner;
        private final Set<String> messages;
        private final List<String> constants = new ArrayList<>();

        Statements(String owner, Set<String> messages) {
            super(Opcodes.ASM9);
            this.owner = owner;
            this.messages = messages;
        }

        @Override
        public void visitLdcInsn(Object value) {
            if (value instanceof String) {
                constants.add(((String) value).trim());
            }
        }

        @Override
        public void visitMethodInsn(int opcode, String type, String name, String descriptor, boolean isInterface) {
            if (isSink(type, name, descriptor)) {
                constants.stream().filter(Statements::isSentence).forEach(messages::add);
                constants.clear();
            } else if (descriptor.endsWith(")Z") || descriptor.endsWith(")V") && !name.equals("<init>")) {
                // what is only asked for is not said
                constants.clear();
            }
        }

        private boolean isSink(String type, String name, String descriptor) {
            boolean constructed = name.equals("<init>");
            return name.equals("report") && descriptor.equals("(Ljava/lang/String;Ljava/lang/Throwable;Ljava/lang/String;)V")
                || name.equals("failed") && descriptor.equals("(ILjava/lang/String;)I")
                || type.equals("dev/ebb/config/Settings") && name.equals("problem")
                || constructed && (type.endsWith("/Refusal") || type.endsWith("/LibraryProblem"))
                || constructed && type.equals("java/lang/IllegalArgumentException") && (owner.startsWith("dev/ebb/config/") || owner.startsWith("dev/ebb/report/"))
                || type.equals("dev/ebb/load/Event") && name.equals("with") && (constants.contains("what") || constants.contains("remedy"))
                || type.equals("java/io/PrintStream") && owner.indexOf('/', "dev/ebb/".length()) < 0
                || type.equals("java/io/PrintStream") && owner.startsWith("dev/ebb/command/AttachCommand");
        }

        private static boolean isSentence(String text) {
            return text.split(" ").length >= 3 && !text.contains("\n");
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.POP || opcode == Opcodes.ATHROW || opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
                constants.clear();
            }
        }

        @Override
        public void visitVarInsn(int opcode, int variable) {
            if (opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE) {
                constants.clear();
            }
        }

        @Override
        public void visitFieldInsn(int opcode, String type, String name, String descriptor) {
            if (opcode == Opcodes.PUTFIELD || opcode == Opcodes.PUTSTATIC) {
                constants.clear();
            }
        }
    }
}
