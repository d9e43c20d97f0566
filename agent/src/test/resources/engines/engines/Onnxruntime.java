package engines;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.file.Files;
import java.nio.file.Path;

final class Onnxruntime implements Driver.Engine {
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    private final String model;

    private Onnxruntime(String model) {
        this.model = model;
    }

    public static void main(String[] args) throws Exception {
        Path model = Path.of(args[0], "model.onnx");
        // ModelProto: ir_version 8, operator set 13, a graph "g" with one node: y = Identity(x), both of them one float
        Files.write(model, bytes("08 08  42 02 10 0D  3A 33  0A 10 0A 01 78 12 01 79 22 08 49 64 65 6E 74 69 74 79  12 01 67"
            + "  5A 0D 0A 01 78 12 08 0A 06 08 01 12 02 0A 00  62 0D 0A 01 79 12 08 0A 06 08 01 12 02 0A 00"));
        Driver.run(new Onnxruntime(model.toString()));
    }

    private static byte[] bytes(String hex) {
        return java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Override
    public Object open() throws Exception {
        return ENVIRONMENT.createSession(model);
    }

    @Override
    public void close(Object opened) throws Exception {
        ((OrtSession) opened).close();
    }
}
