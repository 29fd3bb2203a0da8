import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliCluster, startCliCluster } from '../support/cli-cluster.ts';
import { findCli } from '../support/find-cli.ts';
import { mustSkip } from '../support/needs.ts';

const skip = mustSkip('kubectl', findCli('kubectl') !== undefined);
const definition = new URL('../../deploy/crds/releaseorders.release.longshore.dev.yaml', import.meta.url);

const manifest = `apiVersion: release.longshore.dev/v1alpha1
kind: ReleaseOrder
metadata: {name: vote-42}
spec:
  title: Vote 42
  services:
    - {appService: redis, version: 3}
    - {appService: front, version: "4", dependsOn: [redis]}
  start: true
`;

/** As the platform writes it. */
const status = {
  observedGeneration: 1,
  ...{ orderId: 'b3JkZXI', phase: 'SUCCEEDED', percent: 100 },
  conditions: ['InSync', 'Ready'].map((type) => ({
    ...{ type, status: 'True', reason: 'SUCCEEDED', message: '', lastTransitionTime: '2026-06-01T00:00:00Z' },
  })),
};

describe.skipIf(skip)('kubectl and ReleaseOrders, installed from deploy/crds (REL-39)', () => {
  let cli: CliCluster;

  beforeAll(async () => {
    if (skip) return;
    cli = await startCliCluster({ controllers: false });
    await cli.file('crd.yaml', await readFile(definition, 'utf8'));
    await cli.file('order.yaml', manifest);
    await cli.kubectl('apply', '-f', 'crd.yaml');
    await cli.kubectl('wait', '--for=condition=Established', 'crd/releaseorders.release.longshore.dev');
  });
  afterAll(async () => {
    await cli?.[Symbol.asyncDispose]();
  });

  it('applies one, explains its fields, prints its columns and waits until it is ready', async () => {
    expect(await cli.kubectl('apply', '-f', 'order.yaml')).toContain('vote-42 created\n');
    expect(await cli.kubectl('apply', '-f', 'order.yaml')).toContain('vote-42 unchanged\n');
    expect(await cli.kubectl('explain', 'releaseorders.spec.confirmedGroups')).toContain('the beta group');
    const patch = JSON.stringify({ status });
    await cli.kubectl('patch', 'ro/vote-42', '--subresource=status', '--type=merge', '-p', patch);
    await cli.kubectl('wait', '--for=condition=Ready', 'ro/vote-42', '--timeout=20s');
    const [head, row] = (await cli.kubectl('get', 'longshore', '-o', 'wide')).split('\n');
    expect(head).toMatch(/^NAME +PHASE +PERCENT +IN SYNC +TITLE +REASON +AGE$/);
    expect(row).toMatch(/^vote-42 +SUCCEEDED +100 +True +Vote 42 +\S*/);
  });

  it('is told by the cluster what is no ReleaseOrder, and what may not change once there is an order', async () => {
    const tried = async (from: string, to: string) => cli.tryKubectl(['apply', '-f', '-'], manifest.replace(from, to));
    expect((await tried('start: true', 'begin: true')).stderr).toContain('unknown field "spec.begin"');
    expect((await tried('appService: front', 'appService: redis')).stderr).toContain('Duplicate value');
    const changed = await tried('version: 3', 'version: 2');
    expect(changed.exitCode).not.toBe(0);
    expect(changed.stderr).toContain('spec.services stays once the order is made');
    expect((await tried('start: true', 'start: true\n  confirmedGroups: 2')).stdout).toContain('configured');
  });
});
