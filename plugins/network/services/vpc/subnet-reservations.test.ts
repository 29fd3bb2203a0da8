import fc from 'fast-check';
import { AnswerError, type Cluster, ConflictError, NotFoundError, type RequestContext } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeObject } from '../../../compute/testing/make-objects.ts';
import { overlaps, parseCidr, printCidr } from './cidr.ts';
import { addSubnets, type SubnetForm } from './create-vpc.ts';
import { type SubnetObject, subnetKind, type VpcObject, vpcKind } from './kube-ovn-kinds.ts';
import { reservationsAnnotation, reservationsOf } from './subnet-reservations.ts';
import { networksOf } from './vpc-facts.ts';

type Meeting = () => Promise<void>;

/** A cluster with one VPC, whose caches may be as old as they like; each call to it waits for its turn. */
function createOvn(range: string, turn: Meeting) {
  let version = 1;
  let vpc = makeObject(vpcKind, {
    metadata: { name: 'v', uid: 'uid-v', resourceVersion: '1', annotations: { 'longshore.dev/cidr': range } },
    spec: {},
  }) as VpcObject;
  const subnets = new Map<string, SubnetObject>();
  const writer = {
    async create(_ticket: unknown, _kind: unknown, manifest: { metadata: { name: string } }) {
      await turn();
      const { name } = manifest.metadata;
      if (subnets.has(name)) throw new ConflictError(`There is '${name}' already`);
      const object = makeObject(subnetKind, { ...manifest, metadata: { ...manifest.metadata, uid: name } });
      subnets.set(name, object as SubnetObject);
      return { object, warnings: [] };
    },
    async patch(
      ticket: { isDryRun: boolean },
      kind: { kind: string },
      _namespace: undefined,
      name: string,
      patch: { metadata?: { annotations?: Record<string, string> } },
      { resourceVersion }: { resourceVersion?: string } = {},
    ) {
      await turn();
      if (kind.kind === 'Subnet') {
        const object = subnets.get(name);
        if (!object) throw new NotFoundError('gone');
        return { object, warnings: [] };
      }
      if (resourceVersion !== undefined && resourceVersion !== vpc.metadata.resourceVersion) {
        throw new ConflictError('It has changed');
      }
      if (!ticket.isDryRun) {
        version += 1;
        const annotations = { ...vpc.metadata.annotations, ...patch.metadata?.annotations };
        vpc = makeObject(vpcKind, {
          metadata: { ...vpc.metadata, annotations, resourceVersion: String(version) },
          spec: {},
        }) as VpcObject;
      }
      return { object: vpc, warnings: [] };
    },
  };
  return {
    cluster: { name: 'c1', writer: () => writer } as unknown as Cluster,
    vpc: () => vpc,
    subnets,
    networks: () => [...subnets.values()].flatMap(networksOf),
  };
}

const values: Readonly<Record<string, unknown>> = {
  'subnet.mask.min': 8,
  'subnet.mask.max': 30,
  'subnet.mask.default': 24,
  'subnet.reserved': 3,
};
function schedule(_delayMs: number, callback: () => void): () => void {
  queueMicrotask(callback);
  return () => {};
}

const contextAt = (now: () => number): RequestContext =>
  ({
    principal: { kind: 'USER' },
    clock: { now, schedule },
    services: { profiles: { at: () => ({ get: ({ name }: { name: string }) => values[name] }) } },
  }) as never;

const known = (subnets: Iterable<SubnetObject>) =>
  [...subnets].map((subnet) => ({
    name: subnet.metadata.annotations?.['longshore.dev/display-name'] ?? '',
    objectName: subnet.metadata.name,
    networks: networksOf(subnet),
  }));

