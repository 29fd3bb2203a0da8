import { describe, expect, it } from 'vitest';
import { silentLogger } from '../kernel/logger.ts';
import { createClosers } from './close-all.ts';

describe('createClosers', () => {
  it('closes in reverse order, goes on where one fails, and does nothing the second time', async () => {
    const closed: string[] = [];
    const closers = createClosers(silentLogger);
    closers.add('first', () => {
      closed.push('first');
    });
    closers.add('broken', () => Promise.reject(new Error('stuck')));
    closers.add('last', () => {
      closed.push('last');
    });
    await closers.closeAll();
    await closers.closeAll();
    expect(closed).toEqual(['last', 'first']);
  });
});
