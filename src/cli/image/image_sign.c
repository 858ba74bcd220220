/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/writer.h"
#include "builder/sign.h"
#include "cli/help.h"
#include "cli/image/build_output.h"
#include "cli/image/build_problem.h"
#include "cli/status.h"
#include "troth/provider.h"

struct session {
    struct troth_problem problem;
    struct troth_crypto crypto;
    struct troth_build_output output;
    const char *key, *certificate, *path, *image;
};

static bool take_key(void *session, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct session *)session)->key = value;
    return true;
}

static bool take_certificate(void *session, struct troth_problem *problem,
                             const char *value)
{
    (void)problem;
    ((struct session *)session)->certificate = value;
    return true;
}

static bool take_output(void *session, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct session *)session)->path = value;
    return true;
}

const struct troth_option troth_image_sign_options[] = {
    {"key", "KEY", "the private key, of P-256 or P-384, in PEM that nobody else may read",
     false, take_key},
    {"certificate", "FILE", "its certificate, in PEM: what register 8 measures", false,
     take_certificate},
    {"output", "OUT", "the signed image, if it is not to take FILE's place", false,
     take_output},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

/* "DIR" and "NAME" of a path. */
static bool begin_output(struct session *s, char *folder, size_t size, const char **name)
{
    const char *slash = strrchr(s->path, '/');
    const int len = slash ? (int)(slash - s->path) + 1 : 1;

    *name = slash ? slash + 1 : s->path;
    if ((size_t)len >= size || !**name)
        return troth_problem_io(&s->problem, "cannot write", s->path,
                                **name ? ENAMETOOLONG : EISDIR);
    (void)snprintf(folder, size, "%.*s", len, slash ? s->path : ".");
    return troth_build_output_begin(&s->output, &s->problem, folder);
}

static void print(const struct troth_image_facts *facts)
{
    uint8_t hex[2 * TROTH_PCR_SIZE];
    struct troth_writer w = troth_writer_over(hex, sizeof hex);

    troth_write_hex(&w, (struct troth_span){facts->pcrs[TROTH_PCR8], TROTH_PCR_SIZE});
    (void)printf("nitro.pcr8  %.*s\n", (int)w.len, (const char *)hex);
}

static bool sign(struct session *s, int image)
{
    struct troth_sign_order order = {
        .name = s->image, .image = image, .key = s->key, .certificate = s->certificate};
    struct troth_build_problem why = {.subject = ""};
    struct troth_image_facts facts;
    char folder[4096];
    const char *name;

    if (!begin_output(s, folder, sizeof folder, &name))
        return false;
    order.file = troth_build_output_add(&s->output, &s->problem);
    if (order.file < 0 || !troth_build_output_name(&s->output, &s->problem, 0, name, ""))
        return false;
    if (!troth_image_sign(&facts, &why, &s->crypto, &order))
        return troth_problem_of_build(&s->problem, &why);
    if (!troth_build_output_commit(&s->output, &s->problem))
        return false;
    print(&facts);
    return true;
}

static bool open_and_sign(struct session *s)
{
    const int image = open(s->image, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    bool fine;

    if (image < 0)
        return troth_problem_io(&s->problem, "cannot open", s->image, errno);
    fine = sign(s, image);
    (void)close(image);
    return fine;
}

static int run(struct session *s, const char *image)
{
    const struct troth_fault fault = {troth_provider_create(&s->crypto), NULL, 0};
    bool fine;

    s->image = image;
    if (!s->path)
        s->path = image;
    if (!s->key || !s->certificate)
        fine = troth_problem_usage(&s->problem, "it takes --key and --certificate");
    else
        fine = fault.err ? troth_problem_fault(&s->problem, "", &fault)
                         : open_and_sign(s);
    troth_build_output_end(&s->output);
    troth_provider_destroy(&s->crypto);
    return fine ? TROTH_STATUS_YES : TROTH_STATUS_UNDETERMINED;
}

int troth_image_sign_verb(const struct troth_command *command, const char *const *words)
{
    struct session s = {.output = {.folder = -1}};
    const struct troth_parsing parsing = troth_options_parse(&s, &s.problem,
                                                             command->options, words);
    int status = TROTH_STATUS_YES;

    if (parsing.parsed == TROTH_PARSED_HELP)
        troth_help_print_command(stdout, command);
    else if (parsing.parsed == TROTH_PARSED)
        status = run(&s, parsing.file);
    if (s.problem.name)
        status = troth_problem_print(&s.problem, NULL);
    return status;
}
