import { describe, expect, it } from 'vitest';
import { encodeOperationCursor, isOperationId, parseOperationCursor } from './operation-cursor.ts';

const position = { createdAt: new Date('2026-01-31T12:00:00.123Z'), id: '0195a3c4-1111-7222-8333-444455556666' };

describe('the cursor of operationRecords', () => {
  it('comes back as it went', () => {
    expect(parseOperationCursor(encodeOperationCursor(position))).toEqual(position);
  });

  const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    '',
    'x',
    '%%%',
    'x'.repeat(600),
    forged(['pods', '2026-01-31T12:00:00Z', position.id]),
    forged(['operations', 'yesterday', position.id]),
    forged(['operations', '2026-01-31T12:00:00Z', "' or true --"]),
    forged(['operations', 5, position.id]),
    forged({}),
  ])('refuses %j', (cursor) => {
    expect(() => parseOperationCursor(cursor)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });

  it('knows an id of a record from other text', () => {
    expect([isOperationId(position.id), isOperationId('x'), isOperationId('')]).toEqual([true, false, false]);
  });
});
