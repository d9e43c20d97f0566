package scenario;

import scenario.Engine.Order;

import java.io.BufferedReader;
import java.io.InputStreamReader;

/** Three loads that run until the test has seen what it waits for: one with a deadline of its own, one that is spared, one under the deadline for all. */
public final class Deadlines {
    private Deadlines() { }

    static Segment own(String name, Order order) {
        return Engine.load(name, order);
    }

    static Segment spared(String name, Order order) {
        return Engine.load(name, order);
    }

    static Segment forAll(String name, Order order) {
        return Engine.load(name, order);
    }

    public static void main(String[] args) throws Exception {
        Order own = new Order("own", 50_001);
        Order spared = new Order("spared", 50_002);
        Order forAll = new Order("for-all", 50_003);
        Order quick = new Order("quick", 50_004).open();
        Kept.keep(own("quick", quick));
        Thread[] threads = {
            new Thread(() -> own(own.name, own)), new Thread(() -> Kept.keep(spared(spared.name, spared))), new Thread(() -> forAll(forAll.name, forAll)),
        };
        for (Thread thread : threads) {
            thread.start();
        }
        System.out.println("waiting");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        in.readLine();
        own.open();
        spared.open();
        forAll.open();
        for (Thread thread : threads) {
            thread.join();
        }
        in.readLine();
        System.out.println("closed " + own.closes + " " + spared.closes + " " + forAll.closes + " " + quick.closes);
    }
}
