import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ada, type Core, dan, startCore } from './testing/start-core.ts';

let core: Core;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core?.[Symbol.asyncDispose]());

describe('profile', () => {
  it('shows its values with all that a form needs', async () => {
    const { data, errors } = await core.run(
      dan,
      `{ profile(name: "aks-private") { name title extends { name extends { name extends { name } } }
           limits(names: ["workspace.zones.max", "workspace.term", "description.networkText", "quota.required", "no.such"]) {
             name value text unit description sources plugin setBy } } }`,
    );
    expect(errors).toEqual([]);
    expect(data.profile).toEqual({
      name: 'aks-private',
      title: 'Application Kubernetes service, private cloud',
      extends: { name: 'aks-public', extends: { name: 'default', extends: null } },
      limits: [
        {
          name: 'description.networkText',
          value: { min: 2, max: 256, notStartingWith: ['http://', 'https://'], examples: ['Front subnet', '前端子网'] },
          text: '2 to 256 characters',
          unit: null,
          description: 'Descriptions of subnets and security groups.',
          sources: ['CORE-34', 'Appendix B'],
          plugin: 'core',
          setBy: 'aks-public',
        },
        {
          name: 'quota.required',
          value: false,
          text: 'no',
          unit: null,
          description: expect.any(String),
          sources: ['CON-35', 'CMP-33', 'CMP-34'],
          plugin: 'core',
          setBy: null,
        },
        expect.objectContaining({
          name: 'workspace.term',
          value: 'ENVIRONMENT',
          text: 'ENVIRONMENT',
          setBy: 'aks-private',
        }),
        expect.objectContaining({
          name: 'workspace.zones.max',
          value: 2,
          text: '2',
          unit: 'zones',
          setBy: 'aks-public',
        }),
      ],
    });
  });

  it('has every value without names, in their order, and none with no names', async () => {
    const { data } = await core.run(
      dan,
      '{ profile(name: "default") { all: limits { name } none: limits(names: []) { name } } }',
    );
    const { all, none } = data.profile as { all: { name: string }[]; none: unknown[] };
    const names = all.map(({ name }) => name);
    expect(names).toContain('confirm.phrase');
    expect(names).toEqual(names.toSorted());
    expect(none).toEqual([]);
  });

  it.each([
    '',
    'aks',
    'DEFAULT',
    '__proto__',
    'constructor',
    'x'.repeat(10_000),
  ])('is null where there is none of the name (refused): %.20s', async (name) => {
    const answer = await core.run(dan, 'query ($name: String!) { profile(name: $name) { name } }', { name });
    expect(answer).toEqual({ data: { profile: null }, errors: [] });
  });

  it('is asked for with a name (refused)', async () => {
    await expect(core.run(dan, '{ profile { name } }')).rejects.toThrow('Argument "Query.profile(name:)"');
  });
});

describe('profiles', () => {
  it('lists all, filtered, ordered and cut as every list is', async () => {
    const { data, errors } = await core.run(
      dan,
      `{ all: profiles { totalCount nodes { name } }
         aks: profiles(filter: { name: { contains: "aks" } }, orderBy: [{ field: NAME, direction: DESC }], first: 1) {
           totalCount nodes { name } pageInfo { hasNextPage } } }`,
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      all: {
        totalCount: 7,
        nodes: ['aks-private', 'aks-public', 'csk', 'default', 'ecs', 'esk', 'tcs'].map((name) => ({ name })),
      },
      aks: { totalCount: 2, nodes: [{ name: 'aks-public' }], pageInfo: { hasNextPage: true } },
    });
  });

  it('cannot be cut at a cursor of nobody’s (refused)', async () => {
    const { errors } = await core.run(dan, '{ profiles(after: "what") { totalCount } }');
    expect(errors).toEqual([expect.stringContaining('BAD_USER_INPUT')]);
  });
});

describe('Cluster.profile', () => {
  it.each([ada, dan])('is what the configuration says', async (person) => {
    const { data } = await core.run(
      person,
      '{ cluster(name: "dev") { profile { name limits(names: ["confirm.phrase", "confirm.phraseFor"]) { value text } } } }',
    );
    expect(data.cluster).toEqual({
      profile: {
        name: 'esk',
        limits: [
          { value: '确认删除', text: '确认删除' },
          { value: expect.arrayContaining(['VPC', 'SECRET']), text: expect.stringContaining('VPC, SUBNET') },
        ],
      },
    });
  });

  it.each([
    ['csk', 10, 1],
    ['esk', 10, 1],
    ['tcs', 10, 0],
    ['default', 50, 1],
  ])('says in %s that a page has %i rows and the first has number %i (CORE-32)', async (name, size, first) => {
    const { data } = await core.run(
      dan,
      'query ($name: String!) { profile(name: $name) { limits(names: ["list.pageSize", "list.firstPage"]) { name value } } }',
      { name },
    );
    expect(data.profile).toEqual({
      limits: [
        { name: 'list.firstPage', value: first },
        { name: 'list.pageSize', value: size },
      ],
    });
  });

  it.each([-1, 1_001])('lets no list answer %i rows at once (refused, CORE-32)', async (first) => {
    const { errors } = await core.run(dan, 'query ($first: Int) { profiles(first: $first) { totalCount } }', { first });
    expect(errors).toEqual([expect.stringContaining('BAD_USER_INPUT')]);
  });

  it('is not there with a cluster that is not (refused)', async () => {
    expect(await core.run(dan, '{ cluster(name: "prod") { profile { name } } }')).toEqual({
      data: { cluster: null },
      errors: [],
    });
  });
});
