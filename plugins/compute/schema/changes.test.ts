import { encodeGlobalId } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { admin, createWorld, member, stranger } from '../testing/create-world.ts';
import { controlledBy, makeDeployment, makeReplicaSet } from '../testing/make-objects.ts';
import { shop } from '../testing/shop.ts';

const idOf = (kind: string, name: string, group = 'apps') =>
  encodeGlobalId({ of: 'kubernetes', cluster: 'c1', group, kind, namespace: 'shop', name });

const errors = `... on ValidationError { message } ... on NotFoundError { message } ... on ForbiddenError { message }
  ... on PreconditionError { reason }`;
const scale = (id: string, replicas: number, more = '') =>
  `mutation { scaleWorkload(input: { id: "${id}", replicas: ${replicas} ${more} }) { __typename
    ... on ScaleWorkloadSuccess { workload { name desiredReplicas } warnings changes { operation path before after } } ${errors} } }`;
const restart = (id: string) =>
  `mutation { restartWorkload(input: { id: "${id}" }) { __typename ... on RestartWorkloadSuccess { workload { name } } ${errors} } }`;

async function answerOf(world: ReturnType<typeof createWorld>, source: string, as = admin): Promise<unknown> {
  const { data, errors: failures } = await world.run(source, as);
  expect(failures).toBeUndefined();
  return JSON.parse(JSON.stringify(Object.values(data ?? {})[0]));
}

describe('scaleWorkload', () => {
  it('sets the replicas of exactly the object that was seen', async () => {
    const world = createWorld();
    expect(await answerOf(world, scale(idOf('Deployment', 'vote'), 5), member)).toEqual({
      __typename: 'ScaleWorkloadSuccess',
      workload: { name: 'vote', desiredReplicas: 5 },
      warnings: ['careful'],
      changes: [{ operation: 'REPLACE', path: '/spec/replicas', before: 2, after: 5 }],
    });
    expect(world.writes).toEqual([
      {
        verb: 'scale',
        kind: 'Deployment',
        name: 'vote',
        replicas: 5,
        isDryRun: false,
        uid: 'uid-Deployment-vote',
        resourceVersion: '1',
      },
    ]);
    expect(world.records).toEqual(['run scaleWorkload']);
  });

  it('tells in a dry run what would change and leaves no record', async () => {
    const world = createWorld();
    expect(await answerOf(world, scale(idOf('Deployment', 'vote'), 0, 'dryRun: true'))).toMatchObject({
      changes: [{ operation: 'REPLACE', path: '/spec/replicas', before: 2, after: 0 }],
    });
    expect(world.writes).toMatchObject([{ isDryRun: true }]);
    expect(world.records).toEqual([]);
  });

  it('sets what the profile of the cluster allows at most, and nothing beyond', async () => {
    const world = createWorld({ profile: 'csk' });
    const vote = idOf('Deployment', 'vote');
    expect(await answerOf(world, scale(vote, 100))).toMatchObject({ __typename: 'ScaleWorkloadSuccess' });
    expect(world.writes).toHaveLength(1);
    expect(await answerOf(world, scale(vote, 101))).toEqual({
      __typename: 'ValidationError',
      message: "replicas must be 1 to 100 by the profile 'csk', got 101",
    });
    expect(await answerOf(world, scale(vote, 0, 'dryRun: true'))).toMatchObject({ __typename: 'ValidationError' });
    expect(world.writes).toHaveLength(1);
    expect(world.records).toEqual(['run scaleWorkload']);
  });

  it.each([
    [
      'fewer than none',
      scale(idOf('Deployment', 'vote'), -1),
      { __typename: 'ValidationError', message: "replicas must be 0 to 1000 by the profile 'default', got -1" },
    ],
    [
      'a million',
      scale(idOf('Deployment', 'vote'), 1_000_000),
      { __typename: 'ValidationError', message: "replicas must be 0 to 1000 by the profile 'default', got 1000000" },
    ],
    ['a DaemonSet', scale(idOf('DaemonSet', 'agent'), 1), { __typename: 'PreconditionError', reason: 'NOT_SCALABLE' }],
    [
      'the ReplicaSet of a Deployment',
      scale(idOf('ReplicaSet', 'vote-2'), 1),
      { __typename: 'PreconditionError', reason: 'MANAGED_BY_OWNER' },
    ],
    [
      'what is not there',
      scale(idOf('Deployment', 'gone'), 1),
      { __typename: 'NotFoundError', message: 'There is no workload with this id' },
    ],
    [
      'what is no workload',
      scale(idOf('Service', 'vote', ''), 1),
      { __typename: 'NotFoundError', message: 'There is no workload with this id' },
    ],
    ['what is no id', scale('hello', 1), { __typename: 'NotFoundError', message: 'There is no workload with this id' }],
  ])('refuses %s and writes nothing', async (_name, source, answer) => {
    const world = createWorld();
    expect(await answerOf(world, source)).toEqual(answer);
    expect(world.writes).toEqual([]);
  });

  it('says the same of what is not for the caller as of what is not there (refused)', async () => {
    const world = createWorld();
    expect(await answerOf(world, scale(idOf('Deployment', 'vote'), 1), stranger)).toEqual({
      __typename: 'NotFoundError',
      message: 'There is no workload with this id',
    });
    expect(world.writes).toEqual([]);
    expect(world.records).toEqual([]);
  });

  it('tells the limits of a cluster only to who may see the workload (refused)', async () => {
    const source = scale(idOf('Deployment', 'vote'), 101);
    const world = createWorld({ profile: 'csk' });
    expect(await answerOf(world, source, stranger)).toMatchObject({ __typename: 'NotFoundError' });
    expect(await answerOf(world, source, member)).toMatchObject({ __typename: 'ValidationError' });
    expect(world.records).toEqual([]);
  });
});

