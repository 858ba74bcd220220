/*
 * channel_world.h - what both ends of a channel find in a test: anchors and collateral,
 * machines of the simulator that make evidence, a log and its witnesses.
 *
 * All of it is of one moment, MINTED_AT_S, and of one seed.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_CHANNEL_WORLD_H
#define TROTH_TEST_CHANNEL_WORLD_H

#include "test/support/minted.h"
#include "test/support/note.h"
#include "troth/channel.h"

/* What a machine is; all of one kind run the same image. */
enum channel_device { CHANNEL_NITRO, CHANNEL_SNP, CHANNEL_TDX };

struct channel_machine {
    enum channel_device device;
    unsigned number;
};

enum { CHANNEL_MINTED = 512, CHANNEL_WITNESSES = 3 };

struct channel_world {
    struct trial trial; /* cryptography, anchors, collateral */
    struct sim_keyring *ring;
    struct troth_cache cache;
    struct troth_cache_entry cache_entries[256];
    struct troth_arena arena;
    struct troth_witnesses witnesses; /* of log.example; two of three are needed */
    struct troth_witness witness_rows[CHANNEL_WITNESSES];
    struct test_note note;
    /* Evidence by machine and report data: the same again is not minted again. */
    struct {
        struct channel_machine machine;
        uint8_t report_data[64];
        struct troth_span evidence;
    } minted[CHANNEL_MINTED];
    size_t minted_count;
};

/* Machine 0 of each kind is at home: its root is an anchor, its collateral at hand. */
void channel_world_begin(struct channel_world *world);
void channel_world_end(struct channel_world *world);

/* The claim hardware_id of a TDX or SNP machine, as a policy writes it. */
const char *channel_world_identity(struct channel_world *world,
                                   struct channel_machine machine);

/* Evidence over 64 bytes; lives as long as the world. */
struct troth_span channel_world_mint(struct channel_world *world,
                                     struct channel_machine machine,
                                     struct troth_span report_data);

/* A checkpoint that so many witnesses signed at that time; until the next call. */
struct troth_span channel_world_checkpoint(struct channel_world *world, size_t witnesses,
                                           int64_t at_s);

/* The same, each witness at its own time; 0: it did not sign. */
struct troth_span
channel_world_checkpoint_of(struct channel_world *world,
                            const int64_t at_s[static CHANNEL_WITNESSES]);

#endif
