package manifests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Checks rendered manifests: {@code manifests.Main FILE …}; each file may hold several. Says what is wrong and ends with 1; with {@code --environment FILE} it prints what is set for Ebb instead. */
public final class Main {
    private Main() { }

    public static void main(String[] args) throws Exception {
        boolean environment = args.length > 0 && args[0].equals("--environment");
        if (args.length < (environment ? 2 : 1)) {
            System.err.println("The files to check are to be named.");
            System.exit(2);
        }
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (String file : List.of(args).subList(environment ? 1 : 0, args.length)) {
            for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Files.readString(Path.of(file)))) {
                if (!(document instanceof Map<?, ?> manifest)) {
                    wrong.add(file + ": a document that is no object");
                    continue;
                }
                seen++;
                if (environment) {
                    Hardening.environment(manifest).forEach((name, value) -> System.out.println(name + "=" + value));
                } else {
                    Schema.problems(manifest).forEach(problem -> wrong.add(file + ": " + problem));
                    Hardening.problems(manifest).forEach(problem -> wrong.add(file + ": " + problem));
                }
            }
        }
        if (seen == 0) {
            wrong.add("there is no manifest in " + String.join(", ", args));
        }
        wrong.forEach(System.err::println);
        if (!environment && wrong.isEmpty()) {
            System.out.println(seen + " manifests are right");
        }
        System.exit(wrong.isEmpty() ? 0 : 1);
    }
}
