package scenario;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.CheckClassAdapter;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.TreeMap;

/**
 * An agent behind Ebb, and the program: loads the classes that it is given the names of, has each transformed once more, and so sees what Ebb has made of it. Prints how many of them call the bridge,
 * and what ASM has to say of the data flow of any.
 */
public final class WovenJdk implements ClassFileTransformer {
    private static final byte[] BRIDGE = "java/lang/EbbBridge".getBytes(StandardCharsets.ISO_8859_1);
    private static Instrumentation instrumentation;

    private final Map<String, byte[]> seen = new TreeMap<>();

    public static void premain(String arguments, Instrumentation given) {
        instrumentation = given;
    }

    @Override
    public synchronized byte[] transform(Module module, ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
        if (name != null && redefined != null) {
            seen.put(name, bytes);
        }
        return null;
    }

    public static void main(String[] args) throws Exception {
        WovenJdk agent = new WovenJdk();
        instrumentation.addTransformer(agent, true);
        int missing = 0;
        for (String name : args) {
            try {
                instrumentation.retransformClasses(Class.forName(name, false, null));
            } catch (ClassNotFoundException e) {
                missing++;
            }
        }
        instrumentation.removeTransformer(agent);
        int woven = 0;
        for (Map.Entry<String, byte[]> type : agent.seen.entrySet()) {
            StringWriter text = new StringWriter();
            CheckClassAdapter.verify(new ClassReader(type.getValue()), null, false, new PrintWriter(text));
            if (!text.toString().isEmpty()) {
                System.out.println("FLAWED " + type.getKey() + " " + text);
            }
            if (contains(type.getValue(), BRIDGE)) {
                woven++;
            } else {
                System.out.println("unwoven " + type.getKey());
            }
        }
        System.out.println("woven " + woven + " of " + agent.seen.size() + ", not in this JDK " + missing);
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        for (int i = 0; i <= bytes.length - part.length; i++) {
            int same = 0;
            while (same < part.length && bytes[i + same] == part[same]) {
                same++;
            }
            if (same == part.length) {
                return true;
            }
        }
        return false;
    }
}
