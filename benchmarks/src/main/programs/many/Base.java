package many;

/** So that whoever watches subtypes has to look further than one class. */
public class Base { }
