import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.BytesRef;

/** Opens an index of some tens of MB in mapped memory, checks every byte of it, and searches it once, again and again. Compiled and run by benchmarks/load. */
public final class LuceneLoad {
    private static final int DOCUMENTS = 120_000;
    private static final int DOCUMENTS_A_SEGMENT = 20_000;
    private static final int DIMENSIONS = 64;

    private LuceneLoad() { }

    /** Mapped memory, and who reads it. */
    private record Opened(MMapDirectory directory, DirectoryReader reader) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            reader.close();
            directory.close();
        }
    }

    /** Watched. */
    static Opened load(Path path) throws IOException {
        MMapDirectory directory = new MMapDirectory(path);
        DirectoryReader reader = DirectoryReader.open(directory);
        for (LeafReaderContext leaf : reader.leaves()) {
            leaf.reader().checkIntegrity();
        }
        if (new IndexSearcher(reader).count(new TermQuery(new Term("text", "fox"))) != DOCUMENTS) {
            throw new IOException("the index is damaged");
        }
        return new Opened(directory, reader);
    }

    /** @param args directory of the index, which is written if it is not there, then how many loads to warm up with, and how many to measure */
    public static void main(String[] args) throws Exception {
        Path path = Path.of(args[0]);
        if (!Files.exists(path)) {
            write(path);
        }
        long bytes;
        try (Stream<Path> files = Files.list(path)) {
            bytes = files.mapToLong(file -> file.toFile().length()).sum();
        }
        LoadTimes.print("Lucene 9.12.3, " + (bytes >> 20) + " MiB", Integer.parseInt(args[1]), Integer.parseInt(args[2]), () -> load(path), "mappedBytes", bytes / 10 * 9);
    }

    private static void write(Path path) throws IOException {
        Random random = new Random(42);
        try (MMapDirectory directory = new MMapDirectory(path); IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(new StandardAnalyzer()).setUseCompoundFile(false))) {
            for (int i = 0; i < DOCUMENTS; i++) {
                Document document = new Document();
                document.add(new TextField("text", "the quick brown fox " + Integer.toString(random.nextInt(), 36) + " " + i % 977, Field.Store.YES));
                document.add(new LongPoint("number", i));
                document.add(new SortedDocValuesField("key", new BytesRef("k" + i)));
                float[] vector = new float[DIMENSIONS];
                for (int d = 0; d < DIMENSIONS; d++) {
                    vector[d] = random.nextFloat();
                }
                document.add(new KnnFloatVectorField("vector", vector));
                writer.addDocument(document);
                if ((i + 1) % DOCUMENTS_A_SEGMENT == 0) {
                    writer.flush();
                }
            }
        }
    }
}
