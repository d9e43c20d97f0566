package fleet.jobs;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.ParameterTool;

/** A segment for each worker, and lookups in it. Nothing is exchanged between workers, so that Flink starts one task again without the others. */
public final class SegmentJob {
    private SegmentJob() { }

    public static void main(String[] args) throws Exception {
        ParameterTool given = ParameterTool.fromArgs(args);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        DataGeneratorSource<Long> numbers = new DataGeneratorSource<>(index -> index, Long.MAX_VALUE, RateLimiterStrategy.perSecond(given.getDouble("per-second")), Types.LONG);
        environment.fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers")
            .map(new SegmentLookup(given.getRequired("store"), given.getRequired("directory"), given.getBoolean("fresh"), given.getRequired("journals"), given.getLong("timeout"), given.getLong("entries"))).name("lookup")
            .sinkTo(new DiscardingSink<>()).name("answers");
        environment.execute("segments");
    }
}
