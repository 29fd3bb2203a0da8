import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDependencies } from './plan-order.ts';

const order = (edges: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(edges).map(([serviceId, dependsOn]) => ({ serviceId, name: serviceId, dependsOn }));
const messages = (edges: Readonly<Record<string, readonly string[]>>) =>
  checkDependencies(order(edges)).map(({ message }) => message);

describe('checkDependencies (REL-20)', () => {
  it.each([
    [{ front: ['redis'], redis: [] }, []],
    [{ a: ['b'], b: ['c'], c: ['a'] }, ['These depend on each other in a circle: a → b → c → a']],
    [{ x: ['a'], a: ['b'], b: ['a'] }, ['These depend on each other in a circle: a → b → a']],
    [{ a: ['a'] }, ["'a' depends on itself"]],
    [{ a: ['gone'] }, ["What 'a' depends on is not in the order"]],
    [{ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
  ] as const)('%j: %j', (edges, expected) => {
    expect(messages(edges)).toEqual(expected);
  });

  it('names a service that is there twice', () => {
    const twice = [...order({ a: [] }), ...order({ a: [] })];
    expect(checkDependencies(twice)).toEqual([
      { path: ['services', 1], code: 'twice', message: "'a' is in the order twice" },
    ]);
  });

  it('finds a cycle exactly where services cannot be put in an order, however they are linked', () => {
    const graph = fc
      .integer({ min: 1, max: 12 })
      .chain((size) =>
        fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 4 }), { minLength: size, maxLength: size }),
      );
    fc.assert(
      fc.property(graph, (edges) => {
        const services = edges.map((to, index) => ({
          serviceId: `${index}`,
          name: `${index}`,
          dependsOn: to.filter((each) => each !== index).map(String),
        }));
        const left = new Set(services.map(({ serviceId }) => serviceId));
        for (let went = true; went; ) {
          const free = services.filter(
            ({ serviceId, dependsOn }) => left.has(serviceId) && !dependsOn.some((id) => left.has(id)),
          );
          for (const { serviceId } of free) left.delete(serviceId);
          went = free.length > 0;
        }
        expect(checkDependencies(services).length > 0).toBe(left.size > 0);
      }),
    );
  });

  it('takes a chain as long as an order can be, without a deep stack', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, index) => [`${index}`, index > 0 ? [`${index - 1}`] : []]),
    );
    expect(messages(chain)).toEqual([]);
  });
});
