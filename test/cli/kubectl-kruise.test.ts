import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kruiseEngine } from '../../src/embedded/engines/kruise/engine.ts';
import { type CliCluster, startCliCluster } from '../support/cli-cluster.ts';
import { findCli } from '../support/find-cli.ts';
import { mustSkip } from '../support/needs.ts';

const skip = mustSkip('kubectl', findCli('kubectl') !== undefined);

const manifest = `apiVersion: apps.kruise.io/v1alpha1
kind: CloneSet
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  updateStrategy: {type: InPlaceIfPossible, maxUnavailable: 100%}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: registry.local/web:1}]}
`;

describe.skipIf(skip)('kubectl and OpenKruise', () => {
  let cli: CliCluster;

  beforeAll(async () => {
    if (skip) return;
    cli = await startCliCluster({ engines: [kruiseEngine] });
    await cli.file('web.yaml', manifest);
  });
  afterAll(async () => {
    await cli?.[Symbol.asyncDispose]();
  });

  it('applies a CloneSet, waits for it, scales it and prints its columns', async () => {
    expect(await cli.kubectl('apply', '-f', 'web.yaml')).toBe('cloneset.apps.kruise.io/web created\n');
    await cli.kubectl('wait', '--for=jsonpath={.status.availableReplicas}=2', 'clone/web', '--timeout=20s');
    expect(await cli.kubectl('scale', 'clone/web', '--replicas=3')).toBe('cloneset.apps.kruise.io/web scaled\n');
    await cli.kubectl('wait', '--for=jsonpath={.status.availableReplicas}=3', 'clone/web', '--timeout=20s');
    const [head, row] = (await cli.kubectl('get', 'clone', '-o', 'wide')).split('\n');
    expect(head).toMatch(
      /^NAME +DESIRED +UPDATED +UPDATED_READY +UPDATED_AVAILABLE +READY +TOTAL +AGE +CONTAINERS +IMAGES +SELECTOR$/,
    );
    expect(row).toMatch(/^web +3 +3 +3 +3 +3 +3 +\S+ +main +registry\.local\/web:1 +app=web$/);
  });

  it('makes no new generation of what is applied again, though its defaults are not in the manifest', async () => {
    const generation = (): Promise<string> => cli.kubectl('get', 'clone/web', '-o', 'jsonpath={.metadata.generation}');
    await cli.kubectl('apply', '-f', 'web.yaml');
    const before = await generation();
    // The list of containers is sent as a whole, so that kubectl takes it for a change.
    expect(await cli.kubectl('apply', '-f', 'web.yaml')).toBe('cloneset.apps.kruise.io/web configured\n');
    expect(await generation()).toBe(before);
  });

  it('takes merge patches and no strategic ones', async () => {
    const patch = '{"spec":{"updateStrategy":{"paused":true}}}';
    const refused = await cli.tryKubectl(['patch', 'clone/web', '--type=strategic', '-p', patch]);
    expect(refused.exitCode).not.toBe(0);
    expect(await cli.kubectl('patch', 'clone/web', '--type=merge', '-p', patch)).toContain('patched');
  });

  it('means StatefulSets of apps/v1 by `sts`, as on any cluster', async () => {
    const both = await cli.tryKubectl(['get', 'sts']);
    expect(both.stderr).toContain(
      'short name "sts" could also match lower priority resource statefulsets.apps.kruise.io',
    );
    expect(both.stderr).toContain('No resources found in default namespace.');
    expect(await cli.kubectl('get', 'asts,crr', '--ignore-not-found')).toBe('');
    expect(await cli.kubectl('explain', 'clonesets.spec.updateStrategy')).toContain('inPlaceUpdateStrategy');
  });
});
