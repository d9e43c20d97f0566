package scenario;

import org.objectweb.asm.Opcodes;

import java.io.InputStream;

/** Calls everything that the patterns of the test are about, and some that they must not match; each with bytes of its own. */
public final class WatchedMethods {
    private WatchedMethods() { }

    /** @param args path of the agent, if this scenario is to attach it to itself first; its classes are then loaded and have run before */
    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            callAll();
            String pid = Long.toString(ProcessHandle.current().pid());
            Class<?> machine = Class.forName("com.sun.tools.attach.VirtualMachine");
            Object self = machine.getMethod("attach", String.class).invoke(null, pid);
            machine.getMethod("loadAgent", String.class).invoke(self, args[0]);
            machine.getMethod("detach").invoke(self);
        }
        // outside of every load: charged to nobody
        Kept.direct(99_999);
        callAll();
        System.out.println("done");
    }

    public static void keep(Integer bytes) {
        Kept.direct(bytes);
    }

    private static void callAll() throws Exception {
        shapes(new Shapes());
        patterns();
        constructors();
        types();
        classFiles();
    }

    private static void shapes(Shapes shapes) {
        Shapes.ofClass(30_002_016);
        shapes.ofObject(20_002);
        shapes.callsPrivate(20_003);
        shapes.ofObjectSynchronized(20_004);
        Shapes.ofClassSynchronized(20_005);
        shapes.throughBridge(20_006);
        new Shapes.InheritsDefault().byDefault(20_007);
        check(shapes.over(20_008) == 3);
        check(Shapes.recursive(20_009, 4) == 5);
        check(Shapes.allArguments(true, (byte) 1, 'c', (short) 2, 20_010, 3L, 4f, 5d, new int[] {6}, "t").equals("true 1 c 2 20010 3 4.0 5.0 6 t"));
        check(Shapes.givesBoolean(20_011));
        check(Shapes.givesByte(20_012) == 7);
        check(Shapes.givesChar(20_013) == 'c');
        check(Shapes.givesShort(20_014) == 20_014);
        check(Shapes.givesInt(20_015) == 20_015);
        check(Shapes.givesLong(20_016) == 20_016_000_140_112L);
        check(Shapes.givesFloat(20_017) == 10_008.5f);
        check(Shapes.givesDouble(20_018) == 5_004.5);
        check(Shapes.givesArray(20_019)[0] == 20_019);
        check(Shapes.givesNull(20_020) == null);
        check(Shapes.branches(20_021) == 4);
        fails("this load fails", () -> Shapes.fails(20_022));
    }

    private static void patterns() {
        Shapes.Wild.loadNow(20_101);
        Shapes.Wild.loadSegmentNow(20_102);
        Shapes.Wild.loadLater(20_103);
        Shapes.Wild.reloadNow(20_104);
        Shapes.Arguments.open("a", 20_201);
        Shapes.Arguments.open("a", 20_202, 1L);
        Shapes.Arguments.open("a", 20_203L);
        Shapes.Arguments.open(20_204);
        Shapes.Arguments.array(new int[] {20_301}, "a", "b");
        Shapes.Arguments.array(new int[] {20_302}, "a");
        Shapes.Arguments.none();
        Shapes.Arguments.none(20_502);
        new Shapes.Labels().load("segment \"7\"", -7L, 0.25, Shapes.Labels.Level.HOT, new Object[0], 20_601);
    }

    private static void constructors() {
        new Constructors.Plain(21_001);
        Constructors.Branching branching = new Constructors.Branching(21_002, "direct");
        check(branching.buffer.limit() == 21_002);
        check(branching.load(21_003) == 21_006);
        check(new Constructors.Delegating(21_004).buffer.limit() == 21_004);
        fails("before", () -> new Constructors.FailsBefore(21_005));
        fails("after", () -> new Constructors.FailsAfter(21_006));
    }

    private static void types() {
        new Types.Direct().loadIt(22_001);
        new Types.Direct().openIt(22_002);
        new Types.Direct().loadByDefault(22_003);
        new Types.Deep().loadIt(22_004);
        new Types.Inherits().loadIt(22_005);
        new Types.Overrides().loadIt(22_006);
        new Types.Overrides().loadByDefault(22_007);
        new Types.Stranger().loadIt(22_008);
        new Types.Loader() {
            @Override
            public void loadIt(int bytes) {
                Kept.direct(bytes);
            }
        }.loadIt(22_009);
        new Types.Engine().open(22_101);
        new Types.SubEngine().open(22_102);
        new Types.SubEngine().open("other arguments", 22_103);
        new Types.Annotated(22_201);
        Types.Annotated.marked(22_202);
        Types.Annotated.unmarked(22_203);
    }

    private static void classFiles() throws Exception {
        check(Plugin.load(23_001) == 23_001);
        Definer definer = new Definer();
        byte[] plugin;
        try (InputStream in = WatchedMethods.class.getResourceAsStream("Plugin.class")) {
            plugin = in.readAllBytes();
        }
        check(call(definer.define("scenario.Plugin", plugin), 23_002) == 23_002);
        // not at all with frames, and with none though the version allows them
        for (int version : new int[] {Opcodes.V1_3, Opcodes.V1_5, Opcodes.V1_6}) {
            Class<?> old = definer.define("scenario.Old" + version, OldClassFile.make("scenario/Old" + version, version));
            check(call(old, 23_100 + version) == 0);
            old.getConstructor(Integer.class).newInstance(23_200 + version);
        }
    }

    private static int call(Class<?> type, int bytes) throws ReflectiveOperationException {
        return (int) type.getMethod("load", Integer.class).invoke(null, bytes);
    }

    /** Defines classes that its parent has as well. */
    private static final class Definer extends ClassLoader {
        Definer() {
            super(WatchedMethods.class.getClassLoader());
        }

        Class<?> define(String name, byte[] bytes) {
            return Kept.keep(defineClass(name, bytes, 0, bytes.length));
        }
    }

    private interface Call {
        void run();
    }

    private static void fails(String message, Call call) {
        String thrown = null;
        try {
            call.run();
        } catch (IllegalStateException e) {
            thrown = e.getMessage();
        }
        check(message.equals(thrown));
    }

    private static void check(boolean truth) {
        if (!truth) {
            throw new AssertionError();
        }
    }
}
