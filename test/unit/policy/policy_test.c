/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/policy.h"
#include "troth/provider.h"

/* Beginnings of documents, of three lines each but the last. */
#define SNP   "policy: p\naccept: [snp]\nimages: any\n"
#define TDX   "policy: p\naccept: [tdx]\nimages: any\n"
#define SGX   "policy: p\naccept: [sgx]\nimages: any\n"
#define NITRO "policy: p\naccept: [nitro]\nimages: any\n"
#define ALL   "policy: p\naccept: [nitro, snp, sgx, tdx]\nimages: any\n"
#define HEX32 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define HEX48 HEX32 "00112233445566778899aabbccddeeff"
#define HEX64 HEX32 HEX32
#define HEX16 "00112233445566778899aabbccddeeff"

/* Verifier keys of a log and of witnesses; nobody has the private ones. */
#define LOG "example.com/releases+09afb167+AYNv8YTntBseE8tf2J+h3pjburmenSkYkT/0O4alx8IT"
#define ONE "witness.example/one+e6fb072b+BHaSw601QLuAPAILOu5mzYiHEjI06gxucUPArdc/9DHt"
#define UNO "witness.example/uno+c1c04803+BHaSw601QLuAPAILOu5mzYiHEjI06gxucUPArdc/9DHt"

