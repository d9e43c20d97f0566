package segstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import segstore.data.Generator;
import segstore.data.GroundTruth;
import segstore.data.Recipe;

/** Eight MiB in two segments, and a store around it that remembers every segment that its loader made. */
final class SmallCollection {
    static final Recipe RECIPE = new Recipe(8 << 20, 2, 7);
    static final String NAME = RECIPE.collection();

    final ObjectStore objects;
    final Path cache;
    final MemoryBudget budget = new MemoryBudget(12 << 20);
    final List<Segment> made = Collections.synchronizedList(new ArrayList<>());

    SmallCollection(Path folder) throws IOException, InterruptedException {
        this.objects = new ObjectStore(folder.resolve("objects"));
        this.cache = folder.resolve("cache");
        Generator generator = new Generator(objects, RECIPE);
        if (!generator.isDone()) {
            generator.generate();
        }
    }

    SegmentStore store(Set<Fault> faults) {
        SegmentLoader loader = new SegmentLoader(objects, cache, faults) {
            @Override
            public Segment load(SegmentName name, MemoryBudget.Reservation reservation, Pace pace) throws IOException {
                Segment segment = super.load(name, reservation, pace);
                made.add(segment);
                return segment;
            }
        };
        return new SegmentStore(objects, loader, budget, 2, faults);
    }

    Segment loadFirst() throws Exception {
        SegmentName name = objects.segments(NAME).get(0);
        return new SegmentLoader(objects, cache, Set.of())
                .load(name, budget.reserve(name, objects.bytes(name)), Pace.FULL);
    }

    GroundTruth truth() throws IOException {
        return GroundTruth.read(objects.folder(NAME));
    }

    long bytesMade() {
        return made.stream().mapToLong(Segment::bytes).sum();
    }

    int filesInCache() throws IOException {
        if (!Files.exists(cache)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(cache)) {
            return (int) files.filter(Files::isRegularFile).count();
        }
    }
}
