import { describe, expect, it } from 'vitest';
import { origin } from '../../../kube/kube-object.ts';
import { isOperationRecord } from './replay-operation.ts';

const record = { id: 'one', principalId: 'dev:ann', writes: [], category: 'TERMINAL' };

describe('isOperationRecord', () => {
  it('knows the record of an operation', () => {
    expect(isOperationRecord(record)).toBe(true);
  });

  it('is not deceived by an object of a cluster whose fields are a record’s (refused)', () => {
    expect(isOperationRecord({ ...record, [origin]: { cluster: 'one' } })).toBe(false);
    expect(isOperationRecord(null)).toBe(false);
  });
});
