/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_home.h"

#include <errno.h>
#include <stdlib.h>

#include "base/span.h"
#include "cli/log/log_complaint.h"
#include "log/folder.h"
#include "os/secret.h"

/* Texts are unescaped once, and what is kept beside them is smaller. */
#define MEMORY(len) (2 * (len) + (size_t)16 * 1024)

static bool fail_reading(struct troth_problem *problem, const char *folder, int failed)
{
    if (failed == ENOMEM)
        return troth_problem_memory(problem);
    (void)troth_problem_io(problem, "cannot open the log in", folder, failed);
    if (failed == ENOENT || failed == ENOTDIR) {
        (void)troth_problem_usage(problem, "'%s' is no log's folder: it has no log.json",
                                  folder);
        troth_problem_hint(problem, "'troth log init' makes one");
    }
    return false;
}

bool troth_log_home_read(struct troth_log_home *out, struct troth_problem *problem,
                         const struct troth_crypto *crypto, const char *folder)
{
    char path[TROTH_LOG_PATH_ROOM];
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_arena arena = {NULL, 0, 0};
    int failed = troth_log_path(path, folder, "log.json");

    *out = (struct troth_log_home){.folder = folder};
    if (!failed)
        failed = troth_file_read(&out->text, path, TROTH_LOG_CONFIG_MAX);
    if (failed)
        return fail_reading(problem, folder, failed);
    arena.size = MEMORY(out->text.len);
    arena.base = out->memory = malloc(arena.size);
    if (!out->memory) {
        troth_log_home_release(out);
        return troth_problem_memory(problem);
    }
    fault.err = troth_log_config_read(&out->config, &fault,
                                      (struct troth_span){out->text.bytes, out->text.len},
                                      crypto, &arena);
    if (!fault.err)
        return true;
    troth_log_home_release(out);
    return troth_problem_fault(problem, path, &fault);
}

void troth_log_home_release(struct troth_log_home *home)
{
    troth_file_release(&home->text);
    free(home->memory);
    *home = (struct troth_log_home){.folder = NULL};
}

bool troth_log_key_read(struct troth_signer *out, struct troth_problem *problem,
                        const char *path)
{
    struct troth_secret_file file;
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    int failed = troth_secret_file_read(&file, path);

    *out = (struct troth_signer){0};
    if (failed)
        return troth_log_complain_key(problem, path, failed);
    fault.err = troth_signer_from_pem(out, (struct troth_span){file.bytes, file.len});
    troth_secret_file_release(&file);
    if (!fault.err && out->key.kind != TROTH_KEY_ED25519) {
        troth_signer_destroy(out);
        fault.err = TROTH_ERR_KEY;
    }
    if (fault.err == TROTH_ERR_KEY)
        return troth_log_complain_no_key(problem, path, "ed25519");
    return !fault.err || troth_problem_fault(problem, path, &fault);
}

bool troth_log_home_signer(struct troth_signer *out, struct troth_problem *problem,
                           const struct troth_log_home *home)
{
    char path[TROTH_LOG_PATH_ROOM];
    const struct troth_span wanted = TROTH_ARRAY_SPAN(home->config.public_key);

    if (troth_log_path(path, home->folder, "key.pem"))
        return troth_problem_io(problem, "cannot open the log in", home->folder,
                                ENAMETOOLONG);
    if (!troth_log_key_read(out, problem, path))
        return false;
    if (troth_span_equal(out->key.point, wanted))
        return true;
    troth_signer_destroy(out);
    (void)troth_problem_usage(problem, "'%s' is another key than log.json's", path);
    troth_problem_hint(problem, "a log keeps its key for as long as it lives");
    return false;
}
