/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <stdio.h>

#include "base/span.h"
#include "cli/complaint.h"
#include "cli/help.h"
#include "cli/hints.h"
#include "cli/json_page.h"
#include "cli/order.h"
#include "cli/result_page.h"
#include "cli/status.h"
#include "cli/supplement.h"
#include "os/clock.h"
#include "troth/provider.h"

/* Every claim of the largest evidence, escaped, with room to spare. */
#define JSON_ROOM ((size_t)1024 * 1024)

/* clang-format off */
const struct troth_option troth_verify_options[] = {
    {"time", "now|document|RFC3339|UNIX",
     "the clock to judge by: this machine's (now, the default), the time the evidence itself "
     "signs (document: for audit only), or an instant", false, troth_order_time},
    {"collateral", "PATH",
     "certificates, revocation lists and statements: a file or every file in a folder", true,
     troth_order_collateral},
    {"offline", NULL, "ask no service for collateral that is missing", false, troth_order_offline},
    {"pccs", "URL", "ask this PCCS, not Intel's own services", false, troth_order_pccs},
    {"kds", "URL", "ask this service, not AMD's own", false, troth_order_kds},
    {"ca", "FILE", "trust these certificates for TLS, too: a PCCS often has its own", false,
     troth_order_ca},
    {"cache", "DIR", "where fetched collateral is kept, if not in the user's own cache", false,
     troth_order_cache},
    {"root", "FILE", "trust this root too; the result will say so", true, troth_order_root},
    {"nonce", "HEX", "the challenge this must answer, byte for byte", false,
     troth_order_nonce},
    {"binding", "SPEC", "what this must be bound to: DOMAIN:FIELD=VALUE,...", false,
     troth_order_binding},
    {"expect", "CLAIM=VALUE", "a claim must have this value, as 'troth show' prints it", true,
     troth_order_expect},
    {"any", "CLAIM", "take any value of measurement, nonce or another claim", true,
     troth_order_any},
    {"allow", "CLAIM", "accept what is refused by default, such as debug", true,
     troth_order_allow},
    {"json", NULL, "print the result as JSON (docs/verify.schema.json)", false,
     troth_order_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};
/* clang-format on */

const char troth_verify_operands[] = " FILE";

const char troth_verify_example[] =
    "troth verify --time document --any measurement --any nonce evidence.bin";

const char troth_verify_notes[] =
    "FILE is evidence as received, raw or as PEM, hex or base64; '-' is standard input.\n"
    "The code (measurement) and the challenge (nonce) must each be named, or waved "
    "through\n"
    "with --any: what is not asked for is refused.\n"
    "Collateral that is not given comes from the cache, or from its vendor's service\n"
    "('troth collateral' says more).\n\n";

static bool read_files(struct troth_order *order, struct troth_problem *problem,
                       const struct troth_crypto *crypto, const char *file)
{
    struct troth_inputs *inputs = &order->inputs;
    bool fine = troth_inputs_read_evidence(inputs, problem, file);

    for (size_t i = 0; fine && i < order->collateral.count; i++)
        fine = troth_inputs_read_collateral(inputs, problem, order->collateral.rows[i]);
    for (size_t i = 0; fine && i < order->roots.count; i++)
        fine = troth_inputs_read_root(inputs, problem, crypto, order->roots.rows[i]);
    return fine;
}

static bool judge(struct troth_result *result, struct troth_order *order,
                  struct troth_problem *problem, const struct troth_crypto *crypto,
                  const char *file)
{
    struct troth_inputs *in = &order->inputs;
    const struct troth_anchors anchors = {in->anchors, in->anchor_count};
    struct troth_arena arena = {
        troth_inputs_allocate(in, problem, TROTH_VERIFY_ARENA_SIZE),
        TROTH_VERIFY_ARENA_SIZE, 0};
    const struct troth_verify_input input = {
        .evidence = in->evidence,
        .collateral = {in->items, in->item_count},
        .anchors = in->anchors ? &anchors : NULL,
        .crypto = crypto,
        .clock = order->clock,
        .arena = &arena,
        .requirements = &order->requirements,
    };
    struct troth_showing showing = {NULL, NULL, {NULL, 0}};
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    if (!arena.base)
        return false;
    if (!troth_verify(result, &fault, &input))
        return true;
    arena.used = 0;
    if (troth_show_unverified(&showing, NULL, in->evidence, &arena))
        showing.claims.count = 0;
    troth_complaint(problem, &fault, troth_inputs_name(file), &order->requirements,
                    &showing.claims);
    return false;
}

static bool print(struct troth_order *order, struct troth_problem *problem,
                  const struct troth_result *result)
{
    struct troth_page page = troth_page_of_output();
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    uint8_t *text;
    size_t len;

    if (!order->json) {
        troth_result_page_print(&page, result);
    } else {
        text = troth_inputs_allocate(&order->inputs, problem, JSON_ROOM);
        if (!text)
            return false;
        fault.err = troth_result_to_json(text, JSON_ROOM, &len, result);
        if (fault.err)
            return troth_problem_fault(problem, "result", &fault);
        troth_json_page_print(stdout, (struct troth_span){text, len});
    }
    return true;
}

/* The result stands before the hints wherever both go; who gets none needs none. */
static void print_hints(const struct troth_order *order,
                        const struct troth_result *result,
                        const struct troth_supplement *supplement, const char *file)
{
    char command[TROTH_COMMAND_ROOM];

    if (fflush(stdout) != 0)
        return;
    troth_supplement_tell(supplement);
    troth_supplement_command(command, order, file);
    troth_hints_print(result, command);
}

static bool verify(struct troth_result *result, struct troth_order *order,
                   struct troth_problem *problem, const struct troth_crypto *crypto,
                   const char *file)
{
    struct troth_supplement supplement = {.gathered = {.item_count = 0}};
    bool fine;

    if (order->requirements.has_binding &&
        !troth_complaint_binding(problem, crypto, order->requirements.binding))
        return false;
    if (!read_files(order, problem, crypto, file))
        return false;
    if (order->clock.kind == TROTH_CLOCK_NOW)
        order->clock.at_s = troth_clock_now_s();
    troth_supplement_begin(&supplement, order, crypto);
    fine = judge(result, order, problem, crypto, file) && print(order, problem, result);
    if (fine)
        print_hints(order, result, &supplement, file);
    troth_supplement_end(&supplement);
    return fine;
}

static int run(struct troth_order *order, struct troth_problem *problem, const char *file)
{
    static const int statuses[] = {
        [TROTH_REFUSED] = TROTH_STATUS_NO,
        [TROTH_ACCEPTED] = TROTH_STATUS_YES,
        [TROTH_UNDETERMINED] = TROTH_STATUS_UNDETERMINED,
    };
    struct troth_crypto crypto;
    struct troth_result result = {0};
    struct troth_fault fault = {troth_provider_create(&crypto), NULL, 0};
    bool fine = fault.err ? troth_problem_fault(problem, "", &fault)
                          : verify(&result, order, problem, &crypto, file);

    troth_provider_destroy(&crypto);
    return fine ? statuses[result.answer] : TROTH_STATUS_UNDETERMINED;
}

int troth_cmd_verify(const struct troth_command *command, const char *const *words)
{
    struct troth_order order;
    struct troth_problem problem = {0};
    struct troth_parsing parsing = {TROTH_PARSED_NOT, NULL};
    bool json = troth_options_want_json(words);
    int status = TROTH_STATUS_UNDETERMINED;

    if (troth_order_begin(&order, &problem, words))
        parsing = troth_options_parse(&order, &problem, command->options, words);
    if (parsing.parsed == TROTH_PARSED_HELP) {
        troth_help_print_command(stdout, command);
        status = TROTH_STATUS_YES;
    } else if (parsing.parsed == TROTH_PARSED) {
        status = run(&order, &problem, parsing.file);
    }
    if (problem.name)
        status = troth_problem_print(&problem,
                                     json ? "\"verdict\":\"undetermined\"" : NULL);
    troth_order_release(&order);
    return status;
}
