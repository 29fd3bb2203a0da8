import { describe, expect, it } from 'vitest';
import { createInFlight } from './in-flight.ts';

const overloaded = expect.objectContaining({ code: 'OVERLOADED', retryAfterSeconds: 1 });

describe('createInFlight', () => {
  it('gives one caller no more than its share and leaves the rest to others (refused)', () => {
    const inFlight = createInFlight({ inFlight: 3, inFlightPerPrincipal: 2 });
    inFlight.enter('a');
    inFlight.enter('a');
    expect(() => inFlight.enter('a')).toThrow(overloaded);
    inFlight.enter('b');
    expect(() => inFlight.enter('c')).toThrow(overloaded);
    expect(inFlight.count).toBe(3);
  });

  it('takes a place back once, however often it is given back', () => {
    const inFlight = createInFlight({ inFlight: 1, inFlightPerPrincipal: 1 });
    const leave = inFlight.enter('a');
    leave();
    leave();
    expect(inFlight.count).toBe(0);
    inFlight.enter('a');
    expect(inFlight.count).toBe(1);
  });
});
