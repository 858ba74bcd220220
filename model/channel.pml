/* SPDX-License-Identifier: Apache-2.0 */
/*
 * channel.pml - the protocol troth/1 (docs/protocol.md) with an attacker between the sides.
 *
 * docs/model.md says what this stands for and what it leaves out. test/deep/channel_model
 * runs it under every combination of switches that says something:
 *
 *   CLIENT_ASKS, SERVER_ASKS   NONE, EPOCH, STRICT: what each side asks of the other
 *   PROPERTY                   the one that is looked at; ALL
 *   NAME                       the client demands a certificate for the server's name
 *   MACHINES_ANY               any machine of the image will do
 *   TWICE                      client and server each have a second connection
 *
 * What the attacker is given beside the network:
 *
 *   ANOTHER          genuine machines of the same image, which nobody listed
 *   STOLEN_AIK       the attestation keys of this period
 *   STOLEN_OLD_AIK   those of a period that is over
 *   STOLEN_TLS_KEY   the keys of the TLS certificates
 *   SYNC             all TLS connections that end at the attacker export the same bytes
 *   SAID             what evidence of old keys says of their epoch: OLD, or NOW, FUTURE
 *                    (the host's clock was ahead)
 *   CLOCK_HELD       machines still use the old keys (time stands still in them)
 *
 * What the protocol is deprived of: NO_EXPORTER, NO_CERTIFICATES, NO_TRANSCRIPT,
 * NO_CHALLENGE, NO_ROLE, NO_LEVEL, NO_EVIDENCE (in what is signed or quoted);
 * NO_LEVEL_RULE, NO_NONCE, NO_AGE, NO_EPOCH_RULE (verifier); NO_EARLY, NO_DONE (order).
 */

#define NONE   0
#define EPOCH  1
#define STRICT 2

#ifndef CLIENT_ASKS
#define CLIENT_ASKS STRICT
#endif
#ifndef SERVER_ASKS
#define SERVER_ASKS NONE
#endif

#define BOTH_ASK (CLIENT_ASKS != NONE && SERVER_ASKS != NONE)

/* ---- properties --------------------------------------------------------------------- */

#define ALL        0
#define AGREEMENT  1 /* what is accepted was made by the other end of this TLS connection */
#define DIVERSION  2 /* ... by a machine that is listed, or whose name is certified */
#define REPLAY     3 /* ... after this side's challenge was sent */
#define REFLECTION 4 /* ... by a side of the other role */
#define DOWNGRADE  5 /* ... at the level that was asked */
#define FRAMES     6 /* ... by one that saw the same HELLOs */
#define EVIDENCE   7 /* ... with the evidence that the verifier relies on */
#define DATA_LATE  8 /* no application data before both are satisfied */
#define NEVER_OPEN 9 /* false, or the model says nothing: honest sides do get there */
#define NEVER_HELD 10 /* false: known evidence is relied on */

#ifndef PROPERTY
#define PROPERTY ALL
#endif
#define HOLDS(which, what) assert((PROPERTY != ALL && PROPERTY != which) || (what))
#define PROBE(which)       assert(PROPERTY != which)

/* ---- who there is ------------------------------------------------------------------- */

/* Connections' sides, by the machine they are on. */
#define C1    0 /* client on machine C */
#define S1    1 /* server on machine S */
#define G1    2 /* server on machine G: the same image, nobody listed it */
#define H1    3 /* client on machine H: likewise */
#define C2    4 /* C and S a second time */
#define S2    5
#define SIDES 6

#define CLIENT 1
#define SERVER 2
#define MACHINE_OF(s) ((s) % 4) /* C, S, G, H are 0 to 3 */
#define ROLE_OF_MACHINE(m) (((m) == 0 || (m) == 3) -> CLIENT : SERVER)
#define ROLE(s)   ROLE_OF_MACHINE(MACHINE_OF(s))
#define OTHER(r)  (3 - (r))
#define ASKS(s)   (ROLE(s) == CLIENT -> CLIENT_ASKS : SERVER_ASKS)
#define LISTED(m) ((m) < 2) /* each side lists both, as replicas of one service do */

