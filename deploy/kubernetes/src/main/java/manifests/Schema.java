package manifests;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether a manifest is one of its kind by Kubernetes' own description: no field that it does not have, none missing that must be there, each of its type. */
final class Schema {
    private static final Map<String, Kind> KINDS = Map.of("apps/v1 Deployment", new Kind(V1Deployment.class, V1Deployment::validateJsonElement),
        "v1 ConfigMap", new Kind(V1ConfigMap.class, V1ConfigMap::validateJsonElement), "networking.k8s.io/v1 NetworkPolicy", new Kind(V1NetworkPolicy.class, V1NetworkPolicy::validateJsonElement));

    private Schema() { }

    private interface Fields {
        void check(JsonElement manifest) throws Exception;
    }

    /** @param fields tells those that are not known or missing, and not whether a number is one: reading as {@code type} does */
    private record Kind(Class<?> type, Fields fields) { }

    static List<String> problems(Map<?, ?> manifest) {
        List<String> problems = new ArrayList<>();
        String kind = manifest.get("apiVersion") + " " + manifest.get("kind");
        Kind known = KINDS.get(kind);
        if (known == null) {
            problems.add(kind + " is no kind that this check knows: add it in " + Schema.class.getName());
            return problems;
        }
        try {
            JsonElement json = new Gson().toJsonTree(manifest);
            known.fields.check(json);
            JSON.getGson().fromJson(json, known.type);
        } catch (Exception e) {
            problems.add(kind + ": " + e.getMessage());
        }
        return problems;
    }
}
