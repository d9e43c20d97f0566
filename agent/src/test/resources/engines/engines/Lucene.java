package engines;

import java.nio.file.Path;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.Analyzer.TokenStreamComponents;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.BytesRef;

final class Lucene implements Driver.Engine {
    private final Directory directory;

    private Lucene(Directory directory) {
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        Directory directory = new MMapDirectory(Path.of(args[0], "index"));
        IndexWriterConfig config = new IndexWriterConfig(new Unanalyzed());
        try (IndexWriter writer = new IndexWriter(directory, config.setUseCompoundFile(false))) {
            for (int i = 0; i < 100; i++) {
                Document document = new Document();
                document.add(new BinaryDocValuesField("bytes", new BytesRef(new byte[1000])));
                writer.addDocument(document);
            }
        }
        Driver.run(new Lucene(directory));
    }

    @Override
    public Object open() throws Exception {
        return DirectoryReader.open(directory);
    }

    @Override
    public void close(Object opened) throws Exception {
        ((DirectoryReader) opened).close();
    }

    private static final class Unanalyzed extends Analyzer {
        @Override
        protected TokenStreamComponents createComponents(String field) {
            throw new UnsupportedOperationException(field);
        }
    }
}
