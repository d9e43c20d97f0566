package dev.ebb.memory;

/** A program that reads its resident size and flushes its thread cache, as woven code does, and never purges. */
final class ResidentScenario {
    private ResidentScenario() { }

    public static void main(String[] arguments) {
        ProcessMemory memory = new ProcessMemory(null, (where, cause, remedy) -> System.out.println("trouble=" + where + " " + cause));
        memory.flushThreadCache();
        System.out.println("resident=" + memory.residentBytes());
    }
}
