/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/lock_fields.h"

#include <string.h>

#include "base/span.h"
#include "base/utf8.h"
#include "builder/build_rules.h"
#include "image/entry.h"

/* The largest whole number that every reader of JSON has. */
#define SIZE_LIMIT (UINT64_C(1) << 53)

static const char *const kind_names[] = {
#define X(name, text, foreign) [TROTH_INPUT_##name] = text,
    TROTH_INPUT_KINDS(X)
#undef X
};

static const char *const field_names[] = {
#define X(name, text) [TROTH_LOCK_FIELD_##name] = text,
    TROTH_LOCK_FIELDS(X)
#undef X
};

#define ALL     (TROTH_LOCK_BIT(KIND) | TROTH_LOCK_BIT(NAME))
#define CONTENT (TROTH_LOCK_BIT(SHA256) | TROTH_LOCK_BIT(SIZE))
#define ORIGIN                                                                           \
    (TROTH_LOCK_BIT(VERSION) | TROTH_LOCK_BIT(ARCHITECTURE) | TROTH_LOCK_BIT(USE))

static const unsigned fields_of[] = {
    [TROTH_INPUT_BUILD_FILE] = ALL | CONTENT,
    [TROTH_INPUT_FILE] = ALL | TROTH_LOCK_BIT(MODE) | CONTENT,
    [TROTH_INPUT_LINK] = ALL | TROTH_LOCK_BIT(TARGET),
    [TROTH_INPUT_FOLDER] = ALL,
    [TROTH_INPUT_FIRMWARE] = ALL | CONTENT,
    [TROTH_INPUT_KERNEL] = ALL | CONTENT,
    [TROTH_INPUT_MODULE] = ALL | CONTENT,
    [TROTH_INPUT_OCI] = ALL | TROTH_LOCK_BIT(DIGEST),
    [TROTH_INPUT_PACKAGE] = ALL | ORIGIN | CONTENT,
    [TROTH_INPUT_RUNTIME] = ALL | CONTENT,
};

const char *troth_lock_field_name(enum troth_lock_field field)
{
    return field_names[field];
}

const char *troth_lock_kind_name(enum troth_input_kind kind)
{
    return kind_names[kind];
}

unsigned troth_lock_fields_of(enum troth_input_kind kind)
{
    return fields_of[kind];
}

const char **troth_lock_text_of(struct troth_input *input, enum troth_lock_field field)
{
    const char **const members[TROTH_LOCK_FIELD_COUNT] = {
        [TROTH_LOCK_FIELD_NAME] = &input->name,
        [TROTH_LOCK_FIELD_TARGET] = &input->target,
        [TROTH_LOCK_FIELD_VERSION] = &input->version,
        [TROTH_LOCK_FIELD_ARCHITECTURE] = &input->architecture,
        [TROTH_LOCK_FIELD_USE] = &input->use,
    };

    return members[field];
}

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

int troth_lock_order(const struct troth_input *a, const struct troth_input *b)
{
    int order;

    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    order = compare_texts(a->name, b->name);
    return order ? order : compare_texts(a->use, b->use);
}

/* What is shown and handed to programs: no control characters. */
static bool is_clean(const char *text, size_t max)
{
    size_t len = 0;

    while ((unsigned char)text[len] >= 0x20 && text[len] != 0x7f)
        len++;
    return len > 0 && text[len] == '\0' && len <= max;
}

/* What JSON cannot say exactly. */
static bool is_text(const char *text)
{
    return !text || troth_utf8_is_valid(troth_span_of_text(text));
}

static bool is_path(const char *text)
{
    return *text && troth_entry_path_is_plain(troth_span_of_text(text));
}

static bool is_use(const char *text)
{
    const size_t len = strlen(text);

    return len > 0 && len <= 32 &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.") == len;
}

static bool check_name(const struct troth_input *input)
{
    if (input->kind == TROTH_INPUT_PACKAGE)
        return troth_build_is_package_name(input->name);
    if (input->kind == TROTH_INPUT_FILE || input->kind == TROTH_INPUT_LINK ||
        input->kind == TROTH_INPUT_FOLDER)
        return is_path(input->name);
    return is_clean(input->name, 4095);
}

static bool check_package(const struct troth_input *input)
{
    return input->kind != TROTH_INPUT_PACKAGE ||
           (troth_build_is_package_version(input->version) &&
            troth_build_is_architecture(input->architecture) && is_use(input->use));
}

/* Has it the texts of its kind, and no others? */
static bool check_texts(const struct troth_input *input)
{
    struct troth_input seen = *input;

    for (unsigned i = 0; i < TROTH_LOCK_FIELD_COUNT; i++) {
        const char **text = troth_lock_text_of(&seen, (enum troth_lock_field)i);

        if (text && (*text != NULL) != ((fields_of[input->kind] >> i & 1U) != 0))
            return false;
    }
    return true;
}

bool troth_lock_check(const struct troth_input *input,
                      struct troth_build_problem *problem)
{
    const char *name = input->name ? input->name : "";

    if (!input->name || !check_texts(input))
        return troth_build_fail(problem, name, "is not described as a %s is",
                                kind_names[input->kind]);
    if (!is_text(input->name) || !is_text(input->target))
        return troth_build_fail(problem, name, "is not UTF-8, or leads to what is not");
    if (!check_name(input))
        return troth_build_fail(problem, name, "is no name of a %s",
                                kind_names[input->kind]);
    if (!check_package(input))
        return troth_build_fail(problem, name,
                                "has no version, architecture or use of a package");
    if (input->is_unread)
        return troth_build_fail(problem, name, "was not read");
    if (input->kind == TROTH_INPUT_LINK &&
        (!*input->target || strlen(input->target) > TROTH_ENTRY_LINK_MAX))
        return troth_build_fail(problem, name, "is a link without a usable target");
    if (input->kind == TROTH_INPUT_FILE && input->mode != 0644 && input->mode != 0755)
        return troth_build_fail(problem, name,
                                "has a mode that is neither 0644 nor 0755");
    return input->size < SIZE_LIMIT || troth_build_fail(problem, name, "is too large");
}
