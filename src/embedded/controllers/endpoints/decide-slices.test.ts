import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Endpoint, EndpointPort } from './decide-endpoints.ts';
import { decideSlices, type PresentSlice } from './decide-slices.ts';

const http: EndpointPort[] = [{ name: '', protocol: 'TCP', port: 80 }];
const admin: EndpointPort[] = [{ name: '', protocol: 'TCP', port: 81 }];
const at = (...ids: number[]): Endpoint[] =>
  ids.map((id) => ({ addresses: [`10.0.0.${id}`], conditions: { ready: true } }));
const slice = (name: string, ports: EndpointPort[], ...ids: number[]): PresentSlice => ({
  name,
  ports,
  endpoints: at(...ids),
});
const none = { create: [], update: new Map(), remove: [] };

describe('decideSlices', () => {
  it.each([
    {
      name: 'makes a first slice',
      groups: [{ ports: http, endpoints: at(1) }],
      present: [],
      changes: { ...none, create: [{ ports: http, endpoints: at(1) }] },
    },
    {
      name: 'makes an empty slice for a Service without pods',
      groups: [],
      present: [],
      changes: { ...none, create: [{ ports: [], endpoints: [] }] },
    },
    {
      name: 'changes nothing that is right',
      groups: [{ ports: http, endpoints: at(1) }],
      present: [slice('a', http, 1)],
      changes: none,
    },
    { name: 'keeps the empty slice', groups: [], present: [slice('a', [])], changes: none },
    {
      name: 'fills the empty slice with the first endpoints',
      groups: [{ ports: http, endpoints: at(1) }],
      present: [slice('a', [])],
      changes: { ...none, update: new Map([['a', { ports: http, endpoints: at(1) }]]) },
    },
    {
      name: 'empties the last slice instead of deleting it',
      groups: [],
      present: [slice('a', http, 1)],
      changes: { ...none, update: new Map([['a', { ports: [], endpoints: [] }]]) },
    },
    {
      name: 'has a slice for each set of ports',
      groups: [
        { ports: http, endpoints: at(1) },
        { ports: admin, endpoints: at(2) },
      ],
      present: [slice('a', http, 1)],
      changes: { ...none, create: [{ ports: admin, endpoints: at(2) }] },
    },
    {
      name: 'deletes slices that have become empty',
      groups: [{ ports: http, endpoints: at(1) }],
      present: [slice('a', http, 1), slice('b', http, 2)],
      changes: { ...none, remove: ['b'] },
    },
    {
      name: 'fills up a slice with room',
      groups: [{ ports: http, endpoints: at(1, 2) }],
      present: [slice('a', http, 1)],
      changes: { ...none, update: new Map([['a', { ports: http, endpoints: at(1, 2) }]]) },
    },
    {
      name: 'leaves a slice alone where not all new ones have room',
      groups: [{ ports: http, endpoints: at(1, 2, 3, 4) }],
      present: [slice('a', http, 1, 2)],
      changes: { ...none, create: [{ ports: http, endpoints: at(3, 4) }] },
    },
  ])('$name', ({ groups, present, changes }) => {
    expect(decideSlices(groups, present, 3)).toEqual(changes);
  });

  it('ends with every endpoint in exactly one slice, none too full, and is content with what it made', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(ids, { maxLength: 6 }), (rounds) => {
        let present: PresentSlice[] = [];
        let count = 0;
        for (const round of rounds) {
          const groups = round.length === 0 ? [] : [{ ports: http, endpoints: at(...round) }];
          const { create, update, remove } = decideSlices(groups, present, 4);
          present = present
            .filter(({ name }) => !remove.includes(name))
            .map((each) => ({ ...each, ...update.get(each.name) }));
          for (const content of create) {
            count += 1;
            present.push({ name: `s${count}`, ...content });
          }
          const addresses = present.flatMap(({ endpoints }) => endpoints.flatMap((each) => each.addresses)).sort();
          expect(addresses).toEqual(round.map((id) => `10.0.0.${id}`).sort());
          expect(present.every(({ endpoints }) => endpoints.length <= 4)).toBe(true);
          expect(present.length).toBeGreaterThan(0);
          expect(decideSlices(groups, present, 4)).toEqual(none);
        }
      }),
    );
  });
});
