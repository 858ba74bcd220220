/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "cli/collateral_order.h"
#include "cli/collateral_page.h"
#include "cli/complaint.h"
#include "cli/help.h"
#include "cli/json_page.h"
#include "cli/status.h"
#include "cli/verbs.h"
#include "collateral/bundle.h"
#include "troth/provider.h"

/* The largest cache, some kilobytes for each entry. */
#define JSON_ROOM ((size_t)32 * 1024 * 1024)

/* One command line being carried out. */
struct session {
    struct troth_collateral_order order;
    struct troth_problem problem;
    struct troth_crypto crypto;
    struct troth_supply supply;
    struct troth_page page;
    struct troth_writer text; /* JSON, where that is asked for */
    struct troth_json_writer json;
    bool says_where;  /* each piece is from */
    bool must_renew;  /* what could not be renewed is a failure, even if it holds */
    bool was_refused; /* exit status 1 */
    bool is_lacking;  /* exit status 2 */
};

struct verb {
    const char *name;
    size_t files_min, files_max;
    bool (*work)(struct session *s); /* false with a problem */
};

/* ---- what every verb does ---- */

/* What one piece does to the exit status, and what helps. */
static void weigh(struct session *s, const struct troth_piece *piece)
{
    char remedy[TROTH_STORE_PATH_ROOM + 64];
    bool lacks = piece->state != TROTH_PIECE_KEPT && !troth_piece_suffices(piece);

    if (piece->state == TROTH_PIECE_REFUSED)
        s->was_refused = true;
    else if (lacks || piece->is_not_kept || piece->state == TROTH_PIECE_DAMAGED ||
             (s->must_renew && piece->state == TROTH_PIECE_UNAVAILABLE))
        s->is_lacking = true;
    troth_supply_remedy(remedy, sizeof remedy, &s->supply, piece);
    if (remedy[0])
        troth_say("hint", remedy);
}

static void tell(struct session *s, const struct troth_pieces *pieces, const char *file)
{
    int64_t now_s = s->supply.gatherer.at_s;

    troth_progress_tell(&s->supply.progress, NULL);
    if (s->order.json)
        troth_collateral_json_write(&s->json, pieces, now_s, &s->supply.services, file);
    else
        troth_collateral_page_print(&s->page, pieces, now_s,
                                    s->says_where ? &s->supply.services : NULL);
    (void)fflush(stdout);
    for (size_t i = 0; i < pieces->count; i++)
        weigh(s, &pieces->rows[i]);
}

static bool begin_json(struct session *s)
{
    uint8_t *text = troth_inputs_allocate(&s->order.inputs, &s->problem, JSON_ROOM);

    if (!text)
        return false;
    s->text = troth_writer_over(text, JSON_ROOM);
    s->json = troth_json_writer_over(&s->text, false);
    troth_json_begin_object(&s->json);
    troth_json_write_key(&s->json, "cache");
    troth_json_write_text(&s->json, s->supply.folder);
    troth_json_write_key(&s->json, "pieces");
    troth_json_begin_array(&s->json);
    return true;
}

static bool end_json(struct session *s)
{
    const struct troth_fault fault = {TROTH_ERR_LIMIT, NULL, 0};

    troth_json_end_array(&s->json);
    troth_json_end_object(&s->json);
    if (s->text.full)
        return troth_problem_fault(&s->problem, "the cache", &fault);
    troth_json_page_print(stdout, troth_writer_span(&s->text));
    return true;
}

static bool begin(struct session *s)
{
    struct troth_inputs *inputs = &s->order.inputs;

    for (size_t i = 0; i < s->order.roots.count; i++)
        if (!troth_inputs_read_root(inputs, &s->problem, &s->crypto,
                                    s->order.roots.rows[i]))
            return false;
    troth_supply_begin(&s->supply, &s->order.supply, inputs, &s->crypto);
    s->supply.gatherer.within_s = s->order.within_s;
    s->page = troth_page_of_output();
    if (s->supply.gatherer.kept)
        return true;
    (void)troth_problem_usage(&s->problem, "there is no place for a cache");
    troth_problem_hint(&s->problem, "--cache DIR names one; else it is below "
                                    "$XDG_CACHE_HOME, or $HOME/.cache");
    return false;
}

