import { describe, expect, it } from 'vitest';
import { decideDisruptions } from './decide-disruptions.ts';

describe('decideDisruptions', () => {
  const none = { minAvailable: undefined, maxUnavailable: undefined, pods: 4, healthy: 4, wanted: 4 };
  it.each([
    { name: 'spares what is above a number', input: { minAvailable: 3 }, allowed: 1 },
    { name: 'spares nothing below it (refused)', input: { minAvailable: 3, healthy: 2 }, allowed: 0 },
    { name: 'rounds a share of available pods up', input: { minAvailable: '60%' }, allowed: 1 },
    {
      name: 'counts unavailability against what controllers want',
      input: { maxUnavailable: 1, healthy: 3 },
      allowed: 0,
    },
    {
      name: 'allows nothing where no controller wants any (refused)',
      input: { maxUnavailable: '50%', wanted: 0 },
      allowed: 0,
    },
    { name: 'needs no controller for a number', input: { minAvailable: 1, wanted: 0 }, allowed: 3 },
  ])('$name', ({ input, allowed }) => {
    expect(decideDisruptions({ ...none, ...input }).disruptionsAllowed).toBe(allowed);
  });
});
