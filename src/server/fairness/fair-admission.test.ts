import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { createFairAdmission, type Place } from './fair-admission.ts';

const overloaded = expect.objectContaining({ code: 'OVERLOADED', retryAfterSeconds: 1 });

function setUp(limits = { inFlight: 2, inFlightPerPrincipal: 2 }) {
  const clock = createManualClock();
  const looks: ((room: number) => void)[] = [];
  const state = { isBusy: false };
  const admission = createFairAdmission({
    clock,
    limits,
    isBusy: () => state.isBusy,
    whenFree: (look) => looks.push(look),
  });
  const order: string[] = [];
  const places: { who: string; place: Place }[] = [];
  const refused: string[] = [];
  /** Enters, and notes when it is let in or refused. */
  function enter(who: string): void {
    const take = (place: Place) => {
      order.push(who);
      places.push({ who, place });
    };
    const refuse = (error: unknown) => {
      expect(error).toEqual(overloaded);
      refused.push(who);
    };
    try {
      const granted = admission.enter(who);
      if (granted instanceof Promise) granted.then(take, refuse);
      else take(granted);
    } catch (error) {
      refuse(error);
    }
  }
  /** Turns of the loop, until nothing more happens. */
  async function settle(room = 1): Promise<void> {
    for (let turn = 0; turn < 1_000; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      const [look] = looks.splice(0, 1);
      if (!look) return;
      look(room);
    }
  }
  return { clock, admission, state, order, places, refused, enter, settle };
}

describe('who is executed next', () => {
  it('is whoever comes, at once, while there is room (P32)', () => {
    const { admission, enter, order } = setUp();
    enter('ann');
    enter('ben');
    expect(order).toEqual(['ann', 'ben']);
    expect([admission.count, admission.waiting]).toEqual([2, 0]);
  });

  it('is not refused for a loop that stood still: who has waited for too long is looked at once more before (P32)', async () => {
    const { clock, state, enter, order, refused, settle } = setUp({ inFlight: 2, inFlightPerPrincipal: 4 });
    state.isBusy = true;
    for (const who of ['ann', 'ben', 'cat']) enter(who);
    clock.advance(1_000);
    expect([order, refused]).toEqual([[], []]);
    await settle(2);
    expect([order, refused]).toEqual([['ann', 'ben'], ['cat']]);
  });

  it('goes by turns of callers and not by arrival, once there is none (P32)', async () => {
    const { enter, order, places, settle } = setUp({ inFlight: 2, inFlightPerPrincipal: 4 });
    for (let index = 0; index < 4; index += 1) enter('flood');
    enter('ann');
    enter('ben');
    while (places.length > 0) {
      places.shift()?.place.leave();
      await settle();
    }
    expect(order).toEqual(['flood', 'flood', 'ann', 'ben', 'flood', 'flood']);
  });

  it('counts what was asked for and not how often: who asks for much waits for those who ask for little', async () => {
    const { enter, order, places, settle } = setUp({ inFlight: 1, inFlightPerPrincipal: 10 });
    enter('dear');
    places[0]?.place.charge(1_000);
    for (let index = 0; index < 2; index += 1) enter('dear');
    for (let index = 0; index < 5; index += 1) enter('cheap');
    while (places.length > 0) {
      const { who, place } = places.shift() ?? {};
      if (who === 'cheap') place?.charge(100);
      place?.leave();
      await settle();
    }
    expect(order).toEqual(['dear', 'cheap', 'cheap', 'cheap', 'cheap', 'cheap', 'dear', 'dear']);
  });

  it('is refused where a caller has as many waiting as it may have, and where nobody has more waiting than it', async () => {
    const { enter, refused, admission, settle } = setUp({ inFlight: 3, inFlightPerPrincipal: 2 });
    for (const who of ['ann', 'ann', 'ben']) enter(who);
    for (const who of ['ann', 'ann', 'ann']) enter(who);
    await settle();
    expect(refused).toEqual(['ann']);
    enter('ben');
    expect(admission.waiting).toBe(3);
    // The queue is full: the newest of whoever has most gives way to somebody who has none.
    enter('cat');
    await settle();
    expect(refused).toEqual(['ann', 'ann']);
    enter('dan');
    expect(refused).toEqual(['ann', 'ann', 'dan']);
  });

  it('waits for a second at the most', async () => {
    const { clock, enter, refused, admission, settle } = setUp({ inFlight: 1, inFlightPerPrincipal: 2 });
    enter('ann');
    enter('ben');
    clock.advance(999);
    expect(admission.waiting).toBe(1);
    clock.advance(1);
    await settle();
    expect(refused).toEqual(['ben']);
    expect([admission.count, admission.waiting, clock.waiting]).toEqual([1, 0, 0]);
  });

  it('lines up where the loop has been held for long, though there are places', async () => {
    const { enter, state, order, settle } = setUp({ inFlight: 10, inFlightPerPrincipal: 10 });
    state.isBusy = true;
    for (const who of ['flood', 'flood', 'flood', 'ann']) enter(who);
    expect(order).toEqual([]);
    await settle();
    expect(order).toEqual(['flood', 'ann', 'flood', 'flood']);
  });

  it('takes a place back once, however often it is given back', async () => {
    const { enter, places, admission, settle } = setUp({ inFlight: 1, inFlightPerPrincipal: 1 });
    enter('ann');
    places[0]?.place.leave();
    places[0]?.place.leave();
    enter('ben');
    enter('cat');
    await settle();
    expect([admission.count, admission.waiting]).toEqual([2, 1]);
  });

  it('is nobody for ever: whatever the others do, a caller is let in before any other has had a second turn more (P32)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('flood', 'flood', 'flood', 'ann', 'ben'), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        async (arrivals, inFlight) => {
          const { enter, places, order, refused, admission, settle } = setUp({ inFlight, inFlightPerPrincipal: 3 });
          for (const who of arrivals) enter(who);
          const waiting = new Set(arrivals.filter((who) => !order.includes(who)));
          while (places.length > 0) {
            places.shift()?.place.leave();
            await settle();
          }
          // All were let in or told at once that they are not, and nothing is left.
          expect(order.length + refused.length).toBe(arrivals.length);
          expect([admission.count, admission.waiting]).toEqual([0, 0]);
          for (const who of waiting) {
            const before = order.slice(0, order.indexOf(who));
            if (order.includes(who)) expect(before.length).toBeLessThanOrEqual(inFlight + 2);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
