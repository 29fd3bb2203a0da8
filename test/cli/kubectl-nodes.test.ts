import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliCluster, startCliCluster } from '../support/cli-cluster.ts';
import { findCli } from '../support/find-cli.ts';
import { mustSkip } from '../support/needs.ts';

const skip = mustSkip('kubectl', findCli('kubectl') !== undefined);

const workloads = `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: agent, image: "registry.local/agent:1"}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry.local/web:1"}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}
`;

describe.skipIf(skip)('kubectl, nodes', () => {
  let cli: CliCluster;
  let node = '';
  let other = '';

  beforeAll(async () => {
    if (skip) return;
    cli = await startCliCluster();
    const names = await cli.kubectl('get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}');
    [node = '', other = ''] = names.split(' ');
    await cli.file('workloads.yaml', workloads);
    await cli.kubectl('apply', '-f', 'workloads.yaml');
    await cli.kubectl('rollout', 'status', 'deployment/web', '--timeout=20s');
    await cli.kubectl('rollout', 'status', 'daemonset/agent', '--timeout=20s');
    const wait = ['--for=jsonpath={.status.currentHealthy}=2', '--timeout=20s'];
    await cli.kubectl('wait', 'pdb/web', ...wait);
  });
  afterAll(async () => {
    await cli?.[Symbol.asyncDispose]();
  });

  it('cordons and uncordons', async () => {
    expect(await cli.kubectl('cordon', other)).toBe(`node/${other} cordoned\n`);
    expect(await cli.kubectl('cordon', other)).toBe(`node/${other} already cordoned\n`);
    expect(await cli.kubectl('get', 'node', other)).toMatch(/ Ready,SchedulingDisabled /);
    expect(await cli.kubectl('describe', 'node', other)).toMatch(
      /Taints: +node\.kubernetes\.io\/unschedulable:NoSchedule\nUnschedulable: +true/,
    );
    expect(await cli.kubectl('uncordon', other)).toBe(`node/${other} uncordoned\n`);
    expect(await cli.kubectl('get', 'node', other)).toMatch(/ Ready /);
  });

  it('taints, and never twice with the same effect', async () => {
    expect(await cli.kubectl('taint', 'node', other, 'role=db:NoSchedule')).toBe(`node/${other} tainted\n`);
    const twice = await cli.tryKubectl(['taint', 'node', other, 'role=web:NoSchedule']);
    expect(twice).toMatchObject({
      exitCode: 1,
      stderr: `error: node ${other} already has role taint(s) with same effect(s) and --overwrite is false\n`,
    });
    expect(await cli.kubectl('taint', 'node', other, 'role=web:NoSchedule', '--overwrite')).toBe(
      `node/${other} modified\n`,
    );
    expect(await cli.kubectl('taint', 'node', other, 'role-')).toBe(`node/${other} untainted\n`);
    expect((await cli.tryKubectl(['taint', 'node', other, 'role-'])).stderr).toBe('error: taint "role" not found\n');
  });

  it('drains a node once the budget allows it, and leaves the DaemonSet alone', async () => {
    const plain = await cli.tryKubectl(['drain', node]);
    expect(plain).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/cannot delete DaemonSet-managed Pods \(use --ignore-daemonsets to ignore\)/),
    });
    const pods = (): Promise<string> =>
      cli.kubectl('get', 'pods', '-l', 'app=web', '--field-selector', `spec.nodeName=${node}`, '-o', 'name');
    expect(await pods()).not.toBe('');

    await using drain = cli.startKubectl('drain', node, '--ignore-daemonsets', '--timeout=20s');
    await expect
      .poll(() => drain.stderr(), { timeout: 10_000 })
      .toMatch(/will retry after 5s\): Cannot evict pod as it would violate the pod's disruption budget\./);
    expect(await pods()).not.toBe('');
    await cli.kubectl('patch', 'pdb', 'web', '-p', '{"spec":{"minAvailable":1}}');
    const { exitCode, stdout, stderr } = await drain.ended;
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Warning: ignoring DaemonSet-managed Pods')]);
    expect(stdout).toContain(`node/${node} drained`);
    expect(await pods()).toBe('');
    expect(await cli.kubectl('get', 'pods', '-l', 'app=agent', '-o', 'wide')).toContain(node);
  });

  it('shows what nodes and pods use', async () => {
    expect(await cli.kubectl('top', 'nodes')).toMatch(
      /^NAME +CPU\(cores\) +CPU.* +MEMORY\(bytes\) +MEMORY.*\n\S+ +\d+m +\d+% +\d+Mi +\d+%/,
    );
    const pods = await cli.kubectl('top', 'pods', '--containers', '--sort-by=memory');
    expect(pods).toMatch(/^POD +NAME +CPU\(cores\) +MEMORY\(bytes\)/);
    expect(pods).toMatch(/^agent-\w+ +agent +\d+m +\d+Mi/m);
    const nobody = await cli.tryKubectl(['top', 'pod', 'nobody']);
    expect(nobody.stderr).toMatch(/NotFound.*"default\/nobody" not found/);
  });
});
