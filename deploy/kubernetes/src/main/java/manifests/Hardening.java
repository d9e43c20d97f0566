package manifests;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What these manifests promise beside being right: nothing of a pod may be written but its volumes, no privileges, and memory limits. */
final class Hardening {
    private Hardening() { }

    static List<String> problems(Map<?, ?> manifest) {
        List<String> problems = new ArrayList<>();
        if (!"Deployment".equals(manifest.get("kind"))) {
            return problems;
        }
        Map<?, ?> pod = pod(manifest);
        want(problems, "the pod", pod, Boolean.TRUE, "securityContext", "runAsNonRoot");
        want(problems, "the pod", pod, "RuntimeDefault", "securityContext", "seccompProfile", "type");
        List<Object> volumes = list(pod, "volumes").stream().map(volume -> ((Map<?, ?>) volume).get("name")).map(Object.class::cast).toList();
        for (Map<?, ?> container : containers(pod)) {
            String name = "container " + container.get("name");
            want(problems, name, container, Boolean.TRUE, "securityContext", "readOnlyRootFilesystem");
            want(problems, name, container, Boolean.FALSE, "securityContext", "allowPrivilegeEscalation");
            want(problems, name, container, List.of("ALL"), "securityContext", "capabilities", "drop");
            if (at(container, "resources", "limits", "memory") == null) {
                problems.add(name + " has no limit of memory: doctor has none to compare with");
            }
            for (Object mount : list(container, "volumeMounts")) {
                if (!volumes.contains(((Map<?, ?>) mount).get("name"))) {
                    problems.add(name + " mounts " + ((Map<?, ?>) mount).get("name") + ", and there is no such volume");
                }
            }
        }
        String agent = String.valueOf(environment(manifest, "JAVA_TOOL_OPTIONS").get("JAVA_TOOL_OPTIONS"));
        if (!agent.contains("-javaagent:/ebb/ebb-agent.jar")) {
            problems.add("JAVA_TOOL_OPTIONS does not name the jar that the init container copies: " + agent);
        }
        return problems;
    }

    /** Ebb's options in the environment of a deployment's containers; empty for other kinds. */
    static Map<String, String> environment(Map<?, ?> manifest) {
        return "Deployment".equals(manifest.get("kind")) ? environment(manifest, "EBB_") : Map.of();
    }

    private static Map<String, String> environment(Map<?, ?> manifest, String prefix) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (Map<?, ?> container : containers(pod(manifest))) {
            for (Object one : list(container, "env")) {
                String name = String.valueOf(((Map<?, ?>) one).get("name"));
                if (name.startsWith(prefix)) {
                    environment.put(name, String.valueOf(((Map<?, ?>) one).get("value")));
                }
            }
        }
        return environment;
    }

    private static Map<?, ?> pod(Map<?, ?> manifest) {
        return at(manifest, "spec", "template", "spec") instanceof Map<?, ?> pod ? pod : Map.of();
    }

    private static List<Map<?, ?>> containers(Map<?, ?> pod) {
        List<Map<?, ?>> containers = new ArrayList<>();
        list(pod, "initContainers").forEach(container -> containers.add((Map<?, ?>) container));
        list(pod, "containers").forEach(container -> containers.add((Map<?, ?>) container));
        return containers;
    }

    private static List<?> list(Map<?, ?> in, String name) {
        return in.get(name) instanceof List<?> list ? list : List.of();
    }

    private static Object at(Object in, String... path) {
        Object found = in;
        for (String name : path) {
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return found;
    }

    private static void want(List<String> problems, String where, Map<?, ?> in, Object value, String... path) {
        Object found = at(in, path);
        if (!value.equals(found)) {
            problems.add(where + ": " + String.join(".", path) + " is " + found + " and not " + value);
        }
    }
}