/* Certificates: that of machine m is m + 1; the attacker has one of its own. */
#define CERTIFICATE(s) (MACHINE_OF(s) + 1)
#define ATTACKERS      9
#define NOBODY         15 /* a side, where there is none */

/* ---- evidence of level epoch -------------------------------------------------------- */

/* New evidence of side s is s itself, made with its peer's challenge as nonce. Of every
 * machine m the attacker has some besides: this period's, made for another connection
 * (WARM) or after a witnessed checkpoint (MARKED), and that of the key before (PAST). */
#define WARM(m)   (8 + (m))
#define MARKED(m) (12 + (m))
#define PAST(m)   (16 + (m))
#define NO_PIECE  31

#define OLD    0
#define NOW    1
#define FUTURE 2
#ifndef SAID
#define SAID OLD
#endif

#ifdef CLOCK_HELD
#define HELD_BACK 1
#else
#define HELD_BACK 0
#endif

#define PIECE_MACHINE(e) ((e) < 8 -> MACHINE_OF(e) : (e) % 4)
#define PIECE_IS_NEW(e)  ((e) < SIDES)
#define KEY_IS_OLD(e)    (HELD_BACK || (e) >= 16)
#define KEY(e)           (PIECE_MACHINE(e) * 2 + KEY_IS_OLD(e))
#define EPOCH_SAID(e)    (KEY_IS_OLD(e) -> SAID : NOW)

/* What a HELLO says of evidence: at most one of these. */
#define HOLDS_NOTHING 0
#define HOLDS_WARM    1
#define HOLDS_PAST    2
#define TAKES_MARKED  3

/* ---- what is gone -------------------------------------------------------------------- */

/* cpp gives 1 or 0 for each, so that conditions stay readable. */
#ifdef NO_EXPORTER
#define EXPORTER_GONE 1
#else
#define EXPORTER_GONE 0
#endif
#ifdef NO_CERTIFICATES
#define CERTIFICATES_GONE 1
#else
#define CERTIFICATES_GONE 0
#endif
#ifdef NO_TRANSCRIPT
#define TRANSCRIPT_GONE 1
#else
#define TRANSCRIPT_GONE 0
#endif
#ifdef NO_ROLE
#define ROLE_GONE 1
#else
#define ROLE_GONE 0
#endif
#ifdef NO_LEVEL
#define LEVEL_GONE 1
#else
#define LEVEL_GONE 0
#endif
#ifdef NO_LEVEL_RULE
#define LEVEL_RULE_GONE 1
#else
#define LEVEL_RULE_GONE 0
#endif
#ifdef NO_EVIDENCE
#define EVIDENCE_GONE 1
#else
#define EVIDENCE_GONE 0
#endif
#ifdef NO_NONCE
#define NONCE_GONE 1
#else
#define NONCE_GONE 0
#endif
#ifdef NO_AGE
#define AGE_GONE 1
#else
#define AGE_GONE 0
#endif
#ifdef NO_EPOCH_RULE
#define EPOCH_RULE_GONE 1
#else
#define EPOCH_RULE_GONE 0
#endif
#ifdef MACHINES_ANY
#define ANY_MACHINE 1
#else
#define ANY_MACHINE 0
#endif
#ifdef NAME
#define NAME_DEMANDED 1
#else
#define NAME_DEMANDED 0
#endif
#ifdef STOLEN_AIK
#define NEW_KEYS_STOLEN 1
#else
#define NEW_KEYS_STOLEN 0
#endif
#ifdef STOLEN_OLD_AIK
#define OLD_KEYS_STOLEN 1
#else
#define OLD_KEYS_STOLEN 0
#endif
#ifdef NO_CHALLENGE
#define CHALLENGE(s)         0 /* the same in every connection */
#define ATTACKERS_CHALLENGE  0
#else
#define CHALLENGE(s)         ((s) + 1)
#define ATTACKERS_CHALLENGE  15
#endif

/* ---- state -------------------------------------------------------------------------- */

typedef Hello {
    byte asks;
    byte challenge;
    byte has
};

