#include "ebb.h"

/* NewStringUTF wants modified UTF-8, and a path may hold any byte: what is not ASCII becomes a question mark. */
void append(struct text *text, const char *characters) {
    while (*characters != 0 && text->length < sizeof text->characters - 1) {
        char c = *characters++;
        text->characters[text->length++] = c >= ' ' && c < 127 ? c : '?';
    }
    text->characters[text->length] = 0;
}

void append_number(struct text *text, long long number) {
    char digits[24];
    size_t at = sizeof digits;
    unsigned long long rest = number < 0 ? 0ULL - (unsigned long long) number : (unsigned long long) number;
    digits[--at] = 0;
    do {
        digits[--at] = (char) ('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    append(text, digits + at);
}

void append_version(struct text *text, int major, int minor, int patch) {
    append_number(text, major);
    append(text, ".");
    append_number(text, minor);
    append(text, ".");
    append_number(text, patch);
}
