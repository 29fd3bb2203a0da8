import { describe, expect, it } from 'vitest';
import { ForbiddenError } from '../../kernel/answer-error.ts';
import { admin } from '../testing/test-cluster.ts';
import { impersonationHeaders } from './impersonation-headers.ts';

describe('impersonationHeaders', () => {
  it('are built from the principal alone', () => {
    expect(impersonationHeaders({ ...admin, groups: ['a', 'b'] })).toEqual({
      'Impersonate-User': 'alice',
      'Impersonate-Group': ['a', 'b'],
    });
    expect(impersonationHeaders({ ...admin, groups: [] })).toEqual({ 'Impersonate-User': 'alice' });
  });

  it('carry names beyond ASCII as UTF-8 bytes', () => {
    const { 'Impersonate-User': user } = impersonationHeaders({ ...admin, name: 'Zoë 李' });
    expect(Buffer.from(String(user), 'latin1').toString('utf8')).toBe('Zoë 李');
  });

  it.each([
    ['system:admin', []],
    ['System:Admin', []],
    [' system:admin', []],
    ['', []],
    ['a\r\nImpersonate-Group: system:masters', []],
    ['a\u0000b', []],
    ['alice', ['system:masters']],
    ['alice', ['ok', 'SYSTEM:masters']],
    ['alice', ['']],
  ])('user %j with groups %j (refused)', (name, groups) => {
    expect(() => impersonationHeaders({ ...admin, name, groups })).toThrow(ForbiddenError);
  });
});
