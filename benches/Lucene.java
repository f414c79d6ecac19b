// BM25 in Apache Lucene for benches/search.py: java -cp LUCENE.jar Lucene.java DOCUMENTS QUERIES INDEX ROUNDS
//
// DOCUMENTS and QUERIES hold a text a line. One field with EnglishAnalyzer, any of the query's distinct terms, the ten
// best; numbers of documents are all that is fetched. Prints one line of JSON: p50 and p99 in milliseconds.

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.MMapDirectory;

public class Lucene {
    // The just-in-time compiler needs more warmth than other engines.
    private static final int WARM = 20;

    public static void main(String[] arguments) throws Exception {
        List<String> queries = Files.readAllLines(Path.of(arguments[1]));
        int rounds = Integer.parseInt(arguments[3]);
        try (Analyzer analyzer = new EnglishAnalyzer(); MMapDirectory folder = new MMapDirectory(Path.of(arguments[2]))) {
            try (IndexWriter writer = new IndexWriter(folder, new IndexWriterConfig(analyzer))) {
                for (String text : Files.readAllLines(Path.of(arguments[0]))) {
                    Document document = new Document();
                    document.add(new TextField("text", text, Field.Store.NO));
                    writer.addDocument(document);
                }
                writer.forceMerge(1);
            }
            try (DirectoryReader reader = DirectoryReader.open(folder)) {
                IndexSearcher searcher = new IndexSearcher(reader);
                List<Double> millis = new ArrayList<>();
                for (int round = 0; round < WARM + rounds; round++) {
                    for (String query : queries) {
                        long started = System.nanoTime();
                        searcher.search(any(analyzer, query), 10);
                        if (round >= WARM) {
                            millis.add((System.nanoTime() - started) / 1e6);
                        }
                    }
                }
                Collections.sort(millis);
                System.out.printf(Locale.ROOT, "{\"p50\": %.4f, \"p99\": %.4f}%n", at(millis, 50), at(millis, 99));
            }
        }
    }

    private static double at(List<Double> sorted, int percent) {
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static BooleanQuery any(Analyzer analyzer, String text) throws Exception {
        Set<String> terms = new LinkedHashSet<>();
        try (TokenStream stream = analyzer.tokenStream("text", text)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                terms.add(term.toString());
            }
            stream.end();
        }
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        for (String term : terms) {
            query.add(new TermQuery(new Term("text", term)), BooleanClause.Occur.SHOULD);
        }
        return query.build();
    }
}