/* What one piece of evidence needs; give `gathered` back in any case. */
static bool gather(struct session *s, struct troth_gathered *gathered, const char *file)
{
    struct troth_fault fault;
    const struct troth_claims none = {NULL, 0};

    *gathered = (struct troth_gathered){.item_count = 0};
    if (!troth_inputs_read_evidence(&s->order.inputs, &s->problem, file))
        return false;
    if (!troth_gather(gathered, &fault, &s->supply.gatherer, s->order.inputs.evidence))
        return true;
    troth_progress_tell(&s->supply.progress, NULL);
    troth_complaint(&s->problem, &fault, troth_inputs_name(file), NULL, &none);
    return false;
}

/* The pieces for one file, told. */
static bool gather_and_tell(struct session *s, const char *file)
{
    struct troth_gathered gathered;
    bool fine = gather(s, &gathered, file);

    if (fine && gathered.pieces.count == 0 && !s->order.json)
        (void)puts("nothing is needed: this kind of evidence holds all there is");
    if (fine)
        tell(s, &gathered.pieces, file);
    troth_gathered_release(&gathered);
    return fine;
}

/* Every entry of the cache, told. */
static bool list_and_tell(struct session *s)
{
    struct troth_pieces pieces;
    int failed = troth_gather_cache(&pieces, &s->supply.gatherer);

    if (failed == ENFILE)
        (void)troth_problem_usage(&s->problem, "'%s' holds more than %d answers",
                                  s->supply.folder, TROTH_KEPT_MAX);
    else if (failed)
        (void)troth_problem_io(&s->problem, "cannot read", s->supply.folder, failed);
    else
        tell(s, &pieces, NULL);
    if (!failed && pieces.count == 0 && !s->order.json)
        (void)printf("nothing is kept in %s\n", s->supply.folder);
    troth_pieces_release(&pieces);
    return !failed;
}

/* ---- the verbs ---- */

static bool get(struct session *s)
{
    bool fine = true;

    s->supply.gatherer.asks_eagerly = true;
    for (size_t i = 0; fine && i < s->order.files.count; i++)
        fine = gather_and_tell(s, s->order.files.rows[i]);
    return fine;
}

static bool show(struct session *s)
{
    s->supply.gatherer.fetcher = NULL;
    s->says_where = true;
    return s->order.files.count ? gather_and_tell(s, s->order.files.rows[0])
                                : list_and_tell(s);
}

static bool refresh(struct session *s)
{
    s->supply.gatherer.asks_eagerly = true;
    s->must_renew = true;
    return list_and_tell(s);
}

static bool check_complete(struct session *s, const struct troth_pieces *pieces,
                           const char *file)
{
    size_t there = 0;

    for (size_t i = 0; i < pieces->count; i++) {
        const struct troth_piece *piece = &pieces->rows[i];

        weigh(s, piece);
        there += piece->item_count > 0;
        if (troth_piece_suffices(piece) && piece->state != TROTH_PIECE_DAMAGED)
            continue;
        (void)troth_problem_usage(&s->problem, "%s: %s%s%s", piece->need.about,
                                  troth_piece_state_name(piece->state),
                                  piece->why[0] ? ": " : "", piece->why);
        troth_problem_hint(&s->problem, "'troth collateral get %s' gets what is missing",
                           file);
        return false;
    }
    if (there > 0)
        return true;
    return troth_problem_usage(&s->problem, "'%s' needs nothing that could be exported",
                               troth_inputs_name(file));
}