/* clang-format off */
static const struct {
    const char *why, *yaml;
    uint32_t line, column;
    const char *path, *text, *hint;
} refused[] = {
    {"nothing", "", 1, 1, "", "the document is empty", ""},
    {"an empty map", "{}", 1, 1, "", "the map is empty", ""},
    {"a list", "[a]", 1, 1, "", "a map of keys is wanted here", ""},
    {"a text", "a", 1, 1, "", "a map of keys is wanted here", ""},
    {"an unknown key", SNP "machine: any\n", 4, 1, "machine", "unknown key 'machine'", "did you mean 'machines'?"},
    {"an unknown key like none", SNP "zebra: any\n", 4, 1, "zebra", "unknown key 'zebra'", ""},
    {"a key in capitals", SNP "Nonce: any\n", 4, 1, "Nonce", "unknown key 'Nonce'", "did you mean 'nonce'?"},
    {"no kinds", "policy: p\nimages: any\n", 1, 1, "", "'accept' is missing", "accept: [tdx]"},
    {"no images", "policy: p\naccept: [snp]\n", 1, 1, "", "'images' is missing", "name the code that may run, or say images: any"},
    {"no name", "accept: [snp]\nimages: any\n", 1, 1, "", "'policy' is missing", "policy: NAME"},

    {"an empty name", "policy: ''\naccept: [snp]\nimages: any\n", 1, 9, "policy", "this is empty", ""},
    {"a name with spaces around", "policy: ' p'\naccept: [snp]\nimages: any\n", 1, 9, "policy", "the name has a space at one of its ends", ""},
    {"a name that is a list", "policy: [p]\naccept: [snp]\nimages: any\n", 1, 9, "policy", "one value is wanted here, no list and no map", ""},
    {"a name of two lines", "policy: \"a\\nb\"\naccept: [snp]\nimages: any\n", 1, 9, "policy", "control characters and line ends have no place here", ""},
    {"a long name", "policy: " HEX64 "x\naccept: [snp]\nimages: any\n", 1, 9, "policy", "the name is longer than 128 bytes", ""},

    {"one kind without a list", "policy: p\naccept: snp\nimages: any\n", 2, 9, "accept", "a list is wanted here", ""},
    {"an empty list", "policy: p\naccept: []\nimages: any\n", 2, 9, "accept", "the list is empty", ""},
    {"an unknown kind", "policy: p\naccept: [snp, sev]\nimages: any\n", 2, 15, "accept[1]", "'sev' is no kind of evidence", "nitro, sgx, snp or tdx"},
    {"a kind twice", "policy: p\naccept: [snp, tdx, snp]\nimages: any\n", 2, 20, "accept[2]", "'snp' is there twice", ""},
    {"a list in the list", "policy: p\naccept: [[snp]]\nimages: any\n", 2, 10, "accept[0]", "one value is wanted here, no list and no map", ""},

    {"another nonce", SNP "nonce: 00ff\n", 4, 8, "nonce", "this is neither 'required' nor 'any'", "the nonce itself is given with the evidence"},
    {"no age", SNP "max_age: 0s\n", 4, 10, "max_age", "no evidence is that young", "90s, 5m, 2h, 30d, or any"},
    {"another age", SNP "max_age: 5min\n", 4, 10, "max_age", "'5min' is no length of time", "90s, 5m, 2h or 30d"},
    {"another vocabulary", SNP "vocabulary: 2\n", 4, 13, "vocabulary", "the policy is written for version 2 of the vocabulary",
        "`troth policy` of another version reads it; docs/claims.md says what changed"},
    {"a vocabulary that is no number", SNP "vocabulary: one\n", 4, 13, "vocabulary", "'one' is no whole number", "numbers are decimal"},

    {"no finding", SNP "allow: [debug, debgu]\n", 4, 16, "allow[1]", "'debgu' is nothing that evidence may be refused for", "did you mean 'debug'?"},
    {"a finding of others", SNP "allow: [tdx.xfam.bit3]\n", 4, 9, "allow[0]", "never used: 'tdx.xfam.bit3' is a finding of other evidence", "docs/checks.md lists the findings"},
    {"a finding twice", SNP "allow:\n  - debug\n  - debug\n", 6, 5, "allow[1]", "'debug' is there twice", ""},
    {"findings of a kind not accepted", SNP "allow: {tdx: [debug]}\n", 4, 9, "allow.tdx", "never used: the policy does not accept tdx", "add it to accept, or leave this out"},
    {"findings of no kind", SNP "allow: {amd: [debug]}\n", 4, 9, "allow.amd", "'amd' is no kind of evidence", "nitro, sgx, snp or tdx"},
    {"another kind's finding", ALL "allow: {tdx: [migrate_ma]}\n", 4, 15, "allow.tdx[0]", "never used: 'migrate_ma' is a finding of other evidence", "docs/checks.md lists the findings"},
    {"no findings of a kind", SNP "allow: {snp: []}\n", 4, 14, "allow.snp", "the list is empty", ""},
    {"an empty map of findings", SNP "allow: {}\n", 4, 8, "allow", "the map is empty", ""},
    {"Intel's status as a finding", TDX "allow: [SWHardeningNeeded]\n", 4, 9, "allow[0]", "Intel's 'SWHardeningNeeded' has a place of its own",
        "intel: {tcb: [UpToDate, SWHardeningNeeded]}"},

    {"any of no claim", SNP "any: [snp.vmlp]\n", 4, 7, "any[0]", "'snp.vmlp' is no claim", "did you mean 'snp.vmpl'?"},
    {"any of another's claim", TDX "any: [snp.vmpl]\n", 4, 7, "any[0]", "never used: 'snp.vmpl' is a claim of other evidence", "docs/claims.md lists the claims"},
    {"any nonce", SNP "any: [nonce]\n", 4, 7, "any[0]", "'nonce' has a place of its own", "nonce: any, or the nonce itself with the evidence"},
    {"any code", SNP "any: [snp.measurement]\n", 4, 7, "any[0]", "'snp.measurement' has a place of its own", "it is part of the code: say it in images"},
    {"any value of what is a finding", SNP "any: [debug]\n", 4, 7, "any[0]", "never used: no value of 'debug' is insisted on", "leave it out; what is refused by name, 'allow' accepts"},
    {"any value of what is refused elsewhere", SNP "any: [snp.vmpl, snp.platform.smt_en]\n", 4, 17, "any[1]", "never used: no value of 'snp.platform.smt_en' is insisted on", "leave it out; what is refused by name, 'allow' accepts"},
    {"any value expected of what has none", SNP "expect: {snp.guest_svn: any}\n", 4, 10, "expect.snp.guest_svn", "that any value of 'snp.guest_svn' will do is said elsewhere", "leave it out"},
    {"any claim twice", SNP "any: [snp.vmpl, snp.vmpl]\n", 4, 17, "any[1]", "'snp.vmpl' is there twice", ""},

    {"an expectation of no claim", SNP "expect: {snp.guest_svm: 1}\n", 4, 10, "expect.snp.guest_svm", "'snp.guest_svm' is no claim", "did you mean 'snp.guest_svn'?"},
    {"an expectation of another's", SNP "expect: {nitro.pcr3: 00}\n", 4, 10, "expect.nitro.pcr3", "never used: 'nitro.pcr3' is a claim of other evidence", "docs/claims.md lists the claims"},
    {"the code as an expectation", NITRO "expect: {nitro.pcr0: 00}\n", 4, 10, "expect.nitro.pcr0", "'nitro.pcr0' has a place of its own", "it is part of the code: say it in images"},
    {"a machine as an expectation", SNP "expect: {hardware_id: 00}\n", 4, 10, "expect.hardware_id", "'hardware_id' has a place of its own", "machines: {snp: [9f3c...]}"},
    {"the kind as an expectation", SNP "expect: {kind: snp}\n", 4, 10, "expect.kind", "'kind' has a place of its own", "accept: [tdx]"},
    {"a number that is none", SNP "expect: {snp.vmpl: one}\n", 4, 20, "expect.snp.vmpl", "'one' is no whole number", "numbers are decimal"},
    {"a hexadecimal number", SNP "expect: {snp.vmpl: 0x1}\n", 4, 20, "expect.snp.vmpl", "'0x1' is no whole number", "numbers are decimal"},
    {"a number with a zero in front", SNP "expect: {snp.vmpl: 01}\n", 4, 20, "expect.snp.vmpl", "'01' has a zero in front", "numbers are decimal"},
    {"a number that is too large", SNP "expect: {snp.policy: 18446744073709551616}\n", 4, 22, "expect.snp.policy", "18446744073709551616 is too large", ""},
    {"neither true nor false", SNP "expect: {debug: no}\n", 4, 17, "expect.debug", "this is neither 'true' nor 'false'", ""},
    {"no instant", TDX "expect: {tcb.date: 2026-01-01}\n", 4, 20, "expect.tcb.date", "'2026-01-01' is no instant", "2026-05-01T00:00:00Z"},
    {"no hex", SNP "expect: {snp.host_data: xyz}\n", 4, 25, "expect.snp.host_data", "'xyz' is no hex", "two digits a byte, and nothing else"},
    {"too little hex", SNP "expect: {snp.host_data: 00ff}\n", 4, 25, "expect.snp.host_data", "4 hex digits stand where 64 are wanted", ""},
    {"a list of values", SNP "expect: {snp.vmpl: [1, 2]}\n", 4, 20, "expect.snp.vmpl", "one value is wanted here, no list and no map", ""},
    {"any value expected", SNP "expect: {snp.vmpl: any}\n", 4, 10, "expect.snp.vmpl", "that any value of 'snp.vmpl' will do is said elsewhere", "any: [snp.vmpl]"},
    {"expected, and any", SNP "any: [snp.vmpl]\nexpect: {snp.vmpl: 1}\n", 5, 10, "expect.snp.vmpl", "any value of 'snp.vmpl' will do, says the key 'any'", "leave it out there, or here"},
    {"no expectations", SNP "expect: {}\n", 4, 9, "expect", "the map is empty", ""},

    {"Intel's settings for nothing of Intel's", SNP "intel: {grace: 30d}\n", 4, 1, "intel", "never used: the policy accepts neither sgx nor tdx", ""},
    {"no settings", TDX "intel: {}\n", 4, 8, "intel", "the map is empty", ""},
    {"an unknown setting", TDX "intel: {gracee: 30d}\n", 4, 9, "intel.gracee", "unknown key 'gracee'", "did you mean 'grace'?"},
    {"an unknown status", TDX "intel: {tcb: [UpToDate, SWHardeningNeded]}\n", 4, 25, "intel.tcb[1]",
        "'SWHardeningNeded' is no word of Intel's for a platform's state", "did you mean 'SWHardeningNeeded'?"},
    {"revoked platforms", TDX "intel: {tcb: [UpToDate, Revoked]}\n", 4, 25, "intel.tcb[1]", "platforms that Intel revoked are never accepted", ""},
    {"statuses without the best", TDX "intel: {tcb: [OutOfDate]}\n", 4, 14, "intel.tcb", "'UpToDate' is missing: it is always accepted", "the list is all that is accepted"},
    {"a status that only tdx has", SGX "intel: {tcb: [UpToDate, TDRelaunchAdvised]}\n", 4, 25, "intel.tcb[1]", "never used: only tdx evidence can be 'TDRelaunchAdvised'", ""},
    {"a status twice", TDX "intel: {tcb: [UpToDate, UpToDate]}\n", 4, 25, "intel.tcb[1]", "'UpToDate' is there twice", ""},
    {"no statuses", TDX "intel: {tcb: []}\n", 4, 14, "intel.tcb", "the list is empty", ""},
    {"a grace for what is accepted", TDX "intel: {tcb: [UpToDate, OutOfDate], grace: 30d}\n", 4, 37, "intel.grace",
        "never used: tcb accepts OutOfDate for ever", "leave grace out, or OutOfDate there"},
    {"no grace", TDX "intel: {grace: month}\n", 4, 16, "intel.grace", "'month' is no length of time", "90s, 5m, 2h or 30d"},
    {"no advisory", TDX "intel: {advisories: [CVE-2024-1]}\n", 4, 22, "intel.advisories[0]", "'CVE-2024-1' is no advisory", "INTEL-SA-00615"},
    {"an empty list of advisories", TDX "intel: {advisories: []}\n", 4, 21, "intel.advisories", "the list is empty", ""},
    {"no evaluation", TDX "intel: {min_evaluation: new}\n", 4, 25, "intel.min_evaluation", "'new' is no whole number", "numbers are decimal"},
    {"an evaluation of 33 bits", TDX "intel: {min_evaluation: 4294967296}\n", 4, 25, "intel.min_evaluation", "4294967296 is too large", ""},

    {"AMD's settings for nothing of AMD's", TDX "amd: {distrust: [Milan]}\n", 4, 1, "amd", "never used: the policy does not accept snp", ""},
    {"an unknown key of AMD's", SNP "amd: {mintcb: {}}\n", 4, 7, "amd.mintcb", "unknown key 'mintcb'", "did you mean 'min_tcb'?"},
    {"an unknown product", SNP "amd: {distrust: [Rome]}\n", 4, 18, "amd.distrust[0]", "'Rome' is no product of AMD's that is known here", "Milan, Genoa or Turin"},
    {"all products", SNP "amd: {distrust: [Milan, Genoa, Turin]}\n", 4, 17, "amd.distrust", "every product is distrusted, so no snp evidence can be accepted", "leave snp out of accept"},
    {"a product twice", SNP "amd: {distrust: [Milan, Milan]}\n", 4, 25, "amd.distrust[1]", "'Milan' is there twice", ""},
    {"a minimum of no product", SNP "amd: {min_tcb: {genoa: {snp: 1}}}\n", 4, 17, "amd.min_tcb.genoa", "'genoa' is no product of AMD's that is known here", "Milan, Genoa or Turin"},
    {"a minimum of no part", SNP "amd: {min_tcb: {Genoa: {spn: 1}}}\n", 4, 25, "amd.min_tcb.Genoa.spn", "unknown key 'spn'", ""},
    {"a minimum of nothing", SNP "amd: {min_tcb: {Genoa: {}}}\n", 4, 24, "amd.min_tcb.Genoa", "the map is empty", ""},
    {"no minimums", SNP "amd: {min_tcb: {}}\n", 4, 16, "amd.min_tcb", "the map is empty", ""},
    {"a minimum above a byte", SNP "amd: {min_tcb: {Genoa: {snp: 256}}}\n", 4, 30, "amd.min_tcb.Genoa.snp", "256 is too large", ""},
    {"an fmc where there is none", SNP "amd: {min_tcb: {Genoa: {fmc: 1}}}\n", 4, 30, "amd.min_tcb.Genoa.fmc", "the firmware of Genoa has no fmc", ""},
    {"a minimum of what is distrusted", SNP "amd: {distrust: [Genoa], min_tcb: {Genoa: {snp: 1}}}\n", 4, 36, "amd.min_tcb.Genoa", "never used: Genoa is distrusted", ""},
    {"an unknown bit", SNP "amd: {platform: {smt: false}}\n", 4, 18, "amd.platform.smt", "'smt' is no bit of a platform's state", "docs/claims.md lists them as snp.platform"},
    {"a bit nearly known", SNP "amd: {platform: {smt_on: false}}\n", 4, 18, "amd.platform.smt_on", "'smt_on' is no bit of a platform's state", "did you mean 'smt_en'?"},
    {"a bit that is a number", SNP "amd: {platform: {smt_en: 0}}\n", 4, 26, "amd.platform.smt_en", "this is neither 'true' nor 'false'", ""},
    {"a bit that is expected elsewhere", SNP "amd: {platform: {smt_en: false}}\nexpect: {snp.platform.smt_en: true}\n", 5, 10, "expect.snp.platform.smt_en", "snp.platform.smt_en is there twice", ""},

    {"no images", "policy: p\naccept: [tdx]\nimages: {}\n", 3, 9, "images", "the map is empty", ""},
    {"a list of images", "policy: p\naccept: [tdx]\nimages: [a]\n", 3, 9, "images", "a map of keys is wanted here", ""},
    {"a release without a kind", "policy: p\naccept: [snp]\nimages: {r: {}}\n", 3, 13, "images.r", "the map is empty", ""},
    {"a release without a name", "policy: p\naccept: [snp]\nimages: {'': {snp: {measurement: any}}}\n", 3, 10, "images.", "the name is empty", ""},
    {"mr_td alone", "policy: p\naccept: [tdx]\nimages:\n  r7:\n    tdx: {mr_td: " HEX48 "}\n", 5, 5, "images.r7.tdx",
        "tdx: rtmr0, rtmr1, rtmr2, mr_config_id are missing", "name each, or say any"},
    {"one register less", "policy: p\naccept: [nitro]\nimages: {r: {nitro: {pcr0: any, pcr2: any}}}\n", 3, 14, "images.r.nitro", "nitro: pcr1 is missing", "name it, or say any"},
    {"an snp image without its one row", "policy: p\naccept: [snp]\nimages: {r: {snp: {host_data: any}}}\n", 3, 14, "images.r.snp", "snp: measurement is missing", "name it, or say any"},
    {"an enclave without its rows", "policy: p\naccept: [sgx]\nimages: {r: {sgx: {mr_signer: any}}}\n", 3, 14, "images.r.sgx", "sgx: mr_enclave, attributes, config_id are missing", "name each, or say any"},
    {"an image of a kind not accepted", "policy: p\naccept: [snp]\nimages: {r: {tdx: {mr_td: any}}}\n", 3, 14, "images.r.tdx", "never used: the policy does not accept tdx", "add it to accept, or leave this out"},
    {"a kind without an image", "policy: p\naccept: [snp, nitro]\nimages: {r: {snp: {measurement: any}}}\n", 3, 1, "images", "nitro is accepted, and no image of it is named", "name the code, or say images: any"},
    {"a label that is none", "policy: p\naccept: [tdx]\nimages: {r: {tdx: {mrtd: any}}}\n", 3, 20, "images.r.tdx.mrtd", "'mrtd' is no claim of tdx evidence", "did you mean 'mr_td'?"},
    {"another kind's claim", "policy: p\naccept: [tdx]\nimages: {r: {tdx: {snp.host_data: any}}}\n", 3, 20, "images.r.tdx.snp.host_data", "'snp.host_data' is no claim of tdx evidence", "did you mean 'report_data'?"},
    {"the whole table as a claim", "policy: p\naccept: [tdx]\nimages: {r: {tdx: {measurement: any}}}\n", 3, 20, "images.r.tdx.measurement", "'measurement' says nothing about an image alone", "name the claims of the code one by one"},
    {"a claim twice", "policy: p\naccept: [snp]\nimages: {r: {snp: {measurement: any, snp.measurement: any}}}\n", 3, 38, "images.r.snp.snp.measurement", "snp.measurement is there twice", ""},
    {"a measurement that is too short", "policy: p\naccept: [snp]\nimages: {r: {snp: {measurement: " HEX32 "}}}\n", 3, 33, "images.r.snp.measurement", "64 hex digits stand where 96 are wanted", ""},
    {"a measurement of other letters", "policy: p\naccept: [snp]\nimages: {r: {snp: {measurement: Any}}}\n", 3, 33, "images.r.snp.measurement", "'Any' is no hex", "two digits a byte, and nothing else"},

    {"a log that is no map", SNP "log: " LOG "\n", 4, 6, "log", "a map of keys is wanted here", ""},
    {"a log without its key", SNP "log: {origin: example.com/releases}\n", 4, 6, "log", "'key' is missing", "the log's verifier key"},
    {"a log's key cut", SNP "log: {key: example.com/releases+5a1f}\n", 4, 12, "log.key", "this is no verifier key", "NAME+HASH+BASE64, as `troth log init` and others' logs and witnesses print it"},
    {"a witness as the log", SNP "log: {key: " ONE "}\n", 4, 12, "log.key", "this is the key of a witness, not of a log", ""},
    {"witnesses and no number", SNP "log: {key: " LOG ", witnesses: [" ONE "]}\n", 4, 1, "log", "'needed' is missing: how many of the witnesses have to have signed", "needed: 2"},
    {"witnesses and none of them", SNP "log: {key: " LOG ", needed: 0, witnesses: [" ONE "]}\n", 4, 1, "log", "witnesses are named, and none of them has to have signed", ""},
    {"more than there are", SNP "log: {key: " LOG ", needed: 2, witnesses: [" ONE "]}\n", 4, 1, "log", "more witnesses are needed than are named", ""},
    {"a number and no witnesses", SNP "log: {key: " LOG ", needed: 1}\n", 4, 1, "log", "more witnesses are needed than are named", ""},
    {"one witness twice", SNP "log: {key: " LOG ", needed: 1, witnesses: [" ONE ", " UNO "]}\n", 4, 1, "log", "one key stands for two witnesses", ""},
    {"the log as its own witness", SNP "log: {key: " LOG ", needed: 1, witnesses: [" LOG "]}\n", 4, 1, "log", "the log's own key is among the witnesses", "whoever vouches for the log has a key of his own"},
    {"an origin that is none", SNP "log: {key: " LOG ", origin: ''}\n", 4, 96, "log.origin", "this is empty", ""},
    {"a test's proof from no log", SNP "tests: [{name: a, evidence: e, time: 2026-01-01T00:00:00Z, expect: refused, log_proof: b}]\n", 4, 77, "tests[0].log_proof", "the policy names no log", ""},
    {"a test's proof from far away", SNP "log: {key: " LOG "}\ntests: [{name: a, evidence: e, time: 2026-01-01T00:00:00Z, expect: refused, log_proof: /b}]\n", 5, 88, "tests[0].log_proof", "a path from where the policy lies is wanted", ""},
    {"an age and no witnesses", SNP "log: {key: " LOG ", max_age: 7d}\n", 4, 1, "log", "without a witness nobody says how old a checkpoint is", "name witnesses, or leave max_age out"},
    {"a log's unknown key", SNP "log: {key: " LOG ", witness: [" ONE "]}\n", 4, 88, "log.witness", "unknown key 'witness'", "did you mean 'witnesses'?"},
    {"machines of nitro", NITRO "machines: {nitro: [00ff]}\n", 4, 19, "machines.nitro", "nitro evidence does not say which machine it is of", "nitro: any"},
    {"machines of a kind not accepted", SNP "machines: {tdx: any}\n", 4, 12, "machines.tdx", "never used: the policy does not accept tdx", "add it to accept, or leave this out"},
    {"machines of one kind of two", "policy: p\naccept: [tdx, snp]\nimages: any\nmachines: {tdx: any}\n", 4, 1, "machines", "snp is accepted, and its machines are not named", "list them, or say any"},
    {"no machines", TDX "machines: {tdx: []}\n", 4, 17, "machines.tdx", "the list is empty", ""},
    {"no machine's kind", TDX "machines: {}\n", 4, 11, "machines", "the map is empty", ""},
    {"a machine that is too long", TDX "machines: {tdx: [" HEX32 "]}\n", 4, 18, "machines.tdx[0]", "64 hex digits stand where 32 are wanted", ""},
    {"no machine at all", TDX "machines: {tdx: [00000000000000000000000000000000]}\n", 4, 18, "machines.tdx[0]", "all zeros is the identity of no machine", ""},
    {"a machine twice, in other letters", TDX "machines: {tdx: [" HEX16 ", 00112233445566778899AABBCCDDEEFF]}\n", 4, 52, "machines.tdx[1]", "'" HEX16 "' is there twice", ""},

    {"no rules", SNP "rules: []\n", 4, 8, "rules", "a list of rules is wanted here", "- NAME: EXPRESSION"},
    {"rules in a map", SNP "rules: {a: 'true'}\n", 4, 8, "rules", "a list of rules is wanted here", "- NAME: EXPRESSION"},
    {"a rule without a name", SNP "rules:\n  - snp.vmpl < 1\n", 5, 5, "rules[0]", "a rule is a name and an expression", "- young enough: now - tcb.date < duration('720h')"},
    {"a rule of two names", SNP "rules:\n  - a: snp.vmpl < 1\n    b: snp.vmpl < 2\n", 5, 5, "rules[0]", "a rule is a name and an expression", "- young enough: now - tcb.date < duration('720h')"},
    {"a rule's name twice", SNP "rules:\n  - a: snp.vmpl < 1\n  - a: snp.vmpl < 2\n", 6, 5, "rules[1].a", "a rule named 'a' is there already", ""},
    {"an empty rule", SNP "rules:\n  - a: ' '\n", 5, 8, "rules[0].a", "the expression is empty", ""},
    {"a rule that is a list", SNP "rules:\n  - a: [b]\n", 5, 8, "rules[0].a", "an expression is wanted here, no list and no map", ""},
    {"a rule with a control character", SNP "rules:\n  - a: \"snp.vmpl\\x01< 1\"\n", 5, 8, "rules[0].a", "control characters have no place in an expression", ""},

    {"no tests", SNP "tests: []\n", 4, 8, "tests", "a list of tests is wanted here", ""},
    {"a test that is a text", SNP "tests: [a]\n", 4, 9, "tests[0]", "a map of keys is wanted here", ""},
    {"a test without evidence", SNP "tests:\n  - {name: a, expect: accepted, time: 2026-05-01T00:00:00Z}\n", 5, 5, "tests[0]", "'evidence' is missing", ""},
    {"a test without an answer", SNP "tests:\n  - {name: a, evidence: x, time: 2026-05-01T00:00:00Z}\n", 5, 5, "tests[0]", "'expect' is missing", "accepted, refused or undetermined"},
    {"a test without a name", SNP "tests:\n  - {evidence: x, expect: accepted, time: 2026-05-01T00:00:00Z}\n", 5, 5, "tests[0]", "'name' is missing", ""},
    {"a test without a time", SNP "tests:\n  - {name: a, evidence: x, expect: accepted}\n", 5, 5, "tests[0]", "'time' is missing", "when it is judged: what is good today ends one day"},
    {"a test of another answer", SNP "tests:\n  - {name: a, evidence: x, expect: yes, time: 2026-05-01T00:00:00Z}\n", 5, 36, "tests[0].expect", "an answer is wanted here", "accepted, refused or undetermined"},
    {"a test at no time", SNP "tests:\n  - {name: a, evidence: x, expect: accepted, time: now}\n", 5, 52, "tests[0].time", "'now' is no instant", "2026-05-01T00:00:00Z"},
    {"a test somewhere on the disk", SNP "tests:\n  - {name: a, evidence: /x, expect: accepted, time: 2026-05-01T00:00:00Z}\n", 5, 25, "tests[0].evidence", "a path from where the policy lies is wanted", ""},
    {"a test with collateral somewhere", SNP "tests:\n  - {name: a, evidence: x, collateral: [a, /b], expect: accepted, time: 2026-05-01T00:00:00Z}\n", 5, 44, "tests[0].collateral[1]", "a path from where the policy lies is wanted", ""},
    {"a test with another nonce", SNP "tests:\n  - {name: a, evidence: x, nonce: x, expect: accepted, time: 2026-05-01T00:00:00Z}\n", 5, 35, "tests[0].nonce", "'x' is no hex", "two digits a byte, and nothing else"},
    {"a test of no rule", SNP "tests:\n  - {name: a, evidence: x, rule: no, expect: refused, time: 2026-05-01T00:00:00Z}\n", 5, 34, "tests[0].rule", "no rule and no check is named 'no'", "docs/checks.md lists the checks"},
    {"an acceptance by a rule", SNP "tests:\n  - {name: a, evidence: x, rule: debug, expect: accepted, time: 2026-05-01T00:00:00Z}\n", 5, 28, "tests[0].rule", "no rule refuses what is accepted", ""},
    {"a test of another key", SNP "tests:\n  - {name: a, evidence: x, expects: accepted, time: 2026-05-01T00:00:00Z}\n", 5, 28, "tests[0].expects", "unknown key 'expects'", "did you mean 'expect'?"},
    {"two tests of one name", SNP "tests:\n  - {name: a, evidence: x, expect: accepted, time: 2026-05-01T00:00:00Z}\n"
        "  - {name: a, evidence: x, expect: refused, time: 2026-05-01T00:00:00Z}\n", 6, 12, "tests[1].name", "'a' is there twice", ""},
};
/* clang-format on */