/* A PROOF: whose signature or quote (a side, or FORGED with a stolen key), and the piece
 * of evidence beside it where the level is epoch. */
#define FORGED 14
typedef Proof {
    byte maker;
    byte piece
};

typedef Side {
    byte peer;                     /* the honest other end; NOBODY: the attacker */
    byte link;                     /* what the TLS exporter depends on */
    byte client_cert, server_cert; /* as this side sees them */
    Hello client, server;          /* as this side sees them */
    Proof shown;                   /* the server's PROOF, as this side sees it */
    byte level, piece;             /* of what this side proved */
    byte begun_before;             /* ghost: verifiers whose HELLO was sent by then */
    bit satisfied, open
};
Side side[SIDES];

/* What the attacker has learnt: challenges, and proofs, by the side that made them. */
byte known_challenges, known_proofs;
byte begun;

mtype = { HELLO, PROOF, DONE, DATA };
chan up = [4] of { mtype, byte, byte, byte };   /* the one connection without attacker */
chan down = [4] of { mtype, byte, byte, byte };

#define BIT(s) (1 << (s))
#define IS_DIRECT(s) (side[s].peer != NOBODY)
#define PEERS_HELLO(s) (ROLE(s) == CLIENT -> side[s].server : side[s].client)

/* ---- sending ------------------------------------------------------------------------ */

/* In what follows `me` is the side that runs, and `type` the frame it received. */

/* What is sent to an honest peer travels in TLS; else the attacker has it. */
inline send(kind, f1, f2, f3)
{
    if
    :: IS_DIRECT(me) && ROLE(me) == CLIENT -> up ! kind(f1, f2, f3)
    :: IS_DIRECT(me) && ROLE(me) == SERVER -> down ! kind(f1, f2, f3)
    :: !IS_DIRECT(me) && kind == HELLO -> known_challenges = known_challenges | BIT(me)
    :: !IS_DIRECT(me) && kind == PROOF -> known_proofs = known_proofs | BIT(me)
    :: !IS_DIRECT(me) && kind != HELLO && kind != PROOF -> skip
    fi
}

inline choose_held(hello)
{
    hello.has = HOLDS_NOTHING;
#if CLIENT_ASKS == EPOCH || SERVER_ASKS == EPOCH
    if
    :: hello.asks == EPOCH -> hello.has = HOLDS_WARM
    :: hello.asks == EPOCH -> hello.has = HOLDS_PAST
    :: hello.asks == EPOCH -> hello.has = TAKES_MARKED
    :: true
    fi
#endif
}

inline send_hello(hello)
{
    hello.asks = ASKS(me);
    hello.challenge = CHALLENGE(me);
    choose_held(hello);
    if
    :: ASKS(me) != NONE -> begun = begun | BIT(me)
    :: else
    fi;
    printf("side %d: HELLO, asks level %d\n", me, hello.asks);
    send(HELLO, hello.asks, hello.challenge, hello.has)
}

/* An attester answers for its own role and the level it is asked for, by its own keys. */
inline send_proof(wanted)
{
    side[me].level = wanted.asks;
    side[me].begun_before = begun;
    side[me].piece = NO_PIECE;
    if
    :: wanted.asks == EPOCH -> side[me].piece = me
    :: wanted.asks == EPOCH && wanted.has == HOLDS_WARM ->
       side[me].piece = WARM(MACHINE_OF(me))
    :: wanted.asks == EPOCH && wanted.has == HOLDS_PAST && HELD_BACK ->
       side[me].piece = PAST(MACHINE_OF(me))
    :: wanted.asks == EPOCH && wanted.has == TAKES_MARKED ->
       side[me].piece = MARKED(MACHINE_OF(me))
    :: wanted.asks == STRICT
    fi;
    printf("side %d: PROOF of level %d, piece %d\n", me, wanted.asks, side[me].piece);
    send(PROOF, me, side[me].piece, 0)
}

/* ---- receiving ---------------------------------------------------------------------- */

/* From the attacker comes whatever it can make; a frame out of order would only end the
 * connection, so it sends none but DATA. */
