#include "jvmti_tools.h"

/* The edge to dev.ebb.memory.NativeTools, whose declarations say what each function means. */
#define NATIVE(type, name) JNIEXPORT type JNICALL Java_dev_ebb_memory_NativeTools_##name

jvmtiEnv *open_tools(JNIEnv *env, const jvmtiCapabilities *wanted, int *error) {
    JavaVM *vm = NULL;
    jvmtiEnv *tools = NULL;
    *error = (*env)->GetJavaVM(env, &vm);
    if (*error == JNI_OK) {
        *error = (*vm)->GetEnv(vm, (void **) &tools, JVMTI_VERSION_11);
    }
    if (*error != JNI_OK) {
        return NULL;
    }
    *error = (*tools)->AddCapabilities(tools, wanted);
    if (*error != JVMTI_ERROR_NONE) {
        close_tools(tools);
        return NULL;
    }
    return tools;
}

void close_tools(jvmtiEnv *tools) {
    (*tools)->DisposeEnvironment(tools);
}

NATIVE(jint, stopThread)(JNIEnv *env, jclass class, jthread thread, jobject thrown) {
    (void) class;
    jvmtiCapabilities wanted = {.can_signal_thread = 1};
    int error = 0;
    jvmtiEnv *tools = open_tools(env, &wanted, &error);
    if (tools != NULL) {
        error = (*tools)->StopThread(tools, thread, thrown);
        close_tools(tools);
    }
    return error;
}

NATIVE(jint, collect)(JNIEnv *env, jclass class) {
    (void) class;
    jvmtiCapabilities none = {0};
    int error = 0;
    jvmtiEnv *tools = open_tools(env, &none, &error);
    if (tools != NULL) {
        error = (*tools)->ForceGarbageCollection(tools);
        close_tools(tools);
    }
    return error;
}
