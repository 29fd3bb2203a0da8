import { describe, expect, it } from 'vitest';
import { protobufMessages } from '../registry/protobuf-messages.ts';
import { decodeProtobuf, ProtobufError } from './protobuf.ts';

/** Length-delimited fields by number, nested as they are given. */
function encode(...fields: readonly (readonly [number, string | Buffer | number])[]): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'number') return Buffer.from([number << 3, value]);
      const bytes = Buffer.from(value);
      return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
    }),
  );
}

describe('decodeProtobuf', () => {
  it('reads strings, maps, bytes and optional booleans as Kubernetes prints them', () => {
    const metadata = encode([1, 'x'], [2, ''], [11, encode([1, 'app'], [2, 'web'])], [8, '']);
    const secret = encode([1, metadata], [2, encode([1, 'key'], [2, Buffer.from([1, 2, 3])])], [3, 'Opaque'], [5, 0]);
    expect(decodeProtobuf(secret, 'Secret', protobufMessages)).toEqual({
      metadata: { name: 'x', labels: { app: 'web' } },
      data: { key: 'AQID' },
      type: 'Opaque',
      immutable: false,
    });
  });

  it.each([
    [encode([1, encode([1, 1], [3, '50%'])]), '50%'],
    [encode([1, encode([1, 0], [2, 2], [3, ''])]), 2],
    [encode([1, encode([1, 0], [2, 0], [3, ''])]), 0],
  ])('reads a number or a text: %# %s', (bytes, minAvailable) => {
    expect(decodeProtobuf(bytes, 'PodDisruptionBudgetSpec', protobufMessages)).toEqual({ minAvailable });
  });

  it('puts what is embedded beside the other fields, and keeps the time as its kind prints it', () => {
    const probe = encode([1, encode([2, encode([1, '/'], [2, encode([1, 0], [2, 80])])])], [2, 5]);
    expect(decodeProtobuf(probe, 'Probe', protobufMessages)).toEqual({
      httpGet: { path: '/', port: 80 },
      initialDelaySeconds: 5,
    });
    const lease = encode([4, encode([1, 60], [2, 7])]);
    expect(decodeProtobuf(lease, 'LeaseSpec', protobufMessages)).toEqual({ renewTime: '1970-01-01T00:01:00.000000Z' });
    const condition = encode([4, encode([1, 60], [2, 7])]);
    expect(decodeProtobuf(condition, 'PodCondition', protobufMessages)).toEqual({
      lastTransitionTime: '1970-01-01T00:01:00Z',
    });
  });

  it('reads lists inside maps and objects inside bytes', () => {
    const user = encode([4, encode([1, 'scopes'], [2, encode([1, 'a'], [1, 'b'])])]);
    expect(decodeProtobuf(user, 'UserInfo', protobufMessages)).toEqual({ extra: { scopes: ['a', 'b'] } });
    const revision = encode([2, encode([1, '{"spec":1}'])], [3, 4]);
    expect(decodeProtobuf(revision, 'ControllerRevision', protobufMessages)).toEqual({
      data: { spec: 1 },
      revision: 4,
    });
    expect(() => decodeProtobuf(encode([2, encode([1, '{'])]), 'ControllerRevision', protobufMessages)).toThrow(
      ProtobufError,
    );
  });

  it.each([
    ['a field nobody knows', encode([30, 'x'])],
    ['a field that is cut off', Buffer.from([0x0a, 0x05, 0x61])],
    ['a number that is cut off', Buffer.from([0x0a, 0x80])],
    ['a number that never ends', Buffer.alloc(12, 0xff)],
    ['a number where text belongs', Buffer.from([0x08, 0x01])],
    ['a wire type nobody uses', Buffer.from([0x0d, 0, 0, 0, 0])],
  ])('does not lose or invent anything: %s (refused)', (_name, bytes) => {
    expect(() => decodeProtobuf(bytes, 'ObjectMeta', protobufMessages)).toThrow(ProtobufError);
  });

  it('knows no such message (refused)', () => {
    expect(() => decodeProtobuf(Buffer.alloc(0), 'Gadget', protobufMessages)).toThrow(ProtobufError);
  });
});
