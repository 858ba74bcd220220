/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/log/log_complaint.h"
#include "net/url.h"

bool troth_log_is_url(const char *where)
{
    return strncmp(where, "http://", 7) == 0 || strncmp(where, "https://", 8) == 0;
}

bool troth_log_is_socket(const char *where)
{
    struct stat about;

    return *where == '/' && stat(where, &about) == 0 && S_ISSOCK(about.st_mode);
}

bool troth_log_is_folder(const char *where)
{
    struct stat about;

    return stat(where, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool open_remote(struct troth_log_source *out, struct troth_problem *problem,
                        const char *ca_file)
{
    const char *refusal = troth_log_is_url(out->name) ? troth_url_refusal(out->name)
                                                      : NULL;

    if (refusal)
        return troth_problem_usage(problem, "'%s': %s", out->name, refusal);
    out->remote = (struct troth_log_remote){
        .http = troth_http_create(), .prefix = out->name, .ca_file = ca_file};
    if (!out->remote.http)
        return troth_problem_memory(problem);
    troth_log_place_remote(&out->place, &out->remote);
    return true;
}

bool troth_log_source_open(struct troth_log_source *out, struct troth_problem *problem,
                           const char *where, const char *ca_file)
{
    *out = (struct troth_log_source){.name = where,
                                     .is_remote = troth_log_is_url(where) ||
                                                  troth_log_is_socket(where)};
    if (out->is_remote)
        return open_remote(out, problem, ca_file);
    troth_log_place_folder(&out->place, where);
    return true;
}

void troth_log_source_close(struct troth_log_source *source)
{
    troth_http_destroy(source->remote.http);
    *source = (struct troth_log_source){.name = NULL};
}

bool troth_log_source_checkpoint(struct troth_file *out, struct troth_problem *problem,
                                 const struct troth_log_source *source)
{
    struct troth_log_problem why = {0};
    const int failed = source->place.checkpoint(source->place.state, &why, out);

    if (!failed)
        return true;
    if (failed != ENOENT)
        return troth_log_complain(problem, source->name, &why);
    (void)troth_problem_usage(problem, "'%s' shows no checkpoint", source->name);
    troth_problem_hint(problem, source->is_remote
                                    ? "is this the address of a log?"
                                    : "a log shows one once it has been published: "
                                      "'troth log append' or 'troth log serve'");
    return false;
}
