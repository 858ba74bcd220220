/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/span.h"
#include "log/public.h"
#include "os/file.h"
#include "service/log/serving.h"
#include "tlog/checkpoint.h"
#include "tlog/note_verify.h"

/* The descriptor is the caller's. */
static int measure(size_t *out_len, int64_t *out_s, int descriptor)
{
    struct stat seen;

    if (fstat(descriptor, &seen) != 0)
        return errno;
    if (!S_ISREG(seen.st_mode))
        return ENOENT;
    *out_len = (size_t)seen.st_size;
    *out_s = seen.st_mtime;
    return 0;
}

static int open_public(int *out, size_t *out_len, int64_t *out_s,
                       const struct troth_log_serve *serve, const char *path)
{
    int folder = -1, made = -1;
    int failed = troth_public_enter(&folder, serve->folder, path, false);

    if (!failed) {
        /* Not waiting: what lies there may be a pipe. */
        made = openat(folder, troth_public_name(path),
                      O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        failed = made < 0 ? errno : measure(out_len, out_s, made);
        (void)close(folder);
    }
    *out = failed ? -1 : made;
    if (failed && made >= 0)
        (void)close(made);
    return failed == ENOTDIR || failed == ELOOP ? ENOENT : failed;
}

int troth_log_public_open(int *out, size_t *out_len, const struct troth_log_serve *serve,
                          const char *name)
{
    int64_t since_s = 0;

    return open_public(out, out_len, &since_s, serve, name);
}

/* ---- what it says ---- */

static void make_etag(struct troth_log_shown *shown, const struct troth_crypto *crypto)
{
    uint8_t digest[32];
    struct troth_writer w = troth_writer_over((uint8_t *)shown->etag,
                                              sizeof shown->etag - 1);

    /* Without one nobody is told that he has it already. */
    if (troth_digest(crypto, digest, TROTH_SHA256,
                     (struct troth_span){shown->note, shown->len}))
        return;
    troth_write_text(&w, "\"");
    troth_write_hex(&w, (struct troth_span){digest, 16});
    troth_write_text(&w, "\"");
    shown->etag[w.len] = '\0';
}

static void look_at_witness(struct troth_log_shown *shown, size_t i,
                            const struct troth_note *note,
                            const struct troth_log_serve_options *options)
{
    const struct troth_witness *witness = &options->config->witnesses[i].key;
    struct troth_note_key key = {.name = witness->name, .type = TROTH_NOTE_COSIGNATURE};
    struct troth_note_word word;

    for (size_t k = 0; k < sizeof key.bytes; k++)
        key.bytes[k] = witness->key[k];
    if (troth_note_verify(&word, options->crypto, note, &key) == TROTH_OK)
        shown->seen_s[i] = word.time_s;
}

/* Of this log, and by whom it is signed: too few of them is for the page to say. */
static void judge(struct troth_log_shown *shown,
                  const struct troth_log_serve_options *options)
{
    const struct troth_span text = {shown->note, shown->len};
    struct troth_witness rows[TROTH_WITNESSES_MAX];
    struct troth_checkpoint checkpoint;
    struct troth_witnesses set;
    struct troth_fault fault;
    struct troth_note note;

    troth_log_config_witnesses(&set, rows, options->config);
    set.needed = 0;
    if (troth_checkpoint_check(&checkpoint, &fault, text, &set, options->crypto) ||
        troth_note_parse(&note, &fault, text))
        return;
    shown->is_good = true;
    shown->tree.size = checkpoint.size;
    for (size_t i = 0; i < sizeof checkpoint.root; i++)
        shown->tree.root.bytes[i] = checkpoint.root[i];
    for (size_t i = 0; i < options->config->witness_count; i++)
        look_at_witness(shown, i, &note, options);
}

static void keep(struct troth_log_shown *shown, const struct troth_file *file,
                 const struct troth_log_serve_options *options)
{
    *shown = (struct troth_log_shown){.len = file->len};
    for (size_t i = 0; i < file->len; i++)
        shown->note[i] = file->bytes[i];
    if (!shown->len)
        return;
    make_etag(shown, options->crypto);
    judge(shown, options);
}

int troth_log_shown_renew(struct troth_log_serve *serve)
{
    struct troth_log_shown *shown = &serve->shown;
    struct troth_file file = {NULL, 0};
    int64_t since_s = 0;
    size_t len = 0;
    int descriptor = -1;
    int failed = open_public(&descriptor, &len, &since_s, serve, "checkpoint");

    if (!failed) {
        failed = troth_file_read_open(&file, descriptor, TROTH_NOTE_MAX);
        (void)close(descriptor);
    }
    if (failed && failed != ENOENT)
        return failed;
    if (!troth_span_equal((struct troth_span){file.bytes, file.len},
                          (struct troth_span){shown->note, shown->len}))
        keep(shown, &file, &serve->options);
    shown->since_s = since_s;
    troth_file_release(&file);
    return 0;
}
