#ifndef EBB_DOCTOR_H
#define EBB_DOCTOR_H

#include <jni.h>

long long direct_bytes(JNIEnv *); /* of all direct buffers; -1 if this JDK does not tell; leaves no exception */

#endif
