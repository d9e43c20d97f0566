package segstore;

/**
 * Names a segment.
 *
 * @param collection the collection's name
 * @param number the segment's number in it, from 0
 */
public record SegmentName(String collection, int number) {
    @Override
    public String toString() {
        return collection + "/" + number;
    }
}