static void test_refusals(void)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        const struct troth_policy *policy;
        struct troth_policy_issue issue;

        test_case("refused: %s", refused[i].why);
        CHECK(test_policy_yaml(&policy, &issue, test_text(refused[i].yaml)) != TROTH_OK);
        CHECK(!policy);
        CHECK_INT(issue.line, refused[i].line);
        CHECK_INT(issue.column, refused[i].column);
        CHECK_TEXT(issue.path, refused[i].path);
        CHECK_TEXT(issue.text, refused[i].text);
        CHECK_TEXT(issue.hint, refused[i].hint);
    }
}

static enum troth_err fail_to_digest(void *state, uint8_t *out, enum troth_hash hash,
                                     struct troth_parts message)
{
    (void)state, (void)out, (void)hash, (void)message;
    return TROTH_ERR_CRYPTO;
}

/* No memory, wherever it ends, is an error and nothing else. */
static void test_memory(void)
{
    static uint8_t room[1 << 16];
    static const char json[] = "{\"policy\": \"p\", \"accept\": [\"snp\", \"tdx\"],"
                               "\"images\": {\"r\": {\"snp\": {\"measurement\": \"any\"},"
                               "\"tdx\": {\"mr_td\": \"any\", \"rtmr0\": \"any\","
                               "\"rtmr1\": \"any\", \"rtmr2\": \"any\","
                               "\"mr_config_id\": \"" HEX48 "\"}}},"
                               "\"allow\": [\"debug\"], \"any\": [\"snp.vmpl\"],"
                               "\"expect\": {\"debug\": false},"
                               "\"amd\": {\"min_tcb\": {\"Genoa\": {\"snp\": 1}}},"
                               "\"intel\": {\"advisories\": [\"INTEL-SA-00615\"]},"
                               "\"machines\": {\"snp\": \"any\", \"tdx\": [\"" HEX16
                               "\"]}}";
    const struct troth_policy *policy = NULL;
    struct troth_crypto crypto = {NULL, NULL};
    size_t size = 0;

    test_case("no memory");
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    while (!policy && size < sizeof room) {
        struct troth_arena arena = {room, size, 0};
        const enum troth_err err = troth_policy_from_json(&policy, NULL, test_text(json),
                                                          &crypto, &arena);

        if (!CHECK(err == TROTH_ERR_MEMORY || (err == TROTH_OK && policy)))
            break;
        size += 8;
    }
    CHECK(size > 1024 && size < sizeof room);
    troth_provider_destroy(&crypto);

    test_case("a cryptographic library that fails");
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_crypto_ops failing = {.digest = fail_to_digest};
    crypto = (struct troth_crypto){&failing, NULL};
    CHECK_ERR(troth_policy_from_json(&policy, NULL, test_text(json), &crypto, &arena),
              TROTH_ERR_CRYPTO);
    CHECK(!policy);

    test_case("one limit of documents");
    CHECK_INT(TROTH_POLICY_SOURCE_MAX, TROTH_TREE_SOURCE_MAX);
}

int main(void)
{
    test_refusals();
    test_memory();
    return test_finish();
}
