/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/building.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "builder/compile.h"
#include "builder/file_open.h"

#define CHUNK ((size_t)256 * 1024)

bool troth_building_fail_memory(struct troth_building *b)
{
    return troth_build_fail(b->problem, "", "there is no memory left");
}

void troth_building_step(struct troth_building *b, const char *text)
{
    if (b->order->step)
        b->order->step(b->order->state, text);
}

/* ---- what is held ---- */

static void release_held(struct troth_building *b, bool trees)
{
    for (size_t i = b->held_count; i-- > 0;) {
        struct troth_building_held *held = &b->held[i];

        if (trees && held->descriptor < 0)
            troth_file_tree_destroy(held->tree);
        else if (!trees && held->descriptor >= 0)
            (void)close(held->descriptor);
    }
}

void troth_building_release(struct troth_building *b)
{
    /* Trees rest on what is open and on what is spooled; they go first. */
    release_held(b, true);
    troth_spool_destroy(b->spool);
    release_held(b, false);
    for (size_t i = 0; i < b->watch_count; i++)
        free(b->watches[i].name);
    free(b->watches);
    free(b->passed);
    free(b->held);
    free(b->own);
    troth_file_release(&b->run);
    troth_file_release(&b->snp_firmware);
    troth_file_release(&b->tdx_firmware);
    troth_inputs_list_release(&b->locked);
    if (b->scratch[0])
        troth_scratch_remove(b->scratch);
}

bool troth_building_grow(struct troth_building *b, void **rows, size_t *count,
                         size_t size)
{
    uint8_t *grown = *rows;

    /* Twice as many at each power of two. */
    if ((*count & (*count - 1)) == 0 || *count == 0) {
        const size_t room = *count ? *count * 2 : 1;

        grown = room > SIZE_MAX / size ? NULL : realloc(*rows, room * size);
        if (!grown)
            return troth_building_fail_memory(b);
        *rows = grown;
    }
    memset(grown + *count * size, 0, size);
    (*count)++;
    return true;
}

static struct troth_building_held *new_held(struct troth_building *b)
{
    void *rows = b->held;
    const bool fine = troth_building_grow(b, &rows, &b->held_count, sizeof *b->held);

    b->held = rows;
    return fine ? &b->held[b->held_count - 1] : NULL;
}

bool troth_building_hold(struct troth_building *b, int descriptor)
{
    struct troth_building_held *held = new_held(b);

    if (held)
        held->descriptor = descriptor;
    else
        (void)close(descriptor);
    return held != NULL;
}

bool troth_building_tree(struct troth_building *b, struct troth_file_tree **out)
{
    struct troth_building_held *held = new_held(b);

    *out = NULL;
    if (!held)
        return false;
    held->descriptor = -1;
    held->tree = *out = troth_file_tree_create();
    return held->tree || troth_building_fail_memory(b);
}

/* ---- opening ---- */

bool troth_building_open_own(struct troth_building *b, int *out, const char *path)
{
    *out = troth_folder_open_below(b->folder, path);
    if (*out < 0 && (errno == ENOTDIR || errno == ELOOP))
        *out = troth_file_open_below(b->folder, path);
    if (*out >= 0)
        return troth_building_hold(b, *out);
    if (errno == ELOOP || errno == ENOTDIR)
        return troth_build_fail(b->problem, path, "is reached by a link, or no file");
    return troth_build_fail_errno(b->problem, path, "cannot be opened", errno);
}

bool troth_building_open_any(struct troth_building *b, int *out, const char *path)
{
    *out = openat(b->folder, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (*out < 0)
        return troth_build_fail_errno(b->problem, path, "cannot be opened", errno);
    return troth_building_hold(b, *out);
}

/* ---- bytes ---- */

static bool write_all(struct troth_building *b, int to, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        const ssize_t put = write(to, bytes, len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return troth_build_fail_errno(b->problem, "", "a copy cannot be written",
                                          errno);
        bytes += put;
        len -= (size_t)put;
    }
    return true;
}

/* From an open reader through a digest, and to `to` unless that is -1. */
static bool pump(struct troth_building *b, EVP_MD_CTX *digest, uint8_t *chunk,
                 struct troth_content_reader *reader, int to)
{
    size_t len;

    do {
        if (!troth_content_read(reader, b->problem, chunk, CHUNK, &len))
            return false;
        if (EVP_DigestUpdate(digest, chunk, len) != 1)
            return troth_build_fail(b->problem, "", "the digest failed");
        if (to >= 0 && !write_all(b, to, chunk, len))
            return false;
    } while (len > 0);
    return true;
}

static bool digest_to(struct troth_building *b, uint8_t out[static 32],
                      const struct troth_tree_entry *entry, int to)
{
    struct troth_content_reader reader;
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    uint8_t *chunk = malloc(CHUNK);
    bool fine = digest && chunk && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1;

    if (!fine)
        (void)troth_building_fail_memory(b);
    fine = fine && troth_content_open(&reader, b->problem, entry);
    if (fine) {
        fine = pump(b, digest, chunk, &reader, to);
        troth_content_close(&reader);
    }
    if (fine && EVP_DigestFinal_ex(digest, out, NULL) != 1)
        fine = troth_build_fail(b->problem, "", "the digest failed");
    free(chunk);
    EVP_MD_CTX_free(digest);
    return fine;
}

bool troth_building_digest(struct troth_building *b, uint8_t out[static 32],
                           const struct troth_tree_entry *entry)
{
    return digest_to(b, out, entry, -1);
}

bool troth_building_copy(struct troth_building *b, int *out, struct troth_input *input,
                         const struct troth_tree_entry *entry)
{
    *out = memfd_create("troth", MFD_CLOEXEC);
    if (*out < 0)
        return troth_build_fail_errno(b->problem, input->name, "cannot be copied", errno);
    if (!troth_building_hold(b, *out) || !digest_to(b, input->sha256, entry, *out))
        return false;
    input->size = entry->entry.size;
    if (lseek(*out, 0, SEEK_SET) != 0)
        return troth_build_fail_errno(b->problem, input->name, "cannot be copied", errno);
    return true;
}