describe('places of subnets that are asked for at the same moment', () => {
  const wish = fc.oneof(
    fc.record({ mask: fc.integer({ min: 25, max: 28 }) }),
    fc.integer({ min: 0, max: 15 }).map((at) => ({ cidr: `10.0.0.${at * 16}/28` })),
  );

  it('are given to one of them each, in whatever order clusters answer and however old caches are (NET-25, NET-26)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.tuple(fc.array(wish, { minLength: 1, maxLength: 2 }), fc.boolean()), {
          minLength: 2,
          maxLength: 6,
        }),
        async (scheduler, requests) => {
          const ovn = createOvn('10.0.0.0/24', () => scheduler.schedule(Promise.resolve()));
          const asRead = ovn.vpc();
          const results = requests.map(async ([wishes, isStale], request) => {
            const forms = wishes.map((each, index): SubnetForm => ({ name: `s${request}-${index}`, ...each }));
            const context = contextAt(() => 1_000);
            const ticket = { id: `op-${request}`, isDryRun: false, note() {} };
            // A replica that has heard of nothing yet, or of all.
            const standing = async () => (isStale ? [] : known(ovn.subnets.values()));
            try {
              return await addSubnets(ovn.cluster, asRead, forms, standing, ticket, context);
            } catch (error) {
              if (error instanceof AnswerError) return [];
              throw error;
            }
          });
          await scheduler.waitFor(Promise.all(results));
          const networks = ovn.networks();
          for (const [index, network] of networks.entries()) {
            for (const other of networks.slice(index + 1)) {
              expect(overlaps(network, other), `${printCidr(network)} and ${printCidr(other)}`).toBe(false);
            }
          }
          // Every place that is still told is that of a subnet.
          const told = reservationsOf(ovn.vpc());
          expect(told.every(({ name, isMade }) => isMade && ovn.subnets.has(name))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  const ticket = { id: 'op', isDryRun: false, note() {} };
  const straight = () => createOvn('10.0.0.0/24', async () => {});
  const add = (
    ovn: ReturnType<typeof straight>,
    form: SubnetForm,
    now = 1_000,
    standing = known(ovn.subnets.values()),
  ) =>
    addSubnets(
      ovn.cluster,
      ovn.vpc(),
      [form],
      async () => standing,
      ticket,
      contextAt(() => now),
    );

  it('are free again once the subnet is deleted, and are none for it while only a cache has not heard (NET-26, NET-28)', async () => {
    const ovn = straight();
    await add(ovn, { name: 'a', cidr: '10.0.0.0/25' });
    // A cache that has not seen it.
    await expect(add(ovn, { name: 'b', cidr: '10.0.0.0/25' }, 1_001, [])).rejects.toMatchObject({
      issues: [{ code: 'overlaps', message: expect.stringContaining('being made') }],
    });
    ovn.subnets.clear();
    const { subnets } = await add(ovn, { name: 'b', cidr: '10.0.0.0/25' }, 1_002);
    expect(subnets.map(networksOf)).toEqual([[parseCidr('10.0.0.0/25')]]);
  });

  it('are kept for who broke off for five minutes, and no longer (NET-26)', async () => {
    const ovn = straight();
    const lost = [{ name: 'lost', cidr: '10.0.0.0/25', by: 'another', at: 1_000, isMade: false }];
    await ovn.cluster.writer({} as never).patch(ticket, vpcKind, undefined, 'v', {
      metadata: { annotations: { [reservationsAnnotation]: JSON.stringify(lost) } },
    });
    await expect(add(ovn, { name: 'a', cidr: '10.0.0.0/26' }, 300_000)).rejects.toMatchObject({
      issues: [{ path: ['subnets', 0, 'cidr'], code: 'overlaps' }],
    });
    expect((await add(ovn, { name: 'a', cidr: '10.0.0.0/26' }, 301_000)).subnets).toHaveLength(1);
  });

  it('are given back where the cluster refuses the subnet (refused, NET-26)', async () => {
    const ovn = straight();
    await add(ovn, { name: 'a', cidr: '10.0.0.0/26' });
    // The name is taken by what nobody has heard of.
    await expect(add(ovn, { name: 'a', cidr: '10.0.0.64/26' }, 1_001, [])).rejects.toMatchObject({
      issues: [{ path: ['subnets', 0, 'name'], code: 'name_taken' }],
    });
    expect(reservationsOf(ovn.vpc()).map(({ cidr }) => cidr)).toEqual(['10.0.0.0/26']);
  });

  it('are tried and not taken in a preview (CORE-31)', async () => {
    const ovn = straight();
    const preview = { id: undefined, isDryRun: true, note() {} };
    await addSubnets(
      ovn.cluster,
      ovn.vpc(),
      [{ name: 'a', mask: 25 }],
      async () => [],
      preview,
      contextAt(() => 1),
    );
    expect(ovn.vpc().metadata.annotations).not.toHaveProperty(reservationsAnnotation);
  });

  it.each([
    '',
    'null',
    '{}',
    '[1, null]',
    '[{"name":"a","cidr":"x","by":"b","at":1,"isMade":true}]',
    '[{"name":1}]',
  ])('are none in %j, which somebody wrote by hand (refused, NET-25)', (text) => {
    expect(reservationsOf({ metadata: { annotations: { [reservationsAnnotation]: text } } } as never)).toEqual([]);
  });
});
