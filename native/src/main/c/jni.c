#include "ebb.h"
#include "doctor.h"
#include "report.h"
#include <jni.h>

/* The edge to dev.ebb.memory.NativeMemory, whose declarations say what each function means. Raised when they change: a library from elsewhere (ebb.native.path) must fit. */
enum { INTERFACE = 4 };

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
    if (allocator != NULL && allocator->kind->settings != NULL) {
        allocator->kind->settings(allocator, &text);
    }
    return to_java(env, &text);
}

static jlongArray to_array(JNIEnv *env, const long long *values, jsize count) {
    jlong copy[STATISTICS];
    jlongArray array = (*env)->NewLongArray(env, count);
    for (jsize i = 0; i < count; i++) {
        copy[i] = values[i];
    }
    if (array != NULL) {
        (*env)->SetLongArrayRegion(env, array, 0, count, copy);
    }
    return array;
}

static void forget(long long values[STATISTICS]) {
    for (int i = 0; i < STATISTICS; i++) {
        values[i] = UNKNOWN;
    }
}

NATIVE(jlongArray, statistics)(JNIEnv *env, jclass class, jint at) {
    (void) class;
    const struct allocator *allocator = found_allocator(at);
    long long values[STATISTICS];
    forget(values);
    if (allocator != NULL && allocator->kind->statistics != NULL) {
        allocator->kind->statistics(allocator, values);
    }
    return to_array(env, values, STATISTICS);
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

NATIVE(jobject, threadCounter)(JNIEnv *env, jclass class, jboolean of_freed) {
    (void) class;
    uint64_t *allocated;
    uint64_t *deallocated;
    if (thread_counters(&allocated, &deallocated) != 0) {
        return NULL;
    }
    return (*env)->NewDirectByteBuffer(env, of_freed ? deallocated : allocated, sizeof *allocated);
}

NATIVE(jint, createArena)(JNIEnv *env, jclass class) {
    (void) env;
    (void) class;
    unsigned arena;
    return create_arena(&arena) == 0 ? (jint) arena : -1;
}

NATIVE(jint, bindThread)(JNIEnv *env, jclass class, jint arena) {
    (void) env;
    (void) class;
    unsigned before;
    return bind_thread((unsigned) arena, &before) == 0 ? (jint) before : -1;
}

NATIVE(jlongArray, arenaStatistics)(JNIEnv *env, jclass class, jint arena) {
    (void) class;
    long long values[STATISTICS];
    forget(values);
    return arena_statistics((unsigned) arena, values) == 0 ? to_array(env, values, STATISTICS) : NULL;
}

NATIVE(jstring, report)(JNIEnv *env, jclass class) {
    (void) class;
    struct report report = {0};
    write_report(&report, direct_bytes(env));
    jstring text = (*env)->NewStringUTF(env, report.characters == NULL ? "" : report.characters);
    free(report.characters);
    return text;
}
