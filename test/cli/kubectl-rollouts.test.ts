import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliCluster, startCliCluster } from '../support/cli-cluster.ts';
import { findCli } from '../support/find-cli.ts';
import { mustSkip } from '../support/needs.ts';

const skip = mustSkip('kubectl', findCli('kubectl') !== undefined);

describe.skipIf(skip)('kubectl, rolling out', () => {
  let cli: CliCluster;
  const image = 'jsonpath={.spec.template.spec.containers[0].image}';
  const rolledOut = async (name = 'web'): Promise<void> => {
    expect(await cli.kubectl('rollout', 'status', `deployment/${name}`, '--timeout=20s')).toContain(
      `deployment "${name}" successfully rolled out`,
    );
  };
  const revisions = async (): Promise<string[]> =>
    (await cli.kubectl('rollout', 'history', 'deployment/web')).match(/^\d+/gm) ?? [];

  beforeAll(async () => {
    if (skip) return;
    cli = await startCliCluster();
    await cli.kubectl('create', 'deployment', 'web', '--image=registry.local/web:1', '--replicas=2');
    await rolledOut();
  });
  afterAll(async () => {
    await cli?.[Symbol.asyncDispose]();
  });

  it('scales, and only from the size that is expected', async () => {
    expect(await cli.kubectl('scale', 'deployment/web', '--replicas=3', '--current-replicas=2')).toBe(
      'deployment.apps/web scaled\n',
    );
    const refused = await cli.tryKubectl(['scale', 'deployment/web', '--replicas=9', '--current-replicas=2']);
    expect(refused).toMatchObject({ exitCode: 1, stderr: 'error: Expected replicas to be 2, was 3\n' });
    const none = await cli.tryKubectl(['scale', 'service/kubernetes', '--replicas=2']);
    expect(none.exitCode).toBe(1);
  });

  it('keeps a history of revisions and goes back to any of them', async () => {
    await cli.kubectl('set', 'image', 'deployment/web', '*=registry.local/web:2');
    await rolledOut();
    expect(await revisions()).toEqual(['1', '2']);
    expect(await cli.kubectl('rollout', 'history', 'deployment/web', '--revision=2')).toMatch(
      /^deployment\.apps\/web with revision #2\nPod Template:[\s\S]*Image:\tregistry\.local\/web:2/,
    );
    expect(await cli.kubectl('rollout', 'undo', 'deployment/web')).toBe('deployment.apps/web rolled back\n');
    await rolledOut();
    expect(await cli.kubectl('get', 'deployment', 'web', '-o', image)).toBe('registry.local/web:1');
    expect(await revisions()).toEqual(['2', '3']);
    await cli.kubectl('rollout', 'undo', 'deployment/web', '--to-revision=2');
    expect(await cli.kubectl('get', 'deployment', 'web', '-o', image)).toBe('registry.local/web:2');
    const missing = await cli.tryKubectl(['rollout', 'undo', 'deployment/web', '--to-revision=77']);
    expect(missing).toMatchObject({ exitCode: 1, stderr: 'error: unable to find specified revision 77 in history\n' });
  });

  it('pauses and resumes', async () => {
    await rolledOut();
    const before = await revisions();
    expect(await cli.kubectl('rollout', 'pause', 'deployment/web')).toBe('deployment.apps/web paused\n');
    const twice = await cli.tryKubectl(['rollout', 'pause', 'deployment/web']);
    expect(twice).toMatchObject({ exitCode: 1, stderr: 'error: deployments.apps "web" is already paused\n' });
    await cli.kubectl('set', 'env', 'deployment/web', 'COLOR=red');
    expect(await revisions()).toEqual(before);
    expect(await cli.kubectl('rollout', 'resume', 'deployment/web')).toBe('deployment.apps/web resumed\n');
    await rolledOut();
    expect(await revisions()).toHaveLength(before.length + 1);
  });

  it('restarts every pod, of Deployments, StatefulSets and DaemonSets alike', async () => {
    await cli.file(
      'sets.yaml',
      ['StatefulSet', 'DaemonSet']
        .map(
          (kind) => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: set}
spec:
  ${kind === 'StatefulSet' ? 'serviceName: set' : ''}
  selector: {matchLabels: {kind: ${kind}}}
  template:
    metadata: {labels: {kind: ${kind}}}
    spec: {containers: [{name: set, image: "registry.local/set:1"}]}
`,
        )
        .join('---\n'),
    );
    await cli.kubectl('apply', '-f', 'sets.yaml');
    await Promise.all(
      ['deployment/web', 'statefulset/set', 'daemonset/set'].map(async (name) => {
        await cli.kubectl('rollout', 'status', name, '--timeout=20s');
        expect(await cli.kubectl('rollout', 'restart', name)).toMatch(/ restarted\n$/);
        await cli.kubectl('rollout', 'status', name, '--timeout=20s');
        const annotations = 'jsonpath={.spec.template.metadata.annotations}';
        expect(await cli.kubectl('get', name, '-o', annotations)).toMatch(/"kubectl\.kubernetes\.io\/restartedAt":"20/);
      }),
    );
    expect(await cli.kubectl('rollout', 'history', 'daemonset/set')).toMatch(/^1 .*\n2 /m);
  });

  it('says why a rollout does not come to its end', async () => {
    await cli.kubectl('create', 'deployment', 'stuck', '--image=registry.local/does-not-exist:1');
    const waited = await cli.tryKubectl(['rollout', 'status', 'deployment/stuck', '--timeout=1s']);
    expect(waited).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('Waiting for deployment "stuck" rollout to finish: 0 of 1 updated replicas'),
      stderr: expect.stringContaining('timed out waiting for the condition'),
    });
    await expect
      .poll(() => cli.kubectl('get', 'pods', '-l', 'app=stuck'), { timeout: 10_000 })
      .toMatch(/0\/1 +(ErrImagePull|ImagePullBackOff)/);
    await cli.kubectl('delete', 'deployment', 'stuck');
  });

  it('autoscales by processor use, once', async () => {
    await cli.kubectl('set', 'resources', 'deployment/web', '--requests=cpu=100m');
    expect(await cli.kubectl('autoscale', 'deployment/web', '--min=2', '--max=6', '--cpu-percent=50')).toBe(
      'horizontalpodautoscaler.autoscaling/web autoscaled\n',
    );
    expect(await cli.kubectl('get', 'hpa')).toMatch(
      /^NAME +REFERENCE +TARGETS +MINPODS +MAXPODS +REPLICAS +AGE\nweb +Deployment\/web +cpu: \S+\/50% +2 +6 /,
    );
    const described = await cli.kubectl('describe', 'hpa', 'web');
    expect(described).toMatch(/Reference: +Deployment\/web/);
    expect(described).toMatch(/as a percentage of request\): +\S+.* \/ 50%\nMin replicas: +2\nMax replicas: +6/);
    const twice = await cli.tryKubectl(['autoscale', 'deployment/web', '--max=6']);
    expect(twice).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('"web" already exists') });
  });
});
