import { type SQL, sql } from 'drizzle-orm';
import { PgDialect, pgTable, text } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import type { Access } from '../../access/access.ts';
import { whereAllowed } from './where-allowed.ts';

const ships = pgTable('harbor_ships', {
  cluster: text('cluster'),
  namespace: text('namespace'),
  owner: text('owner'),
  flag: text('flag'),
});
const columns = {
  cluster: ships.cluster,
  namespace: ships.namespace,
  owner: ships.owner,
  facts: { flag: ships.flag },
};

const accessWith = (conditions: ReturnType<Access['conditionsFor']>) =>
  ({ conditionsFor: () => conditions }) as unknown as Access;

function print(condition: SQL | undefined): string {
  const { sql: text, params } = new PgDialect().sqlToQuery(condition ?? sql`(no condition)`);
  return text.replaceAll('"harbor_ships".', '').replaceAll(/\$(\d+)/g, (_, index) => `'${params[Number(index) - 1]}'`);
}

describe('whereAllowed', () => {
  it.each([
    { name: 'everything', conditions: 'all' as const, where: '(no condition)' },
    { name: 'nothing', conditions: [], where: 'false' },
    { name: 'no namespace at all', conditions: [{ namespaces: [] }], where: '(false or (true and false))' },
    {
      name: 'namespaces of one cluster and of all',
      conditions: [
        {
          namespaces: [
            { cluster: 'north', namespace: 'shop' },
            { cluster: '*', namespace: 'docks' },
          ],
        },
      ],
      where: `(false or (true and (false or ("cluster" = 'north' and "namespace" = 'shop') or (true and "namespace" = 'docks'))))`,
    },
    {
      name: 'all parts of one rule together, rules beside each other',
      conditions: [{ owner: 'ann', facts: { flag: ['DK', 'NO'] } }, { owner: 'bob' }],
      where: `(false or (true and "owner" = 'ann' and "flag" in ('DK', 'NO')) or (true and "owner" = 'bob'))`,
    },
  ])('compiles $name', ({ conditions, where }) => {
    expect(print(whereAllowed(accessWith(conditions), 'READ', 'harbor/Ship', columns))).toBe(where);
  });

  it.each([
    { name: 'owner', condition: { owner: 'ann' } },
    { name: 'namespace', condition: { namespaces: [{ cluster: '*', namespace: 'shop' }] } },
    { name: 'flag', condition: { facts: { flag: ['DK'] } } },
  ])('lets nothing through where a rule looks at $name and there is no column (refused)', ({ name, condition }) => {
    expect(() => whereAllowed(accessWith([condition]), 'READ', 'harbor/Ship', {})).toThrow(
      `A rule of harbor/Ship looks at '${name}', which has no column in this list`,
    );
  });
});
