/*
 * Two looks into the heap, both by FollowReferences in the JVMTI specification, which stops the JVM meanwhile.
 *
 * A look at the roots tells what stacks, threads and native code hold directly. It follows nothing, and so takes a few milliseconds.
 *
 * A search goes backwards from some objects to the roots that keep them in reach, one level of references with each pass. A pass has to follow all references of the heap, so it has
 * a deadline and gives up when that has come.
 *
 * An object that was found carries the number of its node as its tag. Classes of references that do not keep their object, the weak ones, carry a negative tag. One thread at a time.
 */
#ifndef EBB_JVMTI_WALK_H
#define EBB_JVMTI_WALK_H

#include "jvmti_tools.h"

enum { NO_NODE = 0, LONGEST_PATH = 64 };

/* Where a path begins. */
struct root {
    int node;                    /* what it holds; of a static field the class itself, which is a node of its own */
    jvmtiHeapReferenceKind kind;
    jlong thread;                /* id of the thread whose stack it is; 0 for others */
    jint slot;
    jmethodID method;            /* null for what is on no frame of Java code */
    jlocation location;
};

/* Addresses, both included. */
struct span {
    jlong first, last;
};

struct walk {
    jvmtiEnv *tools;
    jlong own_thread;            /* what its variables refer to is held by the search alone */
    long long until_nanos;       /* by the monotonic clock */
    long long references;        /* followed in the last pass */
    int out_of_time;
    int roots, roots_wanted;     /* so many roots were found, and so many at most are searched for */
    int targets;                 /* so many objects are searched for */
    int nodes, capacity;
    struct root *root;
    int *next;                   /* by node: the node that it refers to, one step nearer to what is searched for; NO_NODE for that itself */
};

/* Null, and *error, if the JVM refuses. Capacity is how many objects may come to carry a tag. */
struct walk *open_walk(JNIEnv *env, jlong own_thread, int roots_wanted, int capacity, int *error);
void close_walk(struct walk *);

/* These answer 0 or a jvmtiError. */
int search_for(struct walk *, jobject object);
/* Searches for the objects of this very class that have a long field with a value in one of the ascending spans. Stops the JVM for a look at every object. */
int search_for_memory(struct walk *, jclass type, const struct span *spans, int count);
/* References of this class do not keep their object; which of their fields has it is told as JVMTI counts fields. */
int ignore_references(struct walk *, jclass type, jint field);
int pass(struct walk *, jlong limit_nanos);
int look_at_roots(struct walk *);
/* The objects from a root to what was searched for, as local references; null for one that is gone. */
int path_of(struct walk *, int root, jobject objects[LONGEST_PATH], int *count);
/* What the roots hold themselves, as local references in the order of the roots; null for one that is gone. */
int objects_of_roots(struct walk *, jobject *objects);
/* Where a frame stands: com.acme.Foo.hold(Foo.java:12). */
void describe_frame(struct walk *, int root, struct text *);


/* For the files of the walk among themselves. NO_NODE if there is no room for another. */
jlong new_node(struct walk *, jlong next);
jlong new_target(struct walk *);
struct root root_at(jvmtiHeapReferenceKind kind, const jvmtiHeapReferenceInfo *info, jlong node);
/* Whether it stands on the stack of the thread that searches. */
int is_own(const struct walk *, struct root root);

#endif
