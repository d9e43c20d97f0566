#include "ebb.h"
#include "doctor.h"
#include "report.h"
#include <errno.h>

/*
 * The way of the doctor into a JVM without Ebb: the JVM loads this library as an agent, which writes its report into the file that the options name, and is unloaded again because it
 * says that it failed. No class is loaded, no capability asked for. JDK 21 and newer warn of any agent that is loaded into a running JVM (JEP 451).
 */
enum { DONE = 42 }; /* anything but 0 has the JVM unload an agent; dev.ebb.doctor.Attachment knows it */

/* Fields of java.nio.Bits since JDK 9. */
long long direct_bytes(JNIEnv *env) {
    jclass bits = (*env)->FindClass(env, "java/nio/Bits");
    jfieldID field = bits == NULL ? NULL : (*env)->GetStaticFieldID(env, bits, "RESERVED_MEMORY", "Ljava/util/concurrent/atomic/AtomicLong;");
    jobject counter = field == NULL ? NULL : (*env)->GetStaticObjectField(env, bits, field);
    jclass type = counter == NULL ? NULL : (*env)->GetObjectClass(env, counter);
    jmethodID get = type == NULL ? NULL : (*env)->GetMethodID(env, type, "get", "()J");
    long long bytes = get == NULL ? -1 : (*env)->CallLongMethod(env, counter, get);
    if ((*env)->ExceptionCheck(env)) {
        (*env)->ExceptionClear(env);
        bytes = -1;
    }
    (*env)->DeleteLocalRef(env, type);
    (*env)->DeleteLocalRef(env, counter);
    (*env)->DeleteLocalRef(env, bits);
    return bytes;
}

JNIEXPORT jint JNICALL Agent_OnAttach(JavaVM *vm, char *options, void *reserved) {
    struct report report = {0};
    JNIEnv *env;
    (void) reserved;
    write_report(&report, (*vm)->GetEnv(vm, (void **) &env, JNI_VERSION_1_8) == JNI_OK ? direct_bytes(env) : -1);
    int error = report.characters == NULL ? ENOMEM : save_report(&report, options);
    free(report.characters);
    return error == 0 ? DONE : error;
}
