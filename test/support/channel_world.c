/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/channel_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

#define LOG_TEXT "log.example\n123\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n"
enum { LOG_SEED = 1, WITNESS_SEED = 10 };

static const char *const witness_names[CHANNEL_WITNESSES] = {"w0", "w1", "w2"};

/* Large, so one of each is enough. */
static struct sim_nitro nitro;
static struct sim_snp snp;
static struct sim_intel intel;

static void open_log(struct channel_world *world)
{
    for (size_t i = 0; i < CHANNEL_WITNESSES; i++) {
        world->witness_rows[i].name = test_text(witness_names[i]);
        test_note_key(world->witness_rows[i].key, (uint8_t)(WITNESS_SEED + i));
    }
    world->witnesses = (struct troth_witnesses){
        .origin = TROTH_LITERAL("log.example"),
        .rows = world->witness_rows,
        .count = CHANNEL_WITNESSES,
        .needed = 2,
    };
    test_note_key(world->witnesses.log_key, LOG_SEED);
}

static void make(struct channel_world *world, struct channel_machine machine)
{
    switch (machine.device) {
    case CHANNEL_NITRO:
        sim_nitro_default(&nitro, world->ring, machine.number, MINTED_AT_S);
        break;
    case CHANNEL_SNP:
        sim_snp_default(&snp, world->ring, SIM_GENOA, SIM_VCEK, machine.number,
                        MINTED_AT_S);
        break;
    case CHANNEL_TDX:
        sim_intel_default(&intel, world->ring, SIM_TDX_V4, machine.number, MINTED_AT_S);
        break;
    }
}

void channel_world_begin(struct channel_world *world)
{
    memset(world, 0, sizeof *world);
    trial_begin(&world->trial);
    world->ring = sim_keyring_create(5);
    troth_cache_init(&world->cache, world->cache_entries, COUNT(world->cache_entries));
    world->arena.size = TROTH_CHANNEL_ARENA_SIZE;
    world->arena.base = malloc(world->arena.size);
    if (!world->arena.base)
        abort();
    open_log(world);
    make(world, (struct channel_machine){CHANNEL_NITRO, 0});
    (void)minted_nitro(&world->trial, &nitro);
    make(world, (struct channel_machine){CHANNEL_SNP, 0});
    (void)minted_snp(&world->trial, &snp);
    make(world, (struct channel_machine){CHANNEL_TDX, 0});
    (void)minted_intel(&world->trial, &intel);
}

void channel_world_end(struct channel_world *world)
{
    free(world->arena.base);
    sim_keyring_destroy(world->ring);
    trial_end(&world->trial);
}

const char *channel_world_identity(struct channel_world *world,
                                   struct channel_machine machine)
{
    static char hex[8][129];
    static unsigned next;
    char *out = hex[next++ % COUNT(hex)];
    const bool is_tdx = machine.device == CHANNEL_TDX;

    make(world, machine);
    for (size_t i = 0; i < (is_tdx ? sizeof intel.pck.ppid : sizeof snp.report.chip_id);
         i++)
        (void)snprintf(out + 2 * i, 3, "%02x",
                       is_tdx ? intel.pck.ppid[i] : snp.report.chip_id[i]);
    return out;
}

static struct sim_bytes mint(struct channel_world *world, struct channel_machine machine,
                             struct troth_span report_data)
{
    make(world, machine);
    switch (machine.device) {
    case CHANNEL_NITRO:
        sim_nitro_set_optional(&nitro.user_data, report_data);
        return sim_nitro_mint(&nitro);
    case CHANNEL_SNP:
        memcpy(snp.report.report_data, report_data.ptr, 64);
        return sim_snp_mint(&snp);
    case CHANNEL_TDX:
        memcpy(intel.quote.td.report_data, report_data.ptr, 64);
        return sim_intel_mint(&intel);
    }
    abort();
}

struct troth_span channel_world_mint(struct channel_world *world,
                                     struct channel_machine machine,
                                     struct troth_span report_data)
{
    for (size_t i = 0; i < world->minted_count; i++)
        if (world->minted[i].machine.device == machine.device &&
            world->minted[i].machine.number == machine.number &&
            memcmp(world->minted[i].report_data, report_data.ptr, 64) == 0)
            return world->minted[i].evidence;

    const struct troth_span evidence = minted_keep(&world->trial,
                                                   mint(world, machine, report_data));
    if (world->minted_count == CHANNEL_MINTED)
        return evidence;
    world->minted[world->minted_count].machine = machine;
    memcpy(world->minted[world->minted_count].report_data, report_data.ptr, 64);
    world->minted[world->minted_count++].evidence = evidence;
    return evidence;
}

struct troth_span
channel_world_checkpoint_of(struct channel_world *world,
                            const int64_t at_s[static CHANNEL_WITNESSES])
{
    test_note_begin(&world->note, LOG_TEXT);
    test_note_sign(&world->note, "log.example", LOG_SEED);
    for (size_t i = 0; i < CHANNEL_WITNESSES; i++)
        if (at_s[i])
            test_note_cosign(&world->note, witness_names[i], (uint8_t)(WITNESS_SEED + i),
                             (uint64_t)at_s[i]);
    return test_note_span(&world->note);
}

struct troth_span channel_world_checkpoint(struct channel_world *world, size_t witnesses,
                                           int64_t at_s)
{
    int64_t times[CHANNEL_WITNESSES] = {0};

    for (size_t i = 0; i < witnesses; i++)
        times[i] = at_s;
    return channel_world_checkpoint_of(world, times);
}
