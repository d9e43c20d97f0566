package scenario.ledgers;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Kind of thing × route into a thread × ending of the load: one load for each, with another load open beside each row. Prints what each load holds as the
 * program counts it; after each ending waits for a line on stdin, and gives everything back.
 */
public final class Matrix {
    private final List<Kind> kinds;
    private final Routes ways;
    private final List<Route> routes;
    private final Place place;
    private final ExecutorService callers = Executors.newCachedThreadPool(Threads::daemon);
    private int cells;
    private int rows;

    Matrix(Path directory, List<Kind> kinds, Routes ways, List<Route> routes) throws Exception {
        this.kinds = kinds;
        this.ways = ways;
        this.routes = routes;
        place = new Place(directory);
    }

    public static void main(String[] args) throws Exception {
        Routes ways = new Routes(true);
        new Matrix(Path.of(args[0]), Kinds.all(), ways, ways.all()).run();
    }

    void run() throws Exception {
        printAxes();
        warmUp();
        BufferedReader test = new BufferedReader(new InputStreamReader(System.in));
        for (Ending ending : Ending.values()) {
            List<Cell> run = new ArrayList<>();
            List<Sibling> siblings = new ArrayList<>();
            for (Route route : routes) {
                Sibling sibling = new Sibling(ending.label() + "/sibling/" + route.name(), rows++, kinds, place);
                ways.useOther(sibling::execute);
                for (Kind kind : kinds) {
                    if (ending.impossibleFor(kind) == null) {
                        Cell cell = new Cell(kind, route, ending, cells++, place, callers);
                        cell.run();
                        run.add(cell);
                    }
                }
                sibling.end();
                siblings.add(sibling);
            }
            run.forEach(Cell::print);
            siblings.forEach(Sibling::print);
            System.out.println("ran " + ending.label());
            collectUntilLine(test);
            for (Cell cell : run) {
                cell.end();
            }
            for (Sibling sibling : siblings) {
                sibling.giveBack();
            }
        }
        System.out.println("done");
    }

    private void printAxes() {
        System.out.println("kinds " + String.join(" ", kinds.stream().map(Kind::name).toList()));
        System.out.println("routes " + String.join(" ", routes.stream().map(Route::name).toList()));
        System.out.println("endings " + String.join(" ", Arrays.stream(Ending.values()).map(Ending::label).toList()));
        for (Ending ending : Ending.values()) {
            for (Kind kind : kinds) {
                if (ending.impossibleFor(kind) != null) {
                    System.out.println("impossible " + kind.name() + " " + ending.label() + ", " + ending.impossibleFor(kind));
                }
            }
        }
    }

    /** What the JDK makes once for everybody, and class loading, are no load's; but their garbage would be in the first load's heap bytes. */
    private void warmUp() throws Exception {
        for (Route route : routes) {
            for (Kind kind : kinds) {
                route.run().run(() -> {
                    Taken taken = kind.take(place, 2_000, new Account());
                    if (kind.back() != Kind.Back.NOBODY) {
                        taken.giveBack();
                    }
                });
            }
        }
    }

    /** An abandoned load is proven by a collection; while Ebb only observes, the program has to make it. */
    private static void collectUntilLine(BufferedReader test) throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        Thread collector = Threads.daemon(() -> {
            do {
                System.gc();
            } while (!awaitBriefly(told));
        });
        collector.start();
        test.readLine();
        told.countDown();
        collector.join();
    }

    private static boolean awaitBriefly(CountDownLatch latch) {
        try {
            return latch.await(300, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }
}