#define LEARNT(s) (known_challenges & BIT(s))
#define MAY_HELP(s) (LEARNT(s) && (BOTH_ASK || ROLE(s) != ROLE(me)))

/* Where one side alone verifies, its challenge to one of its own role is as good as any. */
inline make_challenge(out)
{
    if
    :: out = ATTACKERS_CHALLENGE
    :: MAY_HELP(C1) -> out = CHALLENGE(C1)
    :: MAY_HELP(S1) -> out = CHALLENGE(S1)
    :: MAY_HELP(G1) -> out = CHALLENGE(G1)
    :: MAY_HELP(H1) -> out = CHALLENGE(H1)
    :: MAY_HELP(C2) -> out = CHALLENGE(C2)
    :: MAY_HELP(S2) -> out = CHALLENGE(S2)
    fi
}

inline make_hello(hello)
{
    make_challenge(hello.challenge);
    if
    :: hello.asks = NONE
    :: hello.asks = EPOCH
    :: hello.asks = STRICT
    fi;
    choose_held(hello)
}

inline receive_hello(hello)
{
    if
    :: IS_DIRECT(me) && ROLE(me) == CLIENT ->
       down ? HELLO(hello.asks, hello.challenge, hello.has)
    :: IS_DIRECT(me) && ROLE(me) == SERVER ->
       up ? HELLO(hello.asks, hello.challenge, hello.has)
    :: !IS_DIRECT(me) ->
       make_hello(hello);
       printf("attacker to side %d: HELLO, asks level %d, challenge %d\n", me, hello.asks,
              hello.challenge)
    fi
}

inline known_proof(out)
{
    if
    :: known_proofs & BIT(C1) -> out = C1
    :: known_proofs & BIT(S1) -> out = S1
    :: known_proofs & BIT(G1) -> out = G1
    :: known_proofs & BIT(H1) -> out = H1
    :: known_proofs & BIT(C2) -> out = C2
    :: known_proofs & BIT(S2) -> out = S2
    fi
}

/* Evidence is no secret: new pieces the attacker saw, and those it once asked for. */
inline make_piece(out)
{
    if
    :: known_proof(out)
    :: out = WARM(0)
    :: out = WARM(1)
    :: out = WARM(2)
    :: out = WARM(3)
    :: out = MARKED(0)
    :: out = MARKED(1)
    :: out = MARKED(2)
    :: out = MARKED(3)
    :: out = PAST(0)
    :: out = PAST(1)
    fi
}

inline make_proof(proof)
{
    if
    :: NEW_KEYS_STOLEN || OLD_KEYS_STOLEN ->
       proof.maker = FORGED;
       make_piece(proof.piece)
    :: known_proofs != 0 ->
       known_proof(proof.maker);
       if
       :: proof.piece = side[proof.maker].piece
       :: side[proof.maker].level == EPOCH -> make_piece(proof.piece)
       fi
    fi
}

/* `type` is PROOF or DATA. */
inline receive_proof(proof)
{
    if
    :: IS_DIRECT(me) && ROLE(me) == CLIENT -> down ? type(proof.maker, proof.piece, _)
    :: IS_DIRECT(me) && ROLE(me) == SERVER -> up ? type(proof.maker, proof.piece, _)
    :: !IS_DIRECT(me) && (known_proofs != 0 || NEW_KEYS_STOLEN || OLD_KEYS_STOLEN) ->
       make_proof(proof);
       type = PROOF;
       printf("attacker to side %d: PROOF of side %d, piece %d\n", me, proof.maker,
              proof.piece)
    :: !IS_DIRECT(me) -> type = DATA
    fi
}

/* `type` is DONE or DATA. */
inline receive()
{
    if
    :: IS_DIRECT(me) && ROLE(me) == CLIENT -> down ? type(_, _, _)
    :: IS_DIRECT(me) && ROLE(me) == SERVER -> up ? type(_, _, _)
    :: !IS_DIRECT(me) -> type = DONE
    :: !IS_DIRECT(me) -> type = DATA
    fi
}

/* ---- what a verifier looks at ------------------------------------------------------- */

#define SAME_HELLO(a, b) \
    (a.asks == b.asks && a.challenge == b.challenge && a.has == b.has)
