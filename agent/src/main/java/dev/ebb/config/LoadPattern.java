package dev.ebb.config;

import java.util.List;

/**
 * One entry of {@code ebb.loads}: which methods are loads. Immutable. Names and descriptors are compared without loading a class or calling the program.
 *
 * <pre>
 * pkg.Class#method                     every overload of it
 * pkg.Class#load*                      * stands for any characters of a method's name
 * pkg.Class#m(java.lang.String,int,..) argument types, simple or full names; .. for any further ones
 * pkg.Class#&lt;init&gt; or pkg.Class#new   constructors
 * pkg.Type+#method                     the type and its subtypes
 * &#64;pkg.Annotation                      methods that bear the annotation
 * … as {0}                             the label: text with {n} for arguments from 0 on and {this} for the receiver
 * </pre>
 */
public final class LoadPattern {
    private static final String AS = " as ";

    private final String text;
    private final String typeName;
    private final boolean subtypes;
    private final String method;
    private final ArgumentTypes arguments;
    private final String label;

    private LoadPattern(String text, String typeName, boolean subtypes, String method, ArgumentTypes arguments) {
        this.text = text;
        this.typeName = typeName;
        this.subtypes = subtypes;
        this.method = method;
        this.arguments = arguments;
        int as = text.indexOf(AS);
        this.label = as < 0 ? null : label(text.substring(as + AS.length()).trim());
    }

    /** @throws IllegalArgumentException if the entry cannot be understood; the message reads on after the quoted entry and says what is accepted */
    public static LoadPattern parse(String entry) {
        String text = entry.trim();
        int as = text.indexOf(AS);
        String target = as < 0 ? text : text.substring(0, as).trim();
        if (target.startsWith("@")) {
            return annotation(text, target);
        }
        int hash = target.indexOf('#');
        if (hash < 0) {
            throw new IllegalArgumentException("has no #method; write pkg.Class#method");
        }
        boolean subtypes = target.startsWith("+", hash - 1);
        String typeName = typeName(target.substring(0, subtypes ? hash - 1 : hash));
        String rest = target.substring(hash + 1).trim();
        int open = rest.indexOf('(');
        if (open >= 0 != rest.endsWith(")") || open < 0 && rest.indexOf(')') >= 0) {
            throw new IllegalArgumentException("has unmatched parentheses; write pkg.Class#method(java.lang.String,..)");
        }
        ArgumentTypes arguments = open < 0 ? null : ArgumentTypes.parse(rest.substring(open + 1, rest.length() - 1));
        return new LoadPattern(text, typeName, subtypes, method(open < 0 ? rest : rest.substring(0, open).trim()), arguments);
    }

    /** The class as the user wrote it, nested classes after {@code $} or {@code .}; null for an annotation. */
    public String className() {
        return annotated() ? null : typeName;
    }

    /** The annotation as the user wrote it; null if the pattern names a class. */
    public String annotation() {
        return annotated() ? typeName : null;
    }

    /** Whether subtypes of the class are meant as well. */
    public boolean subtypes() {
        return subtypes;
    }

    /** Whether the name of a class alone decides if it is concerned: neither subtypes nor an annotation. */
    public boolean exact() {
        return !subtypes && !annotated();
    }

    /**
     * Compares with {@link #className} or {@link #annotation}.
     *
     * @param name internal ({@code pkg/Outer$Nested}) or binary ({@code pkg.Outer$Nested})
     */
    public boolean typeMatches(String name) {
        return TypeNames.same(typeName, name);
    }

    /** @param name as in the class file, {@code <init>} for constructors; any name matches an annotation pattern, constructors match only where they are named */
    public boolean methodMatches(String name) {
        if (name.startsWith("<")) {
            return annotated() ? name.equals("<init>") : name.equals(method);
        }
        return annotated() || glob(method, name);
    }

    /**
     * The longest part of the method's name without a star, {@code <init>} for constructors: every class file that declares a matching method holds it. Empty for an annotation, and for a
     * star alone.
     */
    public String longestLiteral() {
        String longest = "";
        List<String> parts = annotated() ? List.of() : Values.split(method, "*", false);
        for (int i = 0; i < parts.size(); i++) {
            longest = parts.get(i).length() > longest.length() ? parts.get(i) : longest;
        }
        return longest;
    }

    /** The method's name as the user wrote it, {@code <init>} for {@code new}; null for an annotation. */
    public String methodName() {
        return method;
    }

    /** @param descriptor of the method, {@code (Ljava/lang/String;I)V} */
    public boolean argumentsMatch(String descriptor) {
        return arguments == null || arguments.match(descriptor);
    }

    /**
     * Whether a rule for this pattern applies to a method that is watched because of {@code load}: it names the method itself, or it has the same target as {@code load}.
     *
     * @param className internal or binary name of the class that has the method
     */
    public boolean concerns(LoadPattern load, String className, String methodName, String descriptor) {
        boolean itself = !annotated() && typeMatches(className) && methodMatches(methodName) && argumentsMatch(descriptor);
        return itself || target().equals(load.target());
    }

    /** The label's template after {@code as}; null if the pattern has none. */
    public String label() {
        return label;
    }

    /** Whether the label needs the receiver or arguments. */
    public boolean needsArguments() {
        return label != null && label.indexOf('{') >= 0;
    }

    /** The entry as the user wrote it. */
    @Override
    public String toString() {
        return text;
    }

    private boolean annotated() {
        return method == null;
    }

    private String target() {
        return (annotated() ? "@" : "").concat(typeName).concat(subtypes ? "+" : "").concat(annotated() ? "" : "#".concat(method)).concat(arguments == null ? "" : arguments.toString());
    }

    private static LoadPattern annotation(String text, String target) {
        if (target.indexOf('#') >= 0 || target.indexOf('(') >= 0) {
            throw new IllegalArgumentException("names an annotation and a method; write @pkg.Annotation alone");
        }
        return new LoadPattern(text, typeName(target.substring(1)), false, null, null);
    }

    private static String typeName(String name) {
        String trimmed = name.trim();
        if (!TypeNames.valid(trimmed)) {
            throw new IllegalArgumentException(trimmed.isEmpty() ? "has no class; write pkg.Class#method" : "has no valid class name; write pkg.Class#method, without wildcards");
        }
        return trimmed;
    }

    private static String method(String name) {
        if (name.equals("new") || name.equals("<init>")) {
            return "<init>";
        }
        for (int i = 0; i < name.length(); i++) {
            if (!Character.isJavaIdentifierPart(name.charAt(i)) && name.charAt(i) != '*') {
                throw new IllegalArgumentException("has no valid method name; write pkg.Class#method, with * for any characters");
            }
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException("has no method after #; write pkg.Class#method");
        }
        return name;
    }

    private static String label(String template) {
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', open + 1)) {
            int close = template.indexOf('}', open);
            String inside = close < 0 ? "" : template.substring(open + 1, close);
            if (!inside.equals("this") && !Values.isNumber(inside, 3)) {
                throw new IllegalArgumentException("has a label that cannot be filled in; write {0}, {1}, … for arguments or {this}");
            }
        }
        if (template.isEmpty()) {
            throw new IllegalArgumentException("has no label after as; write as {0}");
        }
        return template;
    }

    /** Whether {@code name} is {@code pattern} with any characters for each star. */
    private static boolean glob(String pattern, String name) {
        int p = 0;
        int star = -1;
        int resume = 0;
        for (int n = 0; n < name.length(); n++) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n--;
            } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
                p++;
            } else if (star >= 0) {
                // let the last star take one character more
                p = star + 1;
                n = resume++;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
