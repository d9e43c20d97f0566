#include "jvmti_walk.h"

static jint JNICALL root_reference(jvmtiHeapReferenceKind kind, const jvmtiHeapReferenceInfo *info, jlong class_tag, jlong referrer_class_tag, jlong size, jlong *tag,
                                   jlong *referrer_tag, jint length, void *data) {
    struct walk *walk = data;
    (void) class_tag;
    (void) referrer_class_tag;
    (void) size;
    (void) referrer_tag;
    (void) length;
    int of_a_thread = kind == JVMTI_HEAP_REFERENCE_STACK_LOCAL || kind == JVMTI_HEAP_REFERENCE_JNI_LOCAL || kind == JVMTI_HEAP_REFERENCE_THREAD;
    if ((of_a_thread || kind == JVMTI_HEAP_REFERENCE_JNI_GLOBAL) && *tag == NO_NODE && walk->roots < walk->roots_wanted && walk->nodes < walk->capacity) {
        struct root root = root_at(kind, info, NO_NODE);
        if (!is_own(walk, root)) {
            root.node = (int) new_node(walk, NO_NODE);
            *tag = root.node;
            walk->root[walk->roots++] = root;
        }
    }
    return 0; /* nothing is followed */
}

int look_at_roots(struct walk *walk) {
    jvmtiHeapCallbacks callbacks = {.heap_reference_callback = root_reference};
    return (*walk->tools)->FollowReferences(walk->tools, 0, NULL, NULL, &callbacks, walk);
}

/* A search for memory by its address. */
struct addresses {
    struct walk *walk;
    const struct span *spans;
    int count;
};

static int is_in_a_span(const struct addresses *addresses, jlong address) {
    int low = 0;
    int high = addresses->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (addresses->spans[middle].last < address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < addresses->count && addresses->spans[low].first <= address;
}

static jint JNICALL primitive(jvmtiHeapReferenceKind kind, const jvmtiHeapReferenceInfo *info, jlong class_tag, jlong *tag, jvalue value, jvmtiPrimitiveType type,
                              void *data) {
    const struct addresses *addresses = data;
    (void) info;
    (void) class_tag;
    if (kind == JVMTI_HEAP_REFERENCE_FIELD && type == JVMTI_PRIMITIVE_TYPE_LONG && *tag == NO_NODE && is_in_a_span(addresses, value.j)) {
        *tag = new_target(addresses->walk);
    }
    return JVMTI_VISIT_OBJECTS;
}

int search_for_memory(struct walk *walk, jclass type, const struct span *spans, int count) {
    jvmtiHeapCallbacks callbacks = {.primitive_field_callback = primitive};
    struct addresses addresses = {.walk = walk, .spans = spans, .count = count};
    return (*walk->tools)->IterateThroughHeap(walk->tools, 0, type, &callbacks, &addresses);
}

/* Each object to the place of its tag. */
static int objects_of(struct walk *walk, const jlong *tags, int count, jobject *objects) {
    jint found = 0;
    jobject *in_any_order = NULL;
    jlong *their_tags = NULL;
    int error = (*walk->tools)->GetObjectsWithTags(walk->tools, count, tags, &found, &in_any_order, &their_tags);
    if (error != JVMTI_ERROR_NONE) {
        return error;
    }
    for (int at = 0; at < count; at++) {
        objects[at] = NULL;
        for (int i = 0; i < found; i++) {
            objects[at] = their_tags[i] == tags[at] ? in_any_order[i] : objects[at];
        }
    }
    (*walk->tools)->Deallocate(walk->tools, (unsigned char *) in_any_order);
    (*walk->tools)->Deallocate(walk->tools, (unsigned char *) their_tags);
    return JVMTI_ERROR_NONE;
}

int path_of(struct walk *walk, int root, jobject objects[LONGEST_PATH], int *count) {
    jlong tags[LONGEST_PATH] = {0};
    *count = 0;
    for (int node = walk->root[root].node; node != NO_NODE && *count < LONGEST_PATH; node = walk->next[node]) {
        tags[(*count)++] = node;
    }
    return objects_of(walk, tags, *count, objects);
}

int objects_of_roots(struct walk *walk, jobject *objects) {
    jlong *tags = NULL;
    int error = (*walk->tools)->Allocate(walk->tools, (jlong) sizeof(jlong) * walk->roots, (unsigned char **) &tags);
    if (error != JVMTI_ERROR_NONE) {
        return error;
    }
    for (int i = 0; i < walk->roots; i++) {
        tags[i] = walk->root[i].node;
    }
    error = objects_of(walk, tags, walk->roots, objects);
    (*walk->tools)->Deallocate(walk->tools, (unsigned char *) tags);
    return error;
}
