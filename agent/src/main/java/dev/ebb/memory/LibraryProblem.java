package dev.ebb.memory;

/** Why there is no native library, with what the user can do about it. */
final class LibraryProblem extends Exception {
    private static final long serialVersionUID = 1;
    private static final String NAME_ANOTHER = "name a library that fits with -Debb.native.path=FILE";

    private final String remedy;

    LibraryProblem(String what, String remedy, Throwable cause) {
        super("Ebb's native library " + what, cause);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }

    /** Both in one. */
    String sentence() {
        return getMessage() + "; " + remedy;
    }

    static LibraryProblem notInJar(String platform) {
        return new LibraryProblem("is not in this jar for " + platform, "build Ebb on that platform, or " + NAME_ANOTHER, null);
    }

    static LibraryProblem notUnpacked(String directory, Throwable cause) {
        return new LibraryProblem("could not be unpacked under " + directory + " (" + cause + ")",
            "name a directory that can be written with -Djava.io.tmpdir=DIR, or unpack the library and name it with -Debb.native.path=FILE", cause);
    }

    static LibraryProblem noFile(String path) {
        return new LibraryProblem("was looked for at " + path + ", and there is no such file", "correct -Debb.native.path, or leave it out for the one in the jar", null);
    }

    static LibraryProblem otherInterface(String path, Throwable cause) {
        return new LibraryProblem("at " + path + " is another library, or belongs to another version of Ebb",
            "name the one of this version with -Debb.native.path, or leave the option out", cause);
    }

    /** Translates what {@code System.load} threw: the texts are those of dlopen in glibc and musl, and of HotSpot, which looks into a file that dlopen refused. */
    static LibraryProblem notLoaded(String path, Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        if (cause instanceof IllegalCallerException) {
            return new LibraryProblem("may not be loaded under --illegal-native-access=deny", "allow it with --enable-native-access=ALL-UNNAMED", cause);
        }
        if (text.contains("failed to map segment") || text.contains("Operation not permitted")) {
            return new LibraryProblem("may not be executed at " + path + ", probably because the file system is mounted noexec (" + text + ")",
                "name a directory on another file system with -Djava.io.tmpdir=DIR, or put the library there and name it with -Debb.native.path=FILE", cause);
        }
        if (text.contains("Possible cause") || text.contains("wrong ELF class") || text.contains("ELF header") || text.contains("Exec format") || text.contains("file too short")) {
            return new LibraryProblem("at " + path + " is not for this machine, " + NativeLibrary.platform() + " (" + text + ")", NAME_ANOTHER, cause);
        }
        return new LibraryProblem("could not be loaded (" + cause + ")", NAME_ANOTHER, cause);
    }
}
