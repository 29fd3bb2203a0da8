import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLoopSlices } from '../../kernel/loop-slices.ts';
import { decodeList } from './decode-list.ts';
import { parseObject } from './parse-object.ts';

const slices = createLoopSlices(1_000);

/** The bytes of a text, cut into pieces of these sizes over and over. */
function bodyOf(text: string, sizes: readonly number[]): Readable {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? bytes.length);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return Readable.from(pieces);
}

async function decode(text: string, sizes: readonly number[] = [], maxBytes = 1_000_000) {
  const items: unknown[] = [];
  const list = await decodeList(bodyOf(text, sizes), {
    maxBytes,
    parse: (bytes: Buffer) => parseObject(bytes),
    take: (item) => items.push(item),
    slices,
  });
  return { list, items };
}

/** Whatever stands in a list: objects that begin as an API server writes them, with templates that look like items. */
const metadata = fc.record({
  name: fc.string({ unit: 'grapheme' }),
  note: fc.constantFrom('},{"metadata":{', '\\"', ']}'),
});
const item = fc.oneof(
  fc.record({ metadata, spec: fc.jsonValue() }),
  fc.record({ metadata, templates: fc.array(fc.record({ metadata, spec: fc.constant({}) }), { maxLength: 3 }) }),
  fc.record({ apiVersion: fc.constant('v1'), kind: fc.constant('Thing'), metadata, spec: fc.jsonValue() }),
  fc.jsonValue(),
);

describe('decodeList', () => {
  it('finds what JSON.parse finds, wherever the bytes are cut and however they are spaced', async () => {
    const list = fc.record({
      before: fc.jsonValue(),
      items: fc.array(item, { maxLength: 6 }),
      after: fc.jsonValue(),
      space: fc.constantFrom(undefined, 1, '\t\r\n'),
      sizes: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(list, async ({ before, items, after, space, sizes }) => {
        const text = JSON.stringify({ before, nested: { items: [1] }, items, after }, undefined, space);
        const decoded = await decode(text, sizes);
        // As JSON has it: it knows no -0.
        expect(decoded.items).toEqual(JSON.parse(JSON.stringify(items)));
        expect(decoded.list).toEqual({ ...JSON.parse(text), items: [] });
      }),
    );
  });

  it('leaves out the managed fields of the metadata, and only those', async () => {
    const own = { managedFields: [{ fieldsV1: { 'f:a]}"': {} } }] };
    const text = JSON.stringify({
      items: [
        {
          metadata: {
            name: 'a',
            managedFields: [{ manager: 'x"]' }, { fieldsV1: { 'k:{"name":"]"}': {} } }],
            uid: 'u',
          },
        },
        { metadata: { name: 'b' }, spec: { template: { metadata: own } } },
        { spec: own, metadata: { name: 'c', ...own } },
        { metadata: { name: 'd', annotations: { text: JSON.stringify(own) } } },
      ],
    });
    const { items } = await decode(text);
    expect(items[0]).toEqual({ metadata: { name: 'a', uid: 'u' } });
    expect(items[1]).toEqual({ metadata: { name: 'b' }, spec: { template: { metadata: own } } });
    expect(items[2]).toMatchObject({ spec: own });
    expect(items[3]).toEqual({ metadata: { name: 'd', annotations: { text: JSON.stringify(own) } } });
  });

  it.each([
    ['a status', '{"kind":"Status","code":500}', { kind: 'Status', code: 500 }],
    ['null for no items', '{"items":null,"metadata":{}}', { items: null, metadata: {} }],
    ['a text', ' "text" ', 'text'],
    ['an array', '[{"items":[1]}]', [{ items: [1] }]],
    ['an empty object', '{}', {}],
  ])('answers %s whole', async (_what, text, value) => {
    expect(await decode(text, [3])).toEqual({ list: value, items: [] });
  });

  it.each([
    ['nothing'.slice(7)],
    ['{"items":['],
    ['{"items":[1,2'],
    ['{"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b'],
    ['{"items":[1 2]}'],
    ['{"items":[1,]}'],
    ['{"items":[{"metadata":{"name":x}}]}'],
    ['{"items":[]'],
    ['{"items":[]}}'],
    ['<html>'],
  ])('%j is not JSON (refused)', async (text) => {
    await expect(decode(text, [4])).rejects.toThrow('its answer is not JSON');
  });

  it('what is larger than its bound (refused), and lets go of it', async () => {
    const body = bodyOf(JSON.stringify({ items: [{ text: 'x'.repeat(2_000) }] }), [100]);
    const options = { maxBytes: 1_000, parse: (bytes: Buffer) => parseObject(bytes), take() {}, slices };
    await expect(decodeList(body, options)).rejects.toThrow('its answer is larger than 1000 bytes');
    expect(body.destroyed).toBe(true);
  });

  it('gives the loop back between items', async () => {
    const seen: string[] = [];
    let isOver = false;
    const look = () => {
      seen.push('turn');
      if (!isOver) setImmediate(look);
    };
    setImmediate(look);
    const text = JSON.stringify({ items: [1, 2, 3, 4] });
    const take = (value: unknown) => seen.push(String(value));
    await decodeList(bodyOf(text, []), {
      maxBytes: 1_000,
      parse: (bytes: Buffer) => parseObject(bytes),
      take,
      slices: createLoopSlices(0),
    });
    isOver = true;
    for (const [one, other] of [
      ['1', '2'],
      ['2', '3'],
      ['3', '4'],
    ] as const) {
      expect(seen.slice(seen.indexOf(one), seen.indexOf(other))).toContain('turn');
    }
  });
});
