import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { until } from '../support/until.ts';

interface Finding {
  readonly code: string;
  readonly hint: string;
  readonly container: string | null;
  readonly message: string;
}

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
});
afterAll(() => gateway.stop());

const simulate = (what: string) => ({ metadata: { annotations: { 'embedded.longshore.dev/simulate': what } } });

async function findingsOf(name: string): Promise<readonly Finding[] | undefined> {
  const source = `{ pods(filter: { name: { equals: "${name}" } }) { nodes { findings { code hint container message } } } }`;
  const { pods } = await ask<{ pods: { nodes: { findings: Finding[] }[] } }, object>(gateway, source);
  return pods.nodes[0]?.findings;
}

describe('why a pod does not run', () => {
  it.each([
    [
      'a request no node can fill',
      'huge',
      { spec: { resources: { requests: { cpu: '4000' } } } },
      'INSUFFICIENT_RESOURCES',
    ],
    [
      'an image that is not there',
      'imageless',
      { spec: { image: 'registry.local/does-not-exist:v1' } },
      'IMAGE_NOT_FOUND',
    ],
    [
      'a ConfigMap that is not there',
      'configless',
      { spec: { envFrom: [{ configMapRef: { name: 'nowhere' } }] } },
      'CONFIGURATION_MISSING',
    ],
    ['a program that crashes', 'crasher', simulate('crash'), 'CRASHED'],
    ['a program that takes too much memory', 'eater', simulate('oom'), 'OUT_OF_MEMORY'],
    ['a command that is not in the image', 'startless', simulate('start-error'), 'START_FAILED'],
    ['a network that cannot be made', 'netless', simulate('sandbox-error'), 'SANDBOX_FAILED'],
    [
      'a readiness probe that fails',
      'unready',
      { ...simulate('unready'), spec: { readinessProbe: { exec: { command: ['true'] } } } },
      'NOT_READY',
    ],
  ] as const)('is told in words: %s (CMP-108)', async (_title, name, draft: Draft, code) => {
    const { store } = gateway.cluster;
    const container = { name: 'main', image: 'registry.local/main:v1', ...draft.spec };
    store.create(store.resource('', 'pods'), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'shop', ...draft.metadata },
      spec: { containers: [container] },
    });
    const finding = await until(async () => {
      const found = (await findingsOf(name))?.find((each) => each.code === code);
      expect(found).toBeDefined();
      return found;
    });
    expect(finding?.message).not.toBe('');
    expect(finding?.hint).toMatch(/\.$/);
  });

  it('is nothing for pods that are well', async () => {
    await until(async () => {
      const source = '{ pods(filter: { name: { contains: "vote-front" } }) { nodes { findings { code } } } }';
      const { pods } = await ask<{ pods: { nodes: { findings: Finding[] }[] } }, object>(gateway, source);
      expect(pods.nodes.length).toBeGreaterThan(0);
      expect(pods.nodes.flatMap(({ findings }) => findings)).toEqual([]);
    });
  });
});

interface Draft {
  readonly metadata?: object;
  readonly spec?: object;
}
