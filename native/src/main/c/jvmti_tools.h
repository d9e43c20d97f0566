/*
 * What Ebb asks of the JVM's own tool interface, JVMTI (docs: the JVM Tool Interface specification, version 11). Every environment is opened for one purpose and disposed of right
 * after: no capability stays, and there is nothing to lock. Errors are values: 0, a jvmtiError (positive) or a JNI error (negative).
 */
#ifndef EBB_JVMTI_TOOLS_H
#define EBB_JVMTI_TOOLS_H

#include "ebb.h"
#include <jni.h>
#include <jvmti.h>

/* An environment with these capabilities in the live phase; null, and *error, if the JVM has none. */
jvmtiEnv *open_tools(JNIEnv *env, const jvmtiCapabilities *wanted, int *error);
void close_tools(jvmtiEnv *tools);

#endif
