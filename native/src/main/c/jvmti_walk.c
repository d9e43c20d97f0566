#include "jvmti_walk.h"
#include <time.h>

enum { CLOCK_EVERY = 4096 }; /* references between two looks at the clock: a tenth of a millisecond */

static long long now_nanos(void) {
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

struct walk *open_walk(JNIEnv *env, jlong own_thread, int roots_wanted, int capacity, int *error) {
    jvmtiCapabilities wanted = {.can_tag_objects = 1, .can_get_line_numbers = 1, .can_get_source_file_name = 1};
    struct walk *walk = NULL;
    jvmtiEnv *tools = open_tools(env, &wanted, error);
    if (tools == NULL) {
        return NULL;
    }
    jlong bytes = (jlong) sizeof *walk + (jlong) sizeof(struct root) * roots_wanted + (jlong) sizeof(int) * (capacity + 1);
    *error = (*tools)->Allocate(tools, bytes, (unsigned char **) &walk);
    if (*error != JVMTI_ERROR_NONE) {
        close_tools(tools);
        return NULL;
    }
    struct root *root = (struct root *) (walk + 1);
    *walk = (struct walk) {.tools = tools, .own_thread = own_thread, .roots_wanted = roots_wanted, .capacity = capacity, .root = root, .next = (int *) (root + roots_wanted)};
    return walk;
}

void close_walk(struct walk *walk) {
    jvmtiEnv *tools = walk->tools;
    (*tools)->Deallocate(tools, (unsigned char *) walk);
    close_tools(tools); /* and every tag with it */
}

jlong new_node(struct walk *walk, jlong next) {
    if (walk->nodes == walk->capacity) {
        return NO_NODE;
    }
    walk->next[++walk->nodes] = (int) next;
    return walk->nodes;
}

jlong new_target(struct walk *walk) {
    jlong node = new_node(walk, NO_NODE);
    walk->targets += node != NO_NODE;
    return node;
}

int search_for(struct walk *walk, jobject object) {
    jlong node = new_target(walk);
    return node == NO_NODE ? JVMTI_ERROR_OUT_OF_MEMORY : (int) (*walk->tools)->SetTag(walk->tools, object, node);
}

int ignore_references(struct walk *walk, jclass type, jint field) {
    return (*walk->tools)->SetTag(walk->tools, type, -1 - (jlong) field);
}

/* What a class refers to as a class, and an object to its class: everything leads to a loader there, and no program thinks of it as holding something. */
static int is_of_classes(jvmtiHeapReferenceKind kind) {
    return kind == JVMTI_HEAP_REFERENCE_CLASS || kind == JVMTI_HEAP_REFERENCE_CLASS_LOADER || kind == JVMTI_HEAP_REFERENCE_SIGNERS
        || kind == JVMTI_HEAP_REFERENCE_PROTECTION_DOMAIN || kind == JVMTI_HEAP_REFERENCE_INTERFACE || kind == JVMTI_HEAP_REFERENCE_SUPERCLASS;
}

/* All that do not come from an object or a class: the specification numbers them from here. */
static int is_root(jvmtiHeapReferenceKind kind) {
    return kind >= JVMTI_HEAP_REFERENCE_JNI_GLOBAL;
}

struct root root_at(jvmtiHeapReferenceKind kind, const jvmtiHeapReferenceInfo *info, jlong node) {
    struct root root = {.node = (int) node, .kind = kind};
    if (kind == JVMTI_HEAP_REFERENCE_STACK_LOCAL) {
        root.thread = info->stack_local.thread_id;
        root.slot = info->stack_local.slot;
        root.method = info->stack_local.method;
        root.location = info->stack_local.location;
    } else if (kind == JVMTI_HEAP_REFERENCE_JNI_LOCAL) {
        root.thread = info->jni_local.thread_id;
        root.method = info->jni_local.method;
        root.slot = -1;
    }
    return root;
}

int is_own(const struct walk *walk, struct root root) {
    return root.thread == walk->own_thread && root.thread != 0;
}

static void found_root(struct walk *walk, struct root root) {
    if (root.node == NO_NODE || is_own(walk, root) || walk->roots == walk->roots_wanted) {
        return;
    }
    for (int i = 0; i < walk->roots; i++) {
        if (walk->root[i].node == root.node) {
            return;
        }
    }
    walk->root[walk->roots++] = root;
}

/* Goes on with the walk while it makes sense. */
static jint visit(struct walk *walk) {
    if (walk->roots == walk->roots_wanted || walk->roots == walk->targets) {
        return JVMTI_VISIT_ABORT;
    }
    if (++walk->references % CLOCK_EVERY == 0 && now_nanos() > walk->until_nanos) {
        walk->out_of_time = 1;
        return JVMTI_VISIT_ABORT;
    }
    return JVMTI_VISIT_OBJECTS;
}

static jint JNICALL reference(jvmtiHeapReferenceKind kind, const jvmtiHeapReferenceInfo *info, jlong class_tag, jlong referrer_class_tag, jlong size, jlong *tag,
                              jlong *referrer_tag, jint length, void *data) {
    struct walk *walk = data;
    (void) class_tag;
    (void) size;
    (void) length;
    if (*tag <= NO_NODE || is_of_classes(kind)) {
        return visit(walk);
    }
    if (is_root(kind)) {
        found_root(walk, root_at(kind, info, *tag));
        return visit(walk);
    }
    int weak = kind == JVMTI_HEAP_REFERENCE_FIELD && referrer_class_tag == -1 - (jlong) info->field.index;
    if (referrer_tag != NULL && *referrer_tag == NO_NODE && !weak) {
        *referrer_tag = new_node(walk, *tag);
        if (kind == JVMTI_HEAP_REFERENCE_STATIC_FIELD || kind == JVMTI_HEAP_REFERENCE_CONSTANT_POOL) {
            /* a class that is in reach at all is as good as a root */
            found_root(walk, root_at(kind, info, *referrer_tag));
        }
    }
    return visit(walk);
}

int pass(struct walk *walk, jlong limit_nanos) {
    jvmtiHeapCallbacks callbacks = {.heap_reference_callback = reference};
    walk->references = 0;
    walk->out_of_time = 0;
    walk->until_nanos = now_nanos() + limit_nanos;
    return (*walk->tools)->FollowReferences(walk->tools, 0, NULL, NULL, &callbacks, walk);
}
