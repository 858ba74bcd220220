/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_members.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"

#define CHUNK ((size_t)64 * 1024)
/* As many as a tree that we write may have. */
#define MOST  TROTH_FILE_TREE_MAX

struct reading {
    struct troth_image_members *out;
    EVP_MD_CTX *digest; /* NULL: none is asked for */
    uint8_t *chunk;
    int file, failed; /* an errno */
};

/* ---- contents ---- */

static int take_content(struct reading *r, uint64_t offset, uint64_t left)
{
    while (left > 0) {
        const size_t wanted = left < CHUNK ? (size_t)left : CHUNK;
        const ssize_t got = pread(r->file, r->chunk, wanted, (off_t)offset);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? errno : ENODATA;
        if (EVP_DigestUpdate(r->digest, r->chunk, (size_t)got) != 1)
            return ENOMEM;
        offset += (uint64_t)got;
        left -= (uint64_t)got;
    }
    return 0;
}

static int digest_content(struct reading *r, struct troth_image_member *member)
{
    int failed;

    if (!r->digest || member->entry.kind != TROTH_ENTRY_FILE)
        return 0;
    if (EVP_DigestInit_ex(r->digest, EVP_sha256(), NULL) != 1)
        return ENOMEM;
    failed = take_content(r, member->offset, member->entry.size);
    if (!failed && EVP_DigestFinal_ex(r->digest, member->sha256, NULL) != 1)
        failed = ENOMEM;
    return failed;
}

/* ---- the list ---- */

static uint8_t *copy(struct troth_span *text)
{
    uint8_t *made = malloc(text->len + 1);

    if (!made)
        return NULL;
    if (text->len > 0)
        memcpy(made, text->ptr, text->len);
    made[text->len] = '\0';
    text->ptr = made;
    return made;
}

static bool grow(struct troth_image_members *list)
{
    const size_t room = list->room ? 2 * list->room : 256;
    struct troth_image_member *rows;

    if (list->count < list->room)
        return true;
    rows = room <= 2 * MOST ? realloc(list->rows, room * sizeof *rows) : NULL;
    if (!rows)
        return false;
    list->rows = rows;
    list->room = room;
    return true;
}

static int add(struct reading *r, const struct troth_entry *entry,
               const struct troth_content *content)
{
    struct troth_image_members *list = r->out;
    struct troth_image_member member = {.entry = *entry, .ordinal = list->count};

    if (content)
        member.offset = content->offset;
    if (!grow(list) || !copy(&member.entry.path))
        return ENOMEM;
    if (!copy(&member.entry.target)) {
        free((void *)member.entry.path.ptr);
        return ENOMEM;
    }
    list->rows[list->count] = member;
    return digest_content(r, &list->rows[list->count++]);
}

static bool visit(void *state, const struct troth_entry *entry,
                  const struct troth_content *content)
{
    struct reading *r = state;

    r->failed = add(r, entry, content);
    return r->failed == 0;
}

static int compare(const void *a, const void *b)
{
    const struct troth_image_member *x = a, *y = b;
    const int order = troth_span_compare(x->entry.path, y->entry.path);

    return order ? order : (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

static void release_rows(struct troth_image_members *members)
{
    for (size_t i = 0; i < members->count; i++) {
        free((void *)members->rows[i].entry.path.ptr);
        free((void *)members->rows[i].entry.target.ptr);
    }
    free(members->rows);
    members->rows = NULL;
    members->count = members->room = 0;
}

static bool read_all(struct reading *r, struct troth_problem *problem, const char *name,
                     const struct troth_eif_section *ramdisk)
{
    struct troth_build_problem why = {.subject = ""};

    if (troth_image_walk(&why, r->file, ramdisk, visit, r)) {
        if (r->out->count > 0)
            qsort(r->out->rows, r->out->count, sizeof *r->out->rows, compare);
        return true;
    }
    release_rows(r->out);
    if (r->failed)
        return troth_problem_io(problem, "cannot read", name, r->failed);
    (void)snprintf(r->out->why, sizeof r->out->why, "%s", why.text);
    return true;
}

bool troth_image_members_read(struct troth_image_members *out,
                              struct troth_problem *problem, const char *name, int file,
                              const struct troth_eif_section *ramdisk, bool digests)
{
    struct reading r = {.out = out, .file = file};
    bool fine = true;

    *out = (struct troth_image_members){.rows = NULL};
    if (digests) {
        r.digest = EVP_MD_CTX_new();
        r.chunk = malloc(CHUNK);
        fine = r.digest && r.chunk;
    }
    fine = fine ? read_all(&r, problem, name, ramdisk) : troth_problem_memory(problem);
    EVP_MD_CTX_free(r.digest);
    free(r.chunk);
    return fine;
}

void troth_image_members_release(struct troth_image_members *members)
{
    release_rows(members);
    members->why[0] = '\0';
}
