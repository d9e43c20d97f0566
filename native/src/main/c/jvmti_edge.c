#include "jvmti_walk.h"

/* The edge to dev.ebb.memory.NativeWalk, whose declarations say what each function means. */
#define NATIVE(type, name) JNIEXPORT type JNICALL Java_dev_ebb_memory_NativeWalk_##name

static struct walk *walk_of(jlong handle) {
    return (struct walk *) (size_t) handle;
}

NATIVE(jlong, open)(JNIEnv *env, jclass class, jlong own_thread, jint roots, jint capacity, jintArray error) {
    (void) class;
    int why = 0;
    struct walk *walk = open_walk(env, own_thread, roots, capacity, &why);
    jint told = why;
    (*env)->SetIntArrayRegion(env, error, 0, 1, &told);
    return (jlong) (size_t) walk;
}

NATIVE(void, close)(JNIEnv *env, jclass class, jlong handle) {
    (void) env;
    (void) class;
    close_walk(walk_of(handle));
}

NATIVE(jint, searchFor)(JNIEnv *env, jclass class, jlong handle, jobject object) {
    (void) env;
    (void) class;
    return search_for(walk_of(handle), object);
}

NATIVE(jint, searchForMemory)(JNIEnv *env, jclass class, jlong handle, jclass type, jlongArray spans) {
    (void) class;
    jsize longs = (*env)->GetArrayLength(env, spans);
    jlong *addresses = (*env)->GetLongArrayElements(env, spans, NULL);
    if (addresses == NULL) {
        return JVMTI_ERROR_OUT_OF_MEMORY;
    }
    int error = search_for_memory(walk_of(handle), type, (const struct span *) addresses, longs / 2);
    (*env)->ReleaseLongArrayElements(env, spans, addresses, JNI_ABORT);
    return error;
}

NATIVE(jint, ignore)(JNIEnv *env, jclass class, jlong handle, jclass type, jint field) {
    (void) env;
    (void) class;
    return ignore_references(walk_of(handle), type, field);
}

NATIVE(jint, pass)(JNIEnv *env, jclass class, jlong handle, jlong limit_nanos) {
    (void) env;
    (void) class;
    return pass(walk_of(handle), limit_nanos);
}

NATIVE(jint, lookAtRoots)(JNIEnv *env, jclass class, jlong handle) {
    (void) env;
    (void) class;
    return look_at_roots(walk_of(handle));
}

static jlongArray to_java(JNIEnv *env, const jlong *values, jsize count) {
    jlongArray array = (*env)->NewLongArray(env, count);
    if (array != NULL) {
        (*env)->SetLongArrayRegion(env, array, 0, count, values);
    }
    return array;
}

static jobjectArray to_java_objects(JNIEnv *env, jclass type, const jobject *objects, jsize count) {
    jobjectArray array = (*env)->NewObjectArray(env, count, type, NULL);
    for (jsize i = 0; i < count && array != NULL; i++) {
        (*env)->SetObjectArrayElement(env, array, i, objects[i]);
    }
    return array;
}

NATIVE(jlongArray, state)(JNIEnv *env, jclass class, jlong handle) {
    (void) class;
    const struct walk *walk = walk_of(handle);
    const jlong values[] = {walk->targets, walk->roots, walk->nodes, walk->out_of_time, walk->references};
    return to_java(env, values, sizeof values / sizeof values[0]);
}

NATIVE(jlongArray, root)(JNIEnv *env, jclass class, jlong handle, jint at) {
    (void) class;
    const struct root *root = &walk_of(handle)->root[at];
    const jlong values[] = {root->kind, root->thread, root->slot};
    return to_java(env, values, sizeof values / sizeof values[0]);
}

NATIVE(jstring, frame)(JNIEnv *env, jclass class, jlong handle, jint at) {
    (void) class;
    struct text text = {0};
    describe_frame(walk_of(handle), at, &text);
    return (*env)->NewStringUTF(env, text.characters);
}

NATIVE(jobjectArray, path)(JNIEnv *env, jclass class, jlong handle, jint at) {
    (void) class;
    jobject objects[LONGEST_PATH];
    int count = 0;
    jclass type = (*env)->FindClass(env, "java/lang/Object");
    if (type == NULL || path_of(walk_of(handle), at, objects, &count) != JVMTI_ERROR_NONE) {
        return NULL;
    }
    return to_java_objects(env, type, objects, count);
}

NATIVE(jobjectArray, heldByRoots)(JNIEnv *env, jclass class, jlong handle) {
    (void) class;
    struct walk *walk = walk_of(handle);
    jobject *objects = NULL;
    jclass type = (*env)->FindClass(env, "java/lang/Object");
    if (type == NULL || (*walk->tools)->Allocate(walk->tools, (jlong) sizeof(jobject) * walk->roots, (unsigned char **) &objects) != JVMTI_ERROR_NONE) {
        return NULL;
    }
    jobjectArray array = objects_of_roots(walk, objects) == JVMTI_ERROR_NONE ? to_java_objects(env, type, objects, walk->roots) : NULL;
    (*walk->tools)->Deallocate(walk->tools, (unsigned char *) objects);
    return array;
}

/* A loop over all classes of the JVM: some ten thousand, in a millisecond or two. */
NATIVE(jobjectArray, subclasses)(JNIEnv *env, jclass class, jlong handle, jclass of) {
    (void) class;
    jvmtiEnv *tools = walk_of(handle)->tools;
    jclass type = (*env)->FindClass(env, "java/lang/Class");
    jint count = 0;
    jclass *classes = NULL;
    if (type == NULL || (*tools)->GetLoadedClasses(tools, &count, &classes) != JVMTI_ERROR_NONE) {
        return NULL;
    }
    jint found = 0;
    for (jint i = 0; i < count; i++) {
        if ((*env)->IsAssignableFrom(env, classes[i], of)) {
            classes[found++] = classes[i];
        }
    }
    jobjectArray array = to_java_objects(env, type, classes, found);
    (*tools)->Deallocate(tools, (unsigned char *) classes);
    return array;
}
