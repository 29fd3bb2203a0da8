import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readSecretKey } from './secret-key.ts';

describe('readSecretKey', () => {
  it.each(['base64', 'base64url', 'hex'] as const)('reads 32 random bytes as %s', (encoding) => {
    for (let round = 0; round < 200; round += 1) {
      const key = randomBytes(32);
      expect(readSecretKey(` ${key.toString(encoding)}\n`)).toEqual({ key });
    }
  });

  it.each([
    { name: '31 bytes', text: randomBytes(31).toString('base64') },
    { name: '33 bytes', text: randomBytes(33).toString('hex') },
    { name: 'a password', text: 'correct horse battery staple' },
    { name: 'nothing', text: '' },
  ])('reads 32 random bytes ($name refused)', ({ text }) => {
    expect(readSecretKey(text)).toEqual({ refused: 'form' });
  });

  it.each([
    { name: 'all zero', bytes: Buffer.alloc(32) },
    { name: 'one byte repeated', bytes: Buffer.alloc(32, 0xa7) },
    { name: 'two halves alike', bytes: Buffer.concat([0, 1].map(() => createHash('md5').update('x').digest())) },
    { name: 'counting up', bytes: Buffer.from(Array.from({ length: 32 }, (_, index) => index)) },
    { name: 'counting down by three', bytes: Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - 3 * index)) },
    { name: 'readable text', bytes: Buffer.from('0123456789abcdefghijklmnopqrstuv') },
    { name: 'few different bytes', bytes: Buffer.from(`${'deadbeef'.repeat(7)}0badf00d`, 'hex') },
    { name: 'the hash of a word', bytes: createHash('sha256').update('changeme').digest() },
    { name: 'the hash of a word and a line end', bytes: createHash('sha256').update('secret\n').digest() },
  ])('refuses a weak key: $name', ({ bytes }) => {
    expect(bytes).toHaveLength(32);
    expect(readSecretKey(bytes.toString('base64'))).toEqual({ refused: 'weak' });
    expect(readSecretKey(bytes.toString('hex'))).toEqual({ refused: 'weak' });
  });
});
