/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/build_check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/compile.h"
#include "cli/image/build_child.h"
#include "cli/image/build_copy.h"
#include "cli/image/build_problem.h"
#include "cli/image/build_source.h"
#include "cli/image/build_told.h"
#include "cli/status.h"
#include "os/clock.h"

/* Nobody's on any machine: one below those that systems give away. */
#define OTHER_USER 65533
#define WAYS       ((size_t)4096)

/* One of the two builds. */
struct side {
    const char *name; /* of its folder in the scratch one */
    const char *way;  /* and from there to the copy of the build file's folder */
    int64_t time_s;   /* when everything in it was changed last */
    char home[WAYS], output[WAYS], copy[WAYS];
};

struct check {
    const struct troth_image_build_order *order;
    struct troth_build_problem problem;
    struct troth_build_source source;
    char scratch[WAYS], store[WAYS], runtime[WAYS];
    uint32_t other_user; /* this one, where there is no other */
    struct side sides[2];
};

/* ---- what both are given ---- */

static void name_places(struct check *c)
{
    static const struct side sides[] = {
        {.name = "one", .way = "source", .time_s = 1000000000},
        {.name = "two", .way = "further/away/the same thing", .time_s = 1999999999},
    };
    char deeper[256] = "";

    /* What is named outside of the folder has to have a place, too. */
    for (size_t i = 0; i < c->source.levels_up; i++)
        (void)snprintf(deeper + 2 * i, sizeof deeper - 2 * i, "d/");
    (void)snprintf(c->store, WAYS, "%.4000s/store", c->scratch);
    (void)snprintf(c->runtime, WAYS, "%.4000s/runtime", c->scratch);
    for (size_t i = 0; i < 2; i++) {
        struct side *side = &c->sides[i];

        *side = sides[i];
        (void)snprintf(side->home, WAYS, "%.3000s/%s", c->scratch, side->name);
        (void)snprintf(side->output, WAYS, "%.3500s/output", side->home);
        (void)snprintf(side->copy, WAYS, "%.3500s/%s%s", side->home, deeper, side->way);
    }
}

/* Only root may become somebody else, and not where it is the only user there is. */
static uint32_t find_other_user(const char *folder)
{
    const bool is_there = geteuid() == 0 && chown(folder, OTHER_USER, OTHER_USER) == 0;

    return is_there && chown(folder, geteuid(), getegid()) == 0 ? OTHER_USER : geteuid();
}

static uint32_t user_of(const struct check *c, size_t side)
{
    return side == 1 ? c->other_user : geteuid();
}

static bool copy_side(struct check *c, size_t i)
{
    const struct side *side = &c->sides[i];
    const struct troth_build_copy copy = {.from = c->source.folder,
                                          .to = side->copy,
                                          .reversed = i == 1,
                                          .time_s = side->time_s,
                                          .user = user_of(c, i)};

    return troth_build_copy_folder(&c->problem, &copy, side->home) &&
           troth_build_copy_folder(&c->problem, &copy, side->output) &&
           troth_build_copy_path(&c->problem, &copy, c->source.name) &&
           troth_build_copy_path(&c->problem, &copy, c->source.lock) &&
           troth_build_copy_named(&c->problem, &copy, &c->source.file);
}

/* Copies that another user may read, too; the way to them is known to us alone. */
static bool copy_shared(struct check *c)
{
    if (!troth_scratch_create(c->scratch, sizeof c->scratch, &c->problem))
        return false;
    if (chmod(c->scratch, 0711))
        return troth_build_fail_errno(&c->problem, c->scratch,
                                      "cannot be opened to others", errno);
    c->other_user = find_other_user(c->scratch);
    name_places(c);
    return troth_build_source_share_packages(&c->problem, &c->source, c->order,
                                             c->store) &&
           troth_build_source_share_runtime(&c->problem, c->order, c->runtime);
}

/* ---- building ---- */

static bool build_side(struct check *c, size_t i)
{
    const struct side *side = &c->sides[i];
    const struct troth_build_world world = {
        .home = side->home,
        .other = i == 1,
        .user = user_of(c, i),
        .cores = i == 0 ? c->source.file.compile.cores : 0,
    };
    char path[2 * WAYS];
    const char *const words[] = {"troth",   "build",  "--output",  side->output,
                                 "--store", c->store, "--runtime", c->runtime,
                                 path,      NULL};
    int status, failed;

    (void)snprintf(path, sizeof path, "%s/%s", side->copy, c->source.name);
    failed = troth_build_child_run(&status, &world, words);
    if (failed)
        return troth_build_fail_errno(&c->problem, c->order->path, "cannot be built",
                                      failed);
    if (status != 0) {
        (void)troth_build_fail(&c->problem, c->order->path,
                               "the %s of two builds failed: status %d",
                               i == 0 ? "first" : "second", status);
        troth_build_hint(
            &c->problem,
            status == TROTH_BUILD_CHILD_NOT_RUN
                ? "$TMPDIR, or /tmp, has to be a folder that other users reach"
                : "its own words stand above");
    }
    return status == 0;
}

/* Into another second: a date that was written down has to be another one. */
static void let_time_pass(void)
{
    const int64_t since_s = troth_clock_now_s();

    while (troth_clock_now_s() == since_s)
        (void)usleep(20000);
}

static bool build_both(struct check *c, struct troth_progress *progress)
{
    bool fine = copy_side(c, 0);

    if (fine) {
        troth_progress_tell(progress, "building once");
        fine = build_side(c, 0) && copy_side(c, 1);
    }
    if (fine) {
        let_time_pass();
        troth_progress_tell(progress, "building again, with all different");
        fine = build_side(c, 1);
    }
    troth_progress_tell(progress, NULL);
    return fine;
}

int troth_build_check(struct troth_problem *problem, const struct troth_crypto *crypto,
                      const struct troth_image_build_order *order,
                      struct troth_progress *progress)
{
    struct check *c = calloc(1, sizeof *c);
    int status = TROTH_STATUS_UNDETERMINED;

    if (!c) {
        (void)troth_problem_memory(problem);
        return status;
    }
    c->order = order;
    if (troth_build_source_read(&c->source, &c->problem, order->path) && copy_shared(c) &&
        build_both(c, progress))
        status = troth_build_tell(&c->problem, crypto, c->source.file.name,
                                  c->sides[0].output, c->sides[1].output, order->json);
    if (status == TROTH_STATUS_UNDETERMINED)
        (void)troth_problem_of_build(problem, &c->problem);
    if (c->scratch[0])
        troth_scratch_remove(c->scratch);
    troth_build_source_release(&c->source);
    free(c);
    return status;
}
