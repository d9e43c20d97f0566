/* For tests of the agent: calls any function of any library, so that a scenario can hold native memory whose kind and size are known by construction. dev.ebb.testing.NativeCalls. */
#include <dlfcn.h>
#include <jni.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NATIVE(type, name) JNIEXPORT type JNICALL Java_dev_ebb_testing_NativeCalls_##name

NATIVE(jlong, open)(JNIEnv *env, jclass class, jstring path) {
    (void) class;
    const char *file = (*env)->GetStringUTFChars(env, path, NULL);
    void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        (*env)->ThrowNew(env, (*env)->FindClass(env, "java/lang/IllegalStateException"), dlerror());
    }
    (*env)->ReleaseStringUTFChars(env, path, file);
    return (jlong) (intptr_t) handle;
}

/* 0 for what the handle does not have; a handle of 0 is RTLD_DEFAULT. */
NATIVE(jlong, symbol)(JNIEnv *env, jclass class, jlong handle, jstring name) {
    (void) class;
    const char *symbol = (*env)->GetStringUTFChars(env, name, NULL);
    void *address = dlsym((void *) (intptr_t) handle, symbol);
    (*env)->ReleaseStringUTFChars(env, name, symbol);
    return (jlong) (intptr_t) address;
}

NATIVE(jlong, call)(JNIEnv *env, jclass class, jlong function, jlong a, jlong b, jlong c, jlong d, jlong e, jlong f) {
    (void) env;
    (void) class;
    return ((jlong (*)(jlong, jlong, jlong, jlong, jlong, jlong)) (intptr_t) function)(a, b, c, d, e, f);
}

/* Blocks of one size, all written, by the malloc that is given; the array of them is the caller's. */
NATIVE(jlong, allocate)(JNIEnv *env, jclass class, jlong function, jlong count, jlong bytes) {
    (void) env;
    (void) class;
    void **blocks = malloc((size_t) count * sizeof *blocks);
    for (jlong i = 0; i < count; i++) {
        blocks[i] = ((void *(*)(size_t)) (intptr_t) function)((size_t) bytes);
        memset(blocks[i], 1, (size_t) bytes);
    }
    return (jlong) (intptr_t) blocks;
}

/* Every one of them but each keep-th; all if keep is 0. */
NATIVE(void, release)(JNIEnv *env, jclass class, jlong function, jlong array, jlong count, jlong keep) {
    (void) env;
    (void) class;
    void **blocks = (void **) (intptr_t) array;
    for (jlong i = 0; i < count; i++) {
        if (keep == 0 || i % keep != 0) {
            ((void (*)(void *)) (intptr_t) function)(blocks[i]);
        }
    }
}

struct work {
    jlong allocate, release, count, bytes;
};

static void *run(void *argument) {
    struct work *work = argument;
    jlong blocks = Java_dev_ebb_testing_NativeCalls_allocate(NULL, NULL, work->allocate, work->count, work->bytes);
    if (work->release != 0) {
        Java_dev_ebb_testing_NativeCalls_release(NULL, NULL, work->release, blocks, work->count, 0);
    }
    return NULL;
}

/* A native thread, unknown to Java, allocates, releases if told how, and ends before this returns. */
NATIVE(void, inThreadThatEnds)(JNIEnv *env, jclass class, jlong allocate, jlong release, jlong count, jlong bytes) {
    (void) env;
    (void) class;
    struct work work = {allocate, release, count, bytes};
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, &work) == 0) {
        pthread_join(thread, NULL);
    }
}