#define SAME_HELLOS(a, b)                              \
    (SAME_HELLO(side[a].client, side[b].client) && \
     SAME_HELLO(side[a].server, side[b].server))

/* The transcript before this PROOF: HELLOs, and the server's PROOF before a client's. */
#define SAME_FRAMES(me, by)                                           \
    (ROLE(by) == OTHER(ROLE(me)) && SAME_HELLOS(me, by) &&         \
     (ROLE(by) == SERVER ||                                           \
      (side[me].shown.maker == side[by].shown.maker &&                \
       side[me].shown.piece == side[by].shown.piece)))

#define PEERS_CHALLENGE(s) \
    (ROLE(s) == CLIENT -> side[s].server.challenge : side[s].client.challenge)
#define OWN_HAS(s) (ROLE(s) == CLIENT -> side[s].client.has : side[s].server.has)

#define SAME_EXPORTER(me, by) \
    (side[me].link == side[by].link && PEERS_CHALLENGE(by) == CHALLENGE(me))

#define SAME_CERTIFICATES(me, by)                      \
    (side[me].client_cert == side[by].client_cert && \
     side[me].server_cert == side[by].server_cert)

/* The 64 bytes that were signed or quoted are those that this side computes. */
#define COMMITMENT_FITS(me, by, with)                            \
    ((ROLE_GONE || ROLE(by) == OTHER(ROLE(me))) &&               \
     (LEVEL_GONE || side[by].level == ASKS(me)) &&               \
     (TRANSCRIPT_GONE || SAME_FRAMES(me, by)) &&                 \
     (CERTIFICATES_GONE || SAME_CERTIFICATES(me, by)) &&         \
     (EXPORTER_GONE || SAME_EXPORTER(me, by)) &&                 \
     (EVIDENCE_GONE || side[by].piece == with))

#define IS_FRESH(me, e)                                                             \
    ((PIECE_IS_NEW(e) && PEERS_CHALLENGE(e) == CHALLENGE(me)) ||                    \
     (OWN_HAS(me) == HOLDS_WARM && (e) == WARM(PIECE_MACHINE(e))) ||                \
     (OWN_HAS(me) == HOLDS_PAST && (e) == PAST(PIECE_MACHINE(e)) && AGE_GONE) ||    \
     (OWN_HAS(me) == TAKES_MARKED && (e) == MARKED(PIECE_MACHINE(e))))

/* Evidence over a key: of the peer's role, made lately, of an epoch that is on. */
#define KEY_IS_VOUCHED_FOR(me, e)                                                \
    ((ROLE_GONE || ROLE_OF_MACHINE(PIECE_MACHINE(e)) == OTHER(ROLE(me))) &&      \
     (NONCE_GONE || IS_FRESH(me, e)) && (EPOCH_RULE_GONE || EPOCH_SAID(e) == NOW))

#define IS_STOLEN(e) \
    ((KEY_IS_OLD(e) -> OLD_KEYS_STOLEN : NEW_KEYS_STOLEN) && LISTED(PIECE_MACHINE(e)))

#define LEVEL_OF(proof) (proof.maker == FORGED -> EPOCH : side[proof.maker].level)
#define SIGNER_FITS(me, proof)                                              \
    (proof.maker == FORGED                                                  \
     -> IS_STOLEN(proof.piece)                                              \
     : (COMMITMENT_FITS(me, proof.maker, proof.piece) &&                    \
        (LEVEL_OF(proof) == STRICT ||                                       \
         KEY(side[proof.maker].piece) == KEY(proof.piece))))
#define MACHINE(proof) \
    (LEVEL_OF(proof) == STRICT -> MACHINE_OF(proof.maker) : PIECE_MACHINE(proof.piece))

#define IS_ACCEPTED(me, proof)                                                    \
    ((LEVEL_RULE_GONE || LEVEL_OF(proof) == ASKS(me)) && SIGNER_FITS(me, proof) && \
     (LEVEL_OF(proof) == STRICT || KEY_IS_VOUCHED_FOR(me, proof.piece)) &&        \
     (ANY_MACHINE || LISTED(MACHINE(proof))) &&                                   \
     (!NAME_DEMANDED || ROLE(me) == SERVER ||                                     \
      side[me].server_cert == CERTIFICATE(S1)))