static bool write_out(struct session *s, struct troth_span bytes)
{
    const char *out = s->order.out;
    int failed = 0;

    if (!out || strcmp(out, "-") == 0)
        (void)fwrite(bytes.ptr, 1, bytes.len, stdout);
    else
        failed = troth_file_write(out, bytes);
    return !failed || troth_problem_io(&s->problem, "cannot write", out, failed);
}

static bool export(struct session *s)
{
    const char *file = s->order.files.rows[0];
    struct troth_gathered gathered;
    struct troth_file bundle = {NULL, 0};
    bool fine;

    s->supply.gatherer.fetcher = NULL;
    fine = gather(s, &gathered, file) && check_complete(s, &gathered.pieces, file);
    if (fine && !troth_bundle_write(&bundle, &gathered.pieces, gathered.items))
        fine = troth_problem_memory(&s->problem);
    if (fine)
        fine = write_out(s, (struct troth_span){bundle.bytes, bundle.len});
    troth_file_release(&bundle);
    troth_gathered_release(&gathered);
    return fine;
}

/* ---- command lines ---- */

/* clang-format off */
#define PCCS    {"pccs", "URL", "ask this PCCS, not Intel's own services", false, \
                 troth_collateral_order_pccs}
#define KDS     {"kds", "URL", "ask this service, not AMD's own", false, troth_collateral_order_kds}
#define UPDATE  {"update", "early|standard", "which of Intel's statements: standard, the default, or those " \
                 "that already count what platforms still have time to mend", false, \
                 troth_collateral_order_update}
#define CA      {"ca", "FILE", "trust these certificates for TLS, too: a PCCS often has its own", false, \
                 troth_collateral_order_ca}
#define ROOT    {"root", "FILE", "what rests on this root is genuine, too", true, \
                 troth_collateral_order_root}
#define CACHE   {"cache", "DIR", "where answers are kept, if not in the user's own cache", false, \
                 troth_collateral_order_cache}
#define TIMEOUT {"timeout", "TIME", "how long one answer may take: 30s unless given", false, \
                 troth_collateral_order_timeout}
#define WITHIN  {"within", "TIME", "ask for what expires so soon, too: 7d", false, \
                 troth_collateral_order_within}
#define OUT     {"o", "OUT", "the file to write, not standard output", false, troth_collateral_order_o}
#define JSON    {"json", NULL, "print the pieces as JSON (docs/collateral.schema.json)", false, \
                 troth_collateral_order_json}
#define HELP    {"help", NULL, "print this", false, NULL}
#define END     {NULL, NULL, NULL, false, NULL}

static const struct troth_option get_options[] = {PCCS, KDS, UPDATE, CA, ROOT, CACHE, TIMEOUT, JSON, HELP, END};
static const struct troth_option show_options[] = {PCCS, KDS, UPDATE, CACHE, JSON, HELP, END};
static const struct troth_option export_options[] = {OUT, UPDATE, CACHE, HELP, END};
static const struct troth_option refresh_options[] = {WITHIN, PCCS, KDS, CA, ROOT, CACHE, TIMEOUT, JSON, HELP, END};

#define ASKS                                                                                \
    "Services are asked over TLS, without the proxies that the environment may name, and AMD's\n" \
    "no more often than once in ten seconds. An answer is kept only if it is genuine, and not\n"  \
    "older than what is kept.\n"
#define STATUS                                                                              \
    "Status 1: an answer was refused. Status 2: something could not be had.\n\n"

/* clang-format on */

static const struct verb verbs[] = {
    {"collateral get", 1, SIZE_MAX, get},
    {"collateral show", 0, 1, show},
    {"collateral export", 1, 1, export},
    {"collateral refresh", 0, 0, refresh},
};

enum { VERBS = sizeof verbs / sizeof verbs[0] };