describe('restartWorkload', () => {
  it("sets the annotation of kubectl from the gateway's clock", async () => {
    const world = createWorld();
    expect(await answerOf(world, restart(idOf('StatefulSet', 'db')), member)).toEqual({
      __typename: 'RestartWorkloadSuccess',
      workload: { name: 'db' },
    });
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-31T12:00:00.000Z' };
    expect(world.writes).toEqual([
      {
        verb: 'patch',
        kind: 'StatefulSet',
        name: 'db',
        patch: { spec: { template: { metadata: { annotations } } } },
        isDryRun: false,
        uid: 'uid-StatefulSet-db',
        resourceVersion: '1',
      },
    ]);
  });

  it.each([
    ['a paused Deployment', 'Deployment', 'WORKLOAD_PAUSED'],
    ['a ReplicaSet', 'ReplicaSet', 'NOT_RESTARTABLE'],
  ])('refuses %s', async (_name, kind, reason) => {
    const paused = makeDeployment({ metadata: { name: 'x' }, spec: { paused: true } });
    const set = makeReplicaSet({ metadata: { name: 'x', ...controlledBy(paused) } });
    const world = createWorld({ objects: [paused, set] });
    expect(await answerOf(world, restart(idOf(kind, 'x')))).toEqual({ __typename: 'PreconditionError', reason });
    expect(world.writes).toEqual([]);
  });
});

describe('podChanges and workloadChanges', () => {
  async function streamOf(source: string) {
    const world = createWorld();
    const stream = await world.open(source);
    if (Symbol.asyncIterator in stream) for await (const message of stream) expect(message).toBeUndefined();
    const [subscription] = world.subscriptions;
    if (!subscription) throw new Error(`No stream was opened: ${JSON.stringify(stream)}`);
    return subscription;
  }
  const everything = [shop.vote, shop.newVote, shop.backupJob, shop.bareSet, shop.db];
  const names = (subscription: Awaited<ReturnType<typeof streamOf>>) =>
    everything.filter((object) => subscription.matches(object as never)).map(({ metadata }) => metadata.name);

  it('follow pods by the filter of the list', async () => {
    const subscription = await streamOf('subscription { podChanges(filter: { phases: [PENDING] }) { type } }');
    expect(subscription.kinds.map(({ kind }) => kind)).toEqual(['Pod']);
    expect(subscription.matches(shop.dbPod as never)).toBe(true);
    expect(subscription.matches(shop.barePod as never)).toBe(false);
  });

  it.each([
    ['leave out what another workload owns', '', ['vote', 'bare-set', 'db']],
    ['leave it out with a filter too', '(filter: { kinds: [REPLICA_SET] })', ['bare-set']],
    [
      'carry it where that is asked for',
      '(filter: { includeOwned: true })',
      ['vote', 'vote-2', 'backup-100', 'bare-set', 'db'],
    ],
  ])('%s', async (_name, args, expected) => {
    expect(names(await streamOf(`subscription { workloadChanges${args} { type } }`))).toEqual(expected);
  });
});
