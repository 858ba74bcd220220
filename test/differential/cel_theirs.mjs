// SPDX-License-Identifier: Apache-2.0
// What another CEL makes of expressions: one a line in, its value as JSON a line out, as cel_ours.c.
// usage: node cel_theirs.mjs FOLDER_OF_NODE_MODULES < expressions
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const need = createRequire(`${process.argv[2]}/`);
const { celEnv, celUint, isCelUint, isCelError, isCelList, isCelMap, isCelType, parse, plan } = need('@bufbuild/cel');
const { strings } = need('@bufbuild/cel/ext');
const { create } = need('@bufbuild/protobuf');
const { TimestampSchema, DurationSchema } = need('@bufbuild/protobuf/wkt');

const variables = {
    i: 42n,
    j: -7n,
    big: 2n ** 63n - 1n,
    u: celUint(3n),
    v: celUint(2n ** 64n - 1n),
    d: 2.5,
    nan: NaN,
    s: 'Grüße, b 42',
    t: 'a😀b',
    x: new Uint8Array([0, 255, 97]),
    p: true,
    q: false,
    li: [3n, -1n, 0n, 42n],
    ls: ['b', '', 'ä', 'b'],
    ms: new Map([['a', 1n], ['b', -2n], ['', 3n]]),
    mi: new Map([[0n, 'zero'], [-1n, 'a']]),
    now: create(TimestampSchema, { seconds: 1767225599n, nanos: 987254321 }),
    ago: create(DurationSchema, { seconds: -5400n, nanos: -250000000 }),
};
const env = celEnv({ funcs: strings });

function bits(value) {
    const view = new DataView(new ArrayBuffer(8));

    view.setFloat64(0, Number.isNaN(value) ? NaN : value);
    return view.getBigUint64(0).toString(16).padStart(16, '0');
}

function canonical(value) {
    switch (typeof value) {
    case 'boolean': return value;
    case 'bigint': return ['int', value.toString()];
    case 'number': return ['double', bits(value)];
    case 'string': return ['string', Buffer.from(value).toString('hex')];
    default:
    }
    if (value === null) return null;
    if (isCelError(value)) return ['error'];
    if (isCelUint(value)) return ['uint', value.value.toString()];
    if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('hex')];
    if (isCelList(value)) return ['list', ...Array.from(value, canonical)];
    if (isCelMap(value)) return ['map', ...Array.from(value, ([k, v]) => [canonical(k), canonical(v)])];
    if (isCelType(value)) return ['type', value.name];
    const kinds = { 'google.protobuf.Timestamp': 'timestamp', 'google.protobuf.Duration': 'duration' };
    const { seconds, nanos } = value.message;
    return [kinds[value.desc.typeName], seconds.toString(), nanos];
}

function answer(source) {
    try {
        return canonical(plan(env, parse(source))(variables));
    } catch {
        return ['error'];
    }
}

const lines = readFileSync(0, 'utf8').split('\n').slice(0, -1);
process.stdout.write(lines.map((source) => `${JSON.stringify(answer(source))}\n`).join(''));
