/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/build_told.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/writer.h"
#include "cli/image/build_differ.h"
#include "cli/json_page.h"
#include "cli/page.h"
#include "cli/status.h"
#include "codec/json_writer.h"

/* A hundred files of each of two ramdisks, their paths escaped, with room to spare. */
#define JSON_ROOM ((size_t)2 * 1024 * 1024)

struct telling {
    struct troth_build_problem *problem;
    const struct troth_crypto *crypto;
    const char *name, *folders[2];
    bool is_json;
    unsigned differences;
    struct troth_page page;
    struct troth_writer text;
    struct troth_json_writer json;
    uint8_t sha256[32];
};

static const char *const endings[] = {".eif", ".measurements.json", ".provenance.json",
                                      ".spdx.json"};

/* ---- telling ---- */

static void write_member(struct troth_json_writer *w, const char *key, const char *text)
{
    troth_json_write_key(w, key);
    troth_json_write_text(w, text);
}

static void begin_differences(struct telling *t)
{
    if (t->is_json) {
        troth_json_write_key(&t->json, "differences");
        troth_json_begin_array(&t->json);
    } else {
        troth_page_say(&t->page, TROTH_STYLE_BAD, "not reproducible");
        troth_page_say(&t->page, TROTH_STYLE_PLAIN, ": two builds differ");
        troth_page_end_line(&t->page);
    }
}

static void tell_difference(void *state, const char *section, const char *path,
                            const char *how)
{
    struct telling *t = state;

    if (t->differences++ == 0)
        begin_differences(t);
    if (t->is_json) {
        troth_json_begin_object(&t->json);
        write_member(&t->json, "in", section);
        write_member(&t->json, "path", path);
        write_member(&t->json, "how", how);
        troth_json_end_object(&t->json);
        return;
    }
    troth_page_column(&t->page, 2);
    troth_page_say(&t->page, TROTH_STYLE_BOLD, section);
    troth_page_say(&t->page, TROTH_STYLE_PLAIN, ": ");
    if (*path) {
        troth_page_say(&t->page, TROTH_STYLE_PLAIN, path);
        troth_page_say(&t->page, TROTH_STYLE_PLAIN, " ");
    }
    troth_page_say(&t->page, TROTH_STYLE_PLAIN, how);
    troth_page_end_line(&t->page);
}

static void tell_end(struct telling *t)
{
    const struct troth_span digest = {t->sha256, sizeof t->sha256};
    uint8_t hex[64];
    struct troth_writer w = troth_writer_over(hex, sizeof hex);

    if (t->is_json) {
        if (t->differences > 0)
            troth_json_end_array(&t->json);
        troth_json_write_key(&t->json, "reproducible");
        troth_json_write_bool(&t->json, t->differences == 0);
        if (t->differences == 0) {
            troth_json_write_key(&t->json, "sha256");
            troth_json_write_hex(&t->json, digest);
        }
        troth_json_end_object(&t->json);
        troth_json_page_print(stdout, troth_writer_span(&t->text));
    } else if (t->differences == 0) {
        troth_write_hex(&w, digest);
        troth_page_say(&t->page, TROTH_STYLE_GOOD, "reproducible");
        troth_page_say(&t->page, TROTH_STYLE_PLAIN, ": sha256 ");
        troth_page_text(&t->page, TROTH_STYLE_BOLD, troth_writer_span(&w));
        troth_page_end_line(&t->page);
    }
}

/* ---- comparing ---- */

static int open_in(struct telling *t, size_t side, const char *ending)
{
    char path[8192];
    int file;

    (void)snprintf(path, sizeof path, "%s/%s%s", t->folders[side], t->name, ending);
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        (void)troth_build_fail_errno(t->problem, path, "cannot be opened", errno);
    return file;
}

static bool digest_image(struct telling *t, int file)
{
    struct troth_image_facts facts;
    const bool fine = troth_image_measure(&facts, t->problem, t->crypto, t->name, file);

    for (size_t i = 0; fine && i < sizeof t->sha256; i++)
        t->sha256[i] = facts.sha256[i];
    return fine;
}

static bool compare_open(struct telling *t, size_t i, int a, int b)
{
    char what[300], how[64];
    uint64_t offset;
    bool same;
    const int failed = troth_build_compare_files(&same, &offset, a, b);

    (void)snprintf(what, sizeof what, "%s%s", t->name, endings[i]);
    if (failed)
        return troth_build_fail_errno(t->problem, what, "cannot be read", failed);
    if (same)
        return i > 0 || digest_image(t, a);
    /* What goes with an image says its digest, and differs wherever that does. */
    if (i > 0 && t->differences > 0)
        return true;
    if (i == 0 && !troth_build_compare_images(t->problem, a, b, tell_difference, t))
        return false;
    if (t->differences == 0) {
        (void)snprintf(how, sizeof how, "differs from byte %llu on",
                       (unsigned long long)offset);
        tell_difference(t, what, "", how);
    }
    return true;
}

static bool compare(struct telling *t, size_t i)
{
    const int a = open_in(t, 0, endings[i]);
    const int b = a < 0 ? -1 : open_in(t, 1, endings[i]);
    const bool fine = b >= 0 && compare_open(t, i, a, b);

    if (a >= 0)
        (void)close(a);
    if (b >= 0)
        (void)close(b);
    return fine;
}

int troth_build_tell(struct troth_build_problem *problem,
                     const struct troth_crypto *crypto, const char *name, const char *a,
                     const char *b, bool json)
{
    struct telling t = {.problem = problem,
                        .crypto = crypto,
                        .name = name,
                        .folders = {a, b},
                        .is_json = json,
                        .page = troth_page_of_output()};

    uint8_t *text = malloc(JSON_ROOM);
    bool fine = text || troth_build_fail(problem, "", "there is no memory left");

    t.text = troth_writer_over(text, text ? JSON_ROOM : 0);
    t.json = troth_json_writer_over(&t.text, false);
    troth_json_begin_object(&t.json);
    for (size_t i = 0; fine && i < sizeof endings / sizeof endings[0]; i++)
        fine = compare(&t, i);
    if (fine)
        tell_end(&t);
    free(text);
    if (!fine)
        return TROTH_STATUS_UNDETERMINED;
    return t.differences == 0 ? TROTH_STATUS_YES : TROTH_STATUS_NO;
}
