package scenario;

import java.nio.file.Path;
import java.util.concurrent.TimeoutException;

/** A load that times out and leaves its memory in one of the ways of {@link Patients}, once a line on stdin tells it to. Says {@code took BYTES}; the next line ends it. */
public final class LeavingPatient {
    private LeavingPatient() { }

    /** @param args the way; a directory */
    public static void main(String[] args) throws Exception {
        Patients patient = new Patients(Path.of(args[1]));
        patient.warmUp();
        patient.prepare(args[0]);
        while (System.in.available() == 0) {
            load("waiting", patient); // its lines tell when malloc is counted
        }
        System.in.read();
        try {
            load(args[0], patient);
        } catch (TimeoutException expected) {
            System.out.println("took " + expected.getMessage());
        }
        System.in.read();
    }

    /** Watched. */
    private static void load(String way, Patients patient) throws Exception {
        if (way.equals("waiting")) {
            Thread.sleep(20); // not faster than Ebb says them one by one
        } else {
            throw new TimeoutException(Long.toString(patient.take(way)));
        }
    }
}
