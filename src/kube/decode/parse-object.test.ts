import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseObject } from './parse-object.ts';

const managedFields = [{ manager: 'kubectl "]', fieldsV1: { 'k:{"name":"a]"}': { '.': {} } } }];

/** Without the one member that may be missing. */
function cleared(value: Record<string, unknown>, isFrame: boolean): unknown {
  const holder = isFrame ? value.object : value;
  const metadata = isRecord(holder) ? holder.metadata : undefined;
  if (isRecord(metadata) && (Array.isArray(metadata.managedFields) || metadata.managedFields === undefined))
    metadata.managedFields = undefined;
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('parseObject', () => {
  it('is JSON.parse but for the managed fields of the metadata, whatever else is there', () => {
    const name = fc.constantFrom('metadata', 'managedFields', 'object', 'spec', 'a"]');
    const value = fc.oneof(fc.jsonValue(), fc.constant(managedFields), fc.constant({ managedFields }));
    const object = fc.dictionary(name, fc.oneof(value, fc.dictionary(name, value, { noNullPrototype: true })), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(object, fc.boolean(), (parts, isFrame) => {
        const bytes = Buffer.from(JSON.stringify(parts));
        const parsed = parseObject(bytes, isFrame ? 'object' : undefined) as Record<string, unknown>;
        expect(cleared(parsed, isFrame)).toEqual(cleared(JSON.parse(JSON.stringify(parts)), isFrame));
      }),
    );
  });

  it.each([
    ['an object', undefined, (object: object) => object],
    ['a frame', 'object' as const, (object: object) => ({ type: 'ADDED', object })],
  ])('leaves out those of %s', (_what, member, wrap) => {
    const bytes = Buffer.from(JSON.stringify(wrap({ metadata: { name: 'a', managedFields, uid: 'u' }, spec: {} })));
    expect(parseObject(bytes, member)).toEqual(wrap({ metadata: { name: 'a', uid: 'u' }, spec: {} }));
    const other = Buffer.from(JSON.stringify({ kept: wrap({ metadata: { managedFields } }) }));
    expect(parseObject(other, member)).toEqual({ kept: wrap({ metadata: { managedFields } }) });
  });

  it.each(['', '{', '{"metadata":{"managedFields":[', '{"metadata":{"managedFields":[]}'])('%j (refused)', (text) => {
    expect(() => parseObject(Buffer.from(text))).toThrow(SyntaxError);
  });
});
