package fleet.jobs;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;
import org.apache.flink.util.ParameterTool;

/**
 * The queries that run all the while: numbers from one source go to all workers by key, and each is answered out of RocksDB state, which has to hold what the number before it with the same key
 * has left there. So an answer is right or wrong, and a task that was started anew, a worker that was lost or an answer that came late is seen.
 */
public final class QueryJob {
    private static final long KEYS = 3000;

    private QueryJob() { }

    public static void main(String[] args) throws Exception {
        ParameterTool given = ParameterTool.fromArgs(args);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setBufferTimeout(5);
        DataGeneratorSource<Tuple2<Long, Long>> queries = new DataGeneratorSource<>(index -> Tuple2.of(index, System.currentTimeMillis()), Long.MAX_VALUE,
            RateLimiterStrategy.perSecond(given.getDouble("per-second")), Types.TUPLE(Types.LONG, Types.LONG));
        environment.fromSource(queries, WatermarkStrategy.noWatermarks(), "queries").setParallelism(1)
            .keyBy(query -> query.f0 % KEYS, Types.LONG)
            .process(new Answer(given.getRequired("journals"))).name("answer")
            .sinkTo(new DiscardingSink<>()).name("answers");
        environment.execute("queries");
    }

    /** Knows for each key which number came last. */
    private static final class Answer extends KeyedProcessFunction<Long, Tuple2<Long, Long>, Boolean> {
        private final String journals;
        private transient ValueState<Long> last;
        private transient Tally tally;

        Answer(String journals) {
            this.journals = journals;
        }

        @Override
        public void open(OpenContext context) {
            last = getRuntimeContext().getState(new ValueStateDescriptor<>("last", Types.LONG));
            tally = new Tally(new Journal(journals, "queries"), "queries");
        }

        @Override
        public void processElement(Tuple2<Long, Long> query, Context context, Collector<Boolean> out) throws Exception {
            Long before = last.value();
            boolean right = before == null ? query.f0 < KEYS : before == query.f0 - KEYS;
            last.update(query.f0);
            tally.count(right, Math.max(0, System.currentTimeMillis() - query.f1));
            out.collect(right);
        }

        @Override
        public void close() {
            if (tally != null) {
                tally.write();
            }
        }
    }
}
