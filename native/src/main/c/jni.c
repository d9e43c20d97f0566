#include "ebb.h"
#include <jni.h>

/* The edge to dev.ebb.memory.NativeMemory, whose declarations say what each function means. Raised when they change: a library from elsewhere (ebb.native.path) must fit. */
enum { INTERFACE = 2 };

#define NATIVE(type, name) JNIEXPORT type JNICALL Java_dev_ebb_memory_NativeMemory_##name

static jstring to_java(JNIEnv *env, const struct text *text) {
    return (*env)->NewStringUTF(env, text->characters);
}

static void throw_errno(JNIEnv *env, const char *where, int error) {
    struct text message = {0};
    jclass type = (*env)->FindClass(env, "java/lang/IllegalStateException");
    append(&message, where);
    append(&message, " failed with errno ");
    append_number(&message, error);
    if (type != NULL) {
        (*env)->ThrowNew(env, type, message.characters);
    }
}

NATIVE(jint, interfaceVersion)(JNIEnv *env, jclass class) {
    (void) env;
    (void) class;
    return INTERFACE;
}

NATIVE(jint, find)(JNIEnv *env, jclass class) {
    (void) env;
    (void) class;
    return find_allocators();
}

NATIVE(void, release)(JNIEnv *env, jclass class) {
    (void) env;
    (void) class;
    release_allocators();
}

NATIVE(jboolean, servesMalloc)(JNIEnv *env, jclass class, jint at) {
    (void) env;
    (void) class;
    const struct allocator *allocator = found_allocator(at);
    return allocator != NULL && allocator->serves_malloc ? JNI_TRUE : JNI_FALSE;
}

NATIVE(jboolean, stallsOthers)(JNIEnv *env, jclass class, jint at) {
    (void) env;
    (void) class;
    const struct allocator *allocator = found_allocator(at);
    return allocator != NULL && allocator->kind->stalls_others ? JNI_TRUE : JNI_FALSE;
}

NATIVE(jstring, name)(JNIEnv *env, jclass class, jint at) {
    (void) class;
    const struct allocator *allocator = found_allocator(at);
    struct text text = {0};
    if (allocator != NULL) {
        allocator->kind->describe(allocator, &text);
    }
    return to_java(env, &text);
}

NATIVE(jstring, origin)(JNIEnv *env, jclass class, jint at) {
    (void) class;
    const struct allocator *allocator = found_allocator(at);
    struct text none = {0};
    return to_java(env, allocator != NULL ? &allocator->origin : &none);
}

NATIVE(jstring, settings)(JNIEnv *env, jclass class, jint at) {
    (void) class;
    const struct allocator *allocator = found_allocator(at);
    struct text text = {0};
    if (allocator != NULL) {
        allocator->kind->settings(allocator, &text);
    }
    return to_java(env, &text);
}

NATIVE(jlongArray, statistics)(JNIEnv *env, jclass class, jint at) {
    (void) class;
    const struct allocator *allocator = found_allocator(at);
    long long values[STATISTICS];
    jlong result[STATISTICS];
    jlongArray array = (*env)->NewLongArray(env, STATISTICS);
    for (int i = 0; i < STATISTICS; i++) {
        values[i] = UNKNOWN;
    }
    if (allocator != NULL) {
        allocator->kind->statistics(allocator, values);
    }
    for (int i = 0; i < STATISTICS; i++) {
        result[i] = values[i];
    }
    if (array != NULL) {
        (*env)->SetLongArrayRegion(env, array, 0, STATISTICS, result);
    }
    return array;
}

NATIVE(jstring, purge)(JNIEnv *env, jclass class, jint at) {
    (void) class;
    const struct allocator *allocator = found_allocator(at);
    struct text way = {0};
    int error = allocator == NULL ? 0 : allocator->kind->purge(allocator, &way);
    if (error != 0) {
        throw_errno(env, way.characters, error);
        return NULL;
    }
    return to_java(env, &way);
}

NATIVE(jint, flushThreadCache)(JNIEnv *env, jclass class) {
    (void) env;
    (void) class;
    return flush_thread_cache();
}
