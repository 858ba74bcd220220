/* SPDX-License-Identifier: Apache-2.0 */
#include "test/unit/evidence/dcap/documents.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/json.h"

enum { ROOMS = 16, ROOM = 256 * 1024, PATHS = 512 };

/* One of a few pieces of memory in turn. */
static uint8_t *next_room(void)
{
    static uint8_t rooms[ROOMS][ROOM];
    static unsigned at;

    return rooms[at++ % ROOMS];
}

struct troth_span document_value(struct troth_span file, const char *member)
{
    struct troth_arena arena = {next_room(), ROOM, 0};
    struct troth_span found = {NULL, 0};
    struct troth_json r;

    troth_json_init(&r, file);
    troth_json_enter_object(&r, "file");
    while (troth_json_more(&r)) {
        const struct troth_span key = troth_json_key(&r, "file");
        const bool is_text = troth_json_peek(&r) == TROTH_JSON_STRING;
        const struct troth_span value = is_text ? troth_json_string(&r, "file")
                                                : troth_json_skip(&r, "file");

        if (!troth_json_text_is(key, member))
            continue;
        found = value;
        if (is_text && troth_json_unescape(&found, &arena, value))
            abort();
    }
    troth_json_leave(&r, "file");
    return troth_json_finish(&r, NULL) ? (struct troth_span){NULL, 0} : found;
}

static struct troth_span edit(struct troth_span text, const char *find,
                              const char *replacement, bool all)
{
    const size_t find_len = strlen(find), replacement_len = strlen(replacement);
    uint8_t *const room = next_room();
    size_t len = 0;
    bool found = false;

    for (size_t i = 0; i < text.len;) {
        const bool is_here = (all || !found) && text.len - i >= find_len &&
                             memcmp(text.ptr + i, find, find_len) == 0;

        if (len + replacement_len >= ROOM)
            abort();
        if (is_here) {
            memcpy(room + len, replacement, replacement_len);
            len += replacement_len;
            i += find_len;
            found = true;
        } else {
            room[len++] = text.ptr[i++];
        }
    }
    if (!found)
        FAIL(find);
    return (struct troth_span){room, len};
}

struct troth_span document_edit(struct troth_span text, const char *find,
                                const char *replacement)
{
    return edit(text, find, replacement, false);
}

struct troth_span document_edit_all(struct troth_span text, const char *find,
                                    const char *replacement)
{
    return edit(text, find, replacement, true);
}

size_t document_files(const char *const **out_paths)
{
    static const char *const patterns[] = {"sgx/*", "sgx/intel_qvl_sample/*", "tdx/*",
                                           "tdx/intel_qvl_sample/*"};
    static const char *paths[PATHS];
    static glob_t found;
    static size_t count;
    const char *const root = test_vectors_dir();

    *out_paths = paths;
    if (!root || count)
        return count;
    for (size_t i = 0; i < COUNT(patterns); i++) {
        char pattern[4096];

        snprintf(pattern, sizeof pattern, "%s/%s", root, patterns[i]);
        (void)glob(pattern, GLOB_MARK | (i ? GLOB_APPEND : 0), NULL, &found);
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *const path = found.gl_pathv[i];
        const bool is_folder = path[strlen(path) - 1] == '/';

        if (!is_folder && count < PATHS)
            paths[count++] = path + strlen(root) + 1;
    }
    return count;
}
