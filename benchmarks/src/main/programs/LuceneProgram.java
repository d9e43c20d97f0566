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
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A small program with many classes: writes an index, opens it, and searches it in three ways. Compiled and run by benchmarks/start. */
public final class LuceneProgram {
    public static void main(String[] args) throws Exception {
        Path path = Files.createTempDirectory("lucene");
        try (FSDirectory directory = FSDirectory.open(path)) {
            try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(new StandardAnalyzer()))) {
                for (int i = 0; i < 500; i++) {
                    Document document = new Document();
                    document.add(new TextField("text", "the quick brown fox " + i % 7, Field.Store.YES));
                    document.add(new LongPoint("number", i));
                    document.add(new SortedDocValuesField("key", new BytesRef("k" + i)));
                    document.add(new KnnFloatVectorField("vector", new float[] {i, i % 13, i % 5}));
                    writer.addDocument(document);
                }
            }
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                IndexSearcher searcher = new IndexSearcher(reader);
                BooleanQuery query = new BooleanQuery.Builder().add(new TermQuery(new Term("text", "fox")), BooleanClause.Occur.MUST)
                    .add(LongPoint.newRangeQuery("number", 10, 200), BooleanClause.Occur.FILTER).build();
                long hits = searcher.count(query) + searcher.search(new KnnFloatVectorQuery("vector", new float[] {3, 3, 3}, 10), 10).totalHits.value;
                System.out.println(hits);
            }
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : (Iterable<Path>) List.copyOf(files.sorted(Comparator.reverseOrder()).toList())::iterator) {
                Files.delete(file);
            }
        }
    }
}