/* Without what nobody will look at any more: fewer states that differ in nothing. */
inline end()
{
    type = 0;
    proof.maker = 0;
    proof.piece = 0;
    if
    :: !IS_DIRECT(me) ->
       side[me].satisfied = 0;
       side[me].open = 0
    :: else
    fi;
#if SERVER_ASKS == NONE
    side[me].shown.maker = 0;
    side[me].shown.piece = 0;
#endif
    if
    :: side[me].level == NONE ->
       side[me].client.asks = 0;
       side[me].client.challenge = 0;
       side[me].client.has = 0;
       side[me].server.asks = 0;
       side[me].server.challenge = 0;
       side[me].server.has = 0;
       side[me].shown.maker = 0;
       side[me].shown.piece = 0;
       side[me].link = 0;
       side[me].client_cert = 0;
       side[me].server_cert = 0
    :: else
    fi;
    goto ended
}

/* What acceptance is worth. */
inline judge(proof)
{
    if
    :: IS_ACCEPTED(me, proof) ->
       printf("side %d: accepts\n", me);
       side[me].satisfied = 1;
       HOLDS(DOWNGRADE, LEVEL_OF(proof) == ASKS(me));
       HOLDS(AGREEMENT, proof.maker != FORGED);
       if
       :: proof.maker == FORGED
       :: else ->
          HOLDS(AGREEMENT, side[me].peer == proof.maker);
          HOLDS(AGREEMENT, ROLE(proof.maker) == OTHER(ROLE(me)));
          HOLDS(AGREEMENT, side[proof.maker].level == ASKS(me));
          HOLDS(DIVERSION, LISTED(MACHINE_OF(proof.maker)));
          HOLDS(REPLAY, side[proof.maker].begun_before & BIT(me));
          HOLDS(REFLECTION, ROLE(proof.maker) == OTHER(ROLE(me)));
          HOLDS(FRAMES, SAME_HELLOS(me, proof.maker));
          HOLDS(EVIDENCE, side[proof.maker].piece == proof.piece);
          if
          :: LEVEL_OF(proof) == EPOCH && proof.piece == WARM(MACHINE_OF(proof.maker)) ->
             PROBE(NEVER_HELD)
          :: else
          fi
       fi
    :: else -> printf("side %d: refuses\n", me);
       end()
    fi
}

/* ---- application data --------------------------------------------------------------- */

#define BOTH_SATISFIED(s) \
    (side[s].satisfied && (!IS_DIRECT(s) || side[side[s].peer].satisfied))

inline refuse_early()
{
    if
    :: type == DATA ->
#ifdef NO_EARLY
       printf("side %d: data is delivered\n", me);
       HOLDS(DATA_LATE, BOTH_SATISFIED(me));
#endif
       end()
    :: else
    fi
}

inline exchange_data()
{
    side[me].open = 1;
    printf("side %d: open, sends data\n", me);
    HOLDS(DATA_LATE, BOTH_SATISFIED(me));
    if
    :: IS_DIRECT(me) && side[side[me].peer].open -> PROBE(NEVER_OPEN)
    :: else
    fi;
    send(DATA, 0, 0, 0);
    end()
}

/* ---- the two sides ------------------------------------------------------------------ */

/*
 * One step is all that a side does between what it says and what it hears next: in
 * between nobody else can make a difference. A direct connection blocks within.
 */

/* Whoever asked for nothing has been told nothing by the attacker that could be wrong. */
inline nothing_to_lose()
{
    if
    :: !IS_DIRECT(me) && ASKS(me) == NONE -> end()
    :: else
    fi
}

