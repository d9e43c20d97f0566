#include "jvmti_walk.h"

/* Lcom/acme/Foo; as com.acme.Foo */
static void append_class(jvmtiEnv *tools, jclass type, struct text *text) {
    char *signature = NULL;
    if ((*tools)->GetClassSignature(tools, type, &signature, NULL) != JVMTI_ERROR_NONE) {
        append(text, "?");
        return;
    }
    for (const char *c = signature + 1; *c != 0 && *c != ';'; c++) {
        char character[2] = {*c == '/' ? '.' : *c, 0};
        append(text, character);
    }
    (*tools)->Deallocate(tools, (unsigned char *) signature);
}

static void append_line(jvmtiEnv *tools, jmethodID method, jlocation location, struct text *text) {
    jint count = 0;
    jvmtiLineNumberEntry *lines = NULL;
    jint line = 0;
    if ((*tools)->GetLineNumberTable(tools, method, &count, &lines) != JVMTI_ERROR_NONE) {
        return;
    }
    jlocation nearest = -1;
    for (jint i = 0; i < count; i++) {
        if (lines[i].start_location <= location && lines[i].start_location > nearest) {
            nearest = lines[i].start_location;
            line = lines[i].line_number;
        }
    }
    if (nearest >= 0) {
        append(text, ":");
        append_number(text, line);
    }
    (*tools)->Deallocate(tools, (unsigned char *) lines);
}

static void append_source(jvmtiEnv *tools, jclass type, jmethodID method, jlocation location, struct text *text) {
    char *file = NULL;
    append(text, "(");
    if ((*tools)->GetSourceFileName(tools, type, &file) == JVMTI_ERROR_NONE) {
        append(text, file);
        (*tools)->Deallocate(tools, (unsigned char *) file);
        append_line(tools, method, location, text);
    }
    append(text, ")");
}

void describe_frame(struct walk *walk, int root, struct text *text) {
    jvmtiEnv *tools = walk->tools;
    const struct root *frame = &walk->root[root];
    jclass type = NULL;
    char *name = NULL;
    if (frame->method == NULL || (*tools)->GetMethodDeclaringClass(tools, frame->method, &type) != JVMTI_ERROR_NONE) {
        return;
    }
    append_class(tools, type, text);
    if ((*tools)->GetMethodName(tools, frame->method, &name, NULL, NULL) == JVMTI_ERROR_NONE) {
        append(text, ".");
        append(text, name);
        (*tools)->Deallocate(tools, (unsigned char *) name);
    }
    append_source(tools, type, frame->method, frame->location, text);
}
