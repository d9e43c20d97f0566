package many;

import java.util.ArrayList;
import java.util.List;

/** What 100,000 classes are made of: the same with another name, see ManyClasses. */
public class Template000000 extends Base implements Comparable<Template000000> {
    private final List<String> names = new ArrayList<>();
    private int count;

    public int add(String name) {
        names.add(name);
        return count++;
    }

    @Override
    public int compareTo(Template000000 other) {
        return Integer.compare(count, other.count);
    }

    @Override
    public String toString() {
        return "numbered " + count + names;
    }
}
