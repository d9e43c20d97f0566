package scenario;

import java.nio.file.Path;
import java.util.concurrent.TimeoutException;

/** A load that times out and leaves its memory in one of the ways of {@link Patients}. Says {@code took BYTES}; a line on stdin ends it. */
public final class LeavingPatient {
    private LeavingPatient() { }

    /** @param args the way; a directory */
    public static void main(String[] args) throws Exception {
        Patients patient = new Patients(Path.of(args[1]));
        patient.warmUp();
        try {
            load(args[0], patient);
        } catch (TimeoutException expected) {
            System.out.println("took " + expected.getMessage());
        }
        System.in.read();
    }

    /** Watched. */
    private static void load(String way, Patients patient) throws Exception {
        throw new TimeoutException(Long.toString(patient.take(way)));
    }
}
