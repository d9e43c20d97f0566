package dev.ebb.load;

/** Told by the recorder, on the threads of the program, that a load has begun or changed. Returns at once, holds no lock, throws nothing. */
public interface LoadListener {
    /** RSS now, in bytes; about a microsecond at worst. */
    long residentBytes();

    void began(Load load);

    /** A method that releases what loads have brought in has returned, or thrown. */
    void released(ReleaseCall call);

    /** It was left, became quiet, or its caller gave up: look at it again. */
    void changed(Load load);
}