proctype Client(byte me)
{
    mtype type;
    Proof proof;

    atomic { send_hello(side[me].client) }
    atomic {
        receive_hello(side[me].server);
        if
        :: CLIENT_ASKS == NONE && side[me].server.asks == NONE -> end()
        :: CLIENT_ASKS == NONE && side[me].server.asks != NONE -> side[me].satisfied = 1
        :: else ->
           receive_proof(proof);
           refuse_early();
           side[me].shown.maker = proof.maker;
           side[me].shown.piece = proof.piece;
           judge(proof)
        fi;
        if
        :: side[me].server.asks == NONE ->
           receive();
           refuse_early();
           send(DONE, 0, 0, 0);
           exchange_data()
        :: else ->
           send_proof(side[me].server);
           send(DONE, 0, 0, 0);
           nothing_to_lose()
        fi
    }
    atomic {
#ifndef NO_DONE
        receive();
        refuse_early();
#endif
        exchange_data()
    }
ended:
    skip
}

proctype Server(byte me)
{
    mtype type;
    Proof proof;

    atomic {
        receive_hello(side[me].client);
        if
        :: SERVER_ASKS == NONE && side[me].client.asks == NONE -> end()
        :: else
        fi;
        send_hello(side[me].server);
        side[me].satisfied = (SERVER_ASKS == NONE);
        if
        :: side[me].client.asks != NONE ->
           side[me].shown.maker = me;
           send_proof(side[me].client);
           side[me].shown.piece = side[me].piece
        :: else
        fi;
        if
        :: SERVER_ASKS == NONE -> send(DONE, 0, 0, 0)
        :: else
        fi;
        nothing_to_lose()
    }
    atomic {
        if
        :: SERVER_ASKS == NONE
        :: else ->
           receive_proof(proof);
           refuse_early();
           judge(proof)
        fi;
        receive();
        refuse_early();
        if
        :: SERVER_ASKS != NONE -> send(DONE, 0, 0, 0)
        :: else
        fi;
        exchange_data()
    }
ended:
    skip
}

/* ---- the network is the attacker's -------------------------------------------------- */

inline put_attacker_before(s)
{
    side[s].peer = NOBODY;
    side[s].shown.maker = NOBODY;
    side[s].shown.piece = NO_PIECE;
#ifdef SYNC
    side[s].link = ATTACKERS;
#else
    side[s].link = s;
#endif
    side[s].client_cert = (ROLE(s) == CLIENT -> CERTIFICATE(s) : ATTACKERS);
    side[s].server_cert = (ROLE(s) == SERVER -> CERTIFICATE(s) : ATTACKERS);
#ifdef STOLEN_TLS_KEY
    if
    :: ROLE(s) == CLIENT -> side[s].server_cert = CERTIFICATE(S1)
    :: ROLE(s) == SERVER -> side[s].client_cert = CERTIFICATE(C1)
    :: true
    fi;
#endif
    skip
}

inline connect(c, s)
{
    side[c].peer = s;
    side[s].peer = c;
    side[c].link = c;
    side[s].link = c;
    side[c].client_cert = CERTIFICATE(c);
    side[s].client_cert = CERTIFICATE(c);
    side[c].server_cert = CERTIFICATE(s);
    side[s].server_cert = CERTIFICATE(s)
}

init
{
    atomic {
        put_attacker_before(C1);
        put_attacker_before(S1);
        put_attacker_before(G1);
        put_attacker_before(H1);
        put_attacker_before(C2);
        put_attacker_before(S2);
        /* Two that are connected hear nobody else, and nobody hears them. */
        if
        :: connect(C1, S1);
           printf("TLS between side 0 and side 1\n");
           run Client(C1);
           run Server(S1)
#ifdef ANOTHER
        :: connect(C1, G1);
           printf("TLS between side 0 and side 2\n");
           run Client(C1);
           run Server(G1)
        :: connect(H1, S1);
           printf("TLS between side 3 and side 1\n");
           run Client(H1);
           run Server(S1)
#endif
        :: printf("every TLS connection ends at the attacker\n");
           run Client(C1);
           run Server(S1);
#ifdef ANOTHER
#if CLIENT_ASKS
           run Server(G1);
#endif
#if SERVER_ASKS
           run Client(H1);
#endif
#endif
#ifdef TWICE
           run Client(C2);
           run Server(S2);
#endif
           skip
        fi
    }
}