static bool check_files(struct session *s, const struct verb *verb)
{
    size_t count = s->order.files.count;

    if (count > verb->files_max)
        return troth_problem_usage(&s->problem, "'%s' is one file too many",
                                   s->order.files.rows[verb->files_max]);
    if (count >= verb->files_min)
        return true;
    (void)troth_problem_usage(&s->problem, "FILE is missing");
    troth_problem_hint(&s->problem, "'-' is standard input; --help says the rest");
    return false;
}

static bool work(struct session *s, const struct verb *verb)
{
    struct troth_fault fault = {troth_provider_create(&s->crypto), NULL, 0};
    bool fine;

    if (fault.err)
        return troth_problem_fault(&s->problem, "", &fault);
    fine = begin(s) && (!s->order.json || begin_json(s)) && verb->work(s);
    troth_supply_end(&s->supply);
    return fine && (!s->order.json || end_json(s));
}

static const struct verb *find(const struct troth_command *command)
{
    size_t i = 0;

    while (i + 1 < VERBS && strcmp(verbs[i].name, command->name) != 0)
        i++;
    return &verbs[i];
}

static int run_verb(const struct troth_command *command, const char *const *words)
{
    const struct verb *verb = find(command);
    struct session s = {.was_refused = false};
    struct troth_parsing parsing = {TROTH_PARSED_NOT, NULL};
    int status = TROTH_STATUS_YES;

    if (troth_collateral_order_begin(&s.order, &s.problem, words))
        parsing = troth_options_parse_files(&s.order, &s.problem, command->options, words,
                                            troth_collateral_order_file);
    if (parsing.parsed == TROTH_PARSED_HELP)
        troth_help_print_command(stdout, command);
    else if (parsing.parsed == TROTH_PARSED && check_files(&s, verb) && work(&s, verb))
        status = s.was_refused  ? TROTH_STATUS_NO
                 : s.is_lacking ? TROTH_STATUS_UNDETERMINED
                                : TROTH_STATUS_YES;
    if (s.problem.name)
        status = troth_problem_print(
            &s.problem, troth_options_want_json(words) ? "\"pieces\":[]" : NULL);
    troth_provider_destroy(&s.crypto);
    troth_collateral_order_release(&s.order);
    return status;
}

/* clang-format off */
const struct troth_command troth_collateral_verbs[] = {
    {"collateral get", "FILE...", "fetch what evidence needs and the cache lacks, or has too old",
     get_options, "troth collateral get quote.bin", ASKS STATUS, run_verb, " FILE..."},
    {"collateral show", "[FILE]", "print what the cache holds, or what evidence needs",
     show_options, "troth collateral show quote.bin",
     "Nobody is asked. Status 2: something that FILE needs is missing.\n\n", run_verb, " [FILE]"},
    {"collateral export", "FILE [-o OUT]", "write all that evidence needs into one file for --collateral",
     export_options, "troth collateral export quote.bin -o collateral.json",
     "For Intel's evidence one JSON object, for AMD's PEM. Nobody is asked.\n\n", run_verb, " FILE"},
    {"collateral refresh", "", "ask anew for what the cache has and is old, or expires soon",
     refresh_options, "troth collateral refresh --within 7d", ASKS STATUS, run_verb, ""},
    {.name = NULL},
};
/* clang-format on */

const struct troth_option troth_collateral_options[] = {HELP, END};

const char troth_collateral_operands[] = " get|show|export|refresh ...";

const char troth_collateral_example[] = "troth collateral get quote.bin";

const char troth_collateral_notes[] =
    "get FILE...         fetch what evidence needs and the cache lacks, or has too old\n"
    "show [FILE]         print what the cache holds, or what evidence needs\n"
    "export FILE -o OUT  write all that evidence needs into one file for --collateral\n"
    "refresh             ask anew for what the cache has and is old, or expires soon\n\n"
    "'troth collateral VERB --help' lists the options of each.\n\n";

int troth_cmd_collateral(const struct troth_command *command, const char *const *words)
{
    return troth_verbs_run(command, words);
}
