// SPDX-License-Identifier: Apache-2.0
// How often a second @bufbuild/cel compiles and evaluates what bench/policy.c does: lines of "name<TAB>rate".
// usage: node bufbuild_cel.mjs FOLDER_OF_NODE_MODULES POLICY.json
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [folder, policy] = process.argv.slice(2).map((path) => resolve(path));
const need = createRequire(`${folder}/`);
const { celEnv, celFunc, CelScalar, parse, plan } = need('@bufbuild/cel');
const { timestampFromDate } = need('@bufbuild/protobuf/wkt');

const bytes = (text) => new Uint8Array(Buffer.from(text, 'hex'));
const instant = (text) => timestampFromDate(new Date(text));
const { BYTES, STRING } = CelScalar;
const env = celEnv({
    funcs: [
        celFunc('hex.decode', [STRING], BYTES, bytes),
        celFunc('hex.encode', [BYTES], STRING, (value) => Buffer.from(value).toString('hex')),
    ],
});

// The claims that the rules name, as one of the quotes has them.
const rules = JSON.parse(readFileSync(policy, 'utf8')).rules.flatMap(Object.values);
const constants = rules.join('\n').match(/'[0-9a-f]{64,}'/g).map((text) => text.slice(1, -1));
const zeros = bytes('00'.repeat(48));
const claims = {
    now: instant('2026-01-01T00:00:00Z'),
    debug: false,
    tcb: { status: 'UpToDate', date: instant('2025-05-14T00:00:00Z'), advisories: [] },
    tdx: {
        quote_version: 4n,
        module_version: 1n,
        mr_signer_seam: zeros,
        seam_attributes: bytes('0000000000000000'),
        mr_td: bytes(constants[1]),
        rtmr1: bytes(constants[3]),
        mr_config_id: zeros,
        mr_owner: zeros,
        mr_owner_config: zeros,
        td_attributes: { debug: false, perf_prof: false, pmt_prof: false, sept_ve_disable: true, migratable: false },
    },
    dcap: {
        tcb_info: { evaluation_number: 18n, next_update: instant('2026-01-21T00:00:00Z') },
        qe_identity: { evaluation_number: 18n },
        collateral: { earliest_expiry: instant('2026-01-21T00:00:00Z') },
        sgx_type: 'Scalable',
        pck_ca: 'platform',
        fmspc: bytes('90c06f000000'),
        qe: { mr_signer: bytes(constants.at(-1)), isv_svn: 5n, status: 'UpToDate' },
        platform: { status: 'UpToDate' },
        module: { status: 'UpToDate' },
    },
};

function rate(run, seconds) {
    const start = performance.now();
    let done = 0;
    let ran;

    do {
        for (let i = 0; i < 16; i++) run();
        done += 16;
        ran = (performance.now() - start) / 1000;
    } while (ran < seconds);
    return done / ran;
}

function report(name, run) {
    rate(run, 1); // let it be compiled
    console.log(`${name}\t${rate(run, 2).toFixed(1)}`);
}

const compile = (source) => plan(env, parse(source));
const one = compile('vmpl < 2');
const twenty = rules.map(compile);
const wrong = twenty.findIndex((rule) => rule(claims) !== true);

if (wrong >= 0) throw new Error(`${rules[wrong]}: ${twenty[wrong](claims)}`);
report('one comparison, compiled', () => compile('vmpl < 2'));
report('one comparison, evaluated', () => one({ vmpl: 1n }));
report('20 rules, read and compiled', () => rules.map(compile));
report('20 rules, bound and evaluated', () => twenty.every((rule) => rule(claims)));
