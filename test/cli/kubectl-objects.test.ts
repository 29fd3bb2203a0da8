import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliCluster, startCliCluster } from '../support/cli-cluster.ts';
import { findCli } from '../support/find-cli.ts';
import { mustSkip } from '../support/needs.ts';

const skip = mustSkip('kubectl', findCli('kubectl') !== undefined);

describe.skipIf(skip)('kubectl, objects and what hangs on them', () => {
  let cli: CliCluster;
  const namesOf = async (kind: string, selector: string): Promise<string[]> =>
    (await cli.kubectl('get', kind, '-l', selector, '-o', 'name')).split('\n').filter((line) => line !== '');
  const deploy = async (name: string): Promise<void> => {
    await cli.kubectl('create', 'deployment', name, '--image=registry.local/web:1', '--replicas=2');
    await cli.kubectl('rollout', 'status', `deployment/${name}`, '--timeout=20s');
  };

  beforeAll(async () => {
    if (skip) return;
    cli = await startCliCluster();
  });
  afterAll(async () => {
    await cli?.[Symbol.asyncDispose]();
  });

  it('deletes dependents behind their owner, before it, or not at all', async () => {
    await Promise.all(['first', 'second', 'third'].map((name) => deploy(name)));

    await cli.kubectl('delete', 'deployment', 'first', '--cascade=background');
    await expect.poll(() => namesOf('replicasets,pods', 'app=first'), { timeout: 10_000 }).toEqual([]);

    // It returns once the owner is gone, and the owner goes last.
    await cli.kubectl('delete', 'deployment', 'second', '--cascade=foreground', '--timeout=20s');
    expect(await namesOf('replicasets,pods', 'app=second')).toEqual([]);

    await cli.kubectl('delete', 'deployment', 'third', '--cascade=orphan');
    const orphans = await namesOf('replicasets,pods', 'app=third');
    expect(orphans).toHaveLength(3);
    const owners = 'jsonpath={.metadata.ownerReferences}';
    expect(await cli.kubectl('get', String(orphans.find((name) => name.startsWith('replicaset'))), '-o', owners)).toBe(
      '',
    );
    // Whoever selects them takes them in.
    await deploy('third');
    expect(await namesOf('replicasets,pods', 'app=third')).toEqual(orphans);
  });

  it('makes a job by hand from a CronJob, and waits for its end', async () => {
    await cli.kubectl('create', 'cronjob', 'nightly', '--image=registry.local/tool:1', '--schedule=0 3 * * *');
    expect(await cli.kubectl('create', 'job', 'tonight', '--from=cronjob/nightly')).toBe('job.batch/tonight created\n');
    expect(await cli.kubectl('wait', '--for=condition=Complete', 'job/tonight', '--timeout=20s')).toBe(
      'job.batch/tonight condition met\n',
    );
    const [owner, why] = (
      await cli.kubectl(
        'get',
        'job',
        'tonight',
        '-o',
        'jsonpath={.metadata.ownerReferences[0].name} {.metadata.annotations.cronjob\\.kubernetes\\.io/instantiate}',
      )
    ).split(' ');
    expect([owner, why]).toEqual(['nightly', 'manual']);
    expect(await cli.kubectl('get', 'cronjobs')).toMatch(/^nightly +0 3 \* \* \* +<none> +False +0 +<none> /m);
    expect(await cli.kubectl('logs', 'job/tonight', '--tail=1')).not.toBe('');
  });

  it('waits for what is created, changed and deleted, and no longer than it may', async () => {
    await using created = cli.startKubectl('wait', '--for=create', 'configmap/awaited', '--timeout=20s');
    await cli.kubectl('create', 'configmap', 'awaited', '--from-literal=a=b');
    expect((await created.ended).exitCode).toBe(0);
    await using changed = cli.startKubectl('wait', '--for=jsonpath={.data.a}=c', 'cm/awaited', '--timeout=20s');
    await cli.kubectl('patch', 'configmap', 'awaited', '-p', '{"data":{"a":"c"}}');
    expect((await changed.ended).stdout).toBe('configmap/awaited condition met\n');
    await using deleted = cli.startKubectl('wait', '--for=delete', 'configmap/awaited', '--timeout=20s');
    await cli.kubectl('delete', 'configmap', 'awaited');
    expect((await deleted.ended).exitCode).toBe(0);
    const never = ['wait', '--for=condition=Shining', 'namespace/default', '--timeout=1s'];
    expect(await cli.tryKubectl(never)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('timed out waiting for the condition on namespaces/default'),
    });
  });

  it('watches what changes, as a table', async () => {
    await using watching = cli.startKubectl('get', 'configmaps', '-l', 'watched=yes', '--watch', '-o', 'wide');
    await cli.file(
      'watched.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: seen, labels: {watched: "yes"}}\n',
    );
    await cli.kubectl('create', '-f', 'watched.yaml');
    await expect.poll(() => watching.stdout(), { timeout: 10_000 }).toMatch(/^NAME +DATA +AGE\nseen +0 /);
    await cli.kubectl('patch', 'configmap', 'seen', '-p', '{"data":{"a":"b"}}');
    await expect.poll(() => watching.stdout(), { timeout: 10_000 }).toMatch(/^seen +1 /m);
  });

  it('exposes a workload, and shows where its Service leads', async () => {
    await deploy('open');
    expect(await cli.kubectl('expose', 'deployment', 'open', '--port=80', '--target-port=8080')).toBe(
      'service/open exposed\n',
    );
    await expect
      .poll(() => cli.kubectl('describe', 'service', 'open'), { timeout: 10_000 })
      .toMatch(/Endpoints: +\d+\.\d+\.\d+\.\d+:8080,\d+\.\d+\.\d+\.\d+:8080/);
    expect(await cli.kubectl('get', 'endpointslices', '-l', 'kubernetes.io/service-name=open')).toMatch(
      /^NAME +ADDRESSTYPE +PORTS +ENDPOINTS +AGE\nopen-\w+ +IPv4 +8080 +\S+,\S+ /,
    );
  });

  it('describes a claim and the volume that was made for it', async () => {
    await cli.file(
      'claim.yaml',
      `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: db}
spec:
  containers: [{name: db, image: "registry.local/db:1", volumeMounts: [{name: data, mountPath: /data}]}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
`,
    );
    await cli.kubectl('apply', '-f', 'claim.yaml');
    await cli.kubectl('wait', '--for=jsonpath={.status.phase}=Bound', 'pvc/data', '--timeout=20s');
    const claim = await cli.kubectl('describe', 'pvc', 'data');
    expect(claim).toMatch(/Status: +Bound\nVolume: +pvc-/);
    expect(claim).toMatch(/Used By: +db\n/);
    expect(claim).toMatch(/ProvisioningSucceeded/);
    expect(await cli.kubectl('get', 'pv')).toMatch(/ 1Gi +RWO +Delete +Bound +default\/data /);
  });

  it('takes what its typed clients create', async () => {
    await cli.kubectl('create', 'ingress', 'site', '--rule=example.com/*=open:80');
    expect(await cli.kubectl('get', 'ingress', 'site')).toMatch(/^site +<none> +example\.com +/m);
    await cli.kubectl('create', 'priorityclass', 'urgent', '--value=1000', '--description=first');
    expect(await cli.kubectl('get', 'priorityclass', 'urgent')).toMatch(/^urgent +1000 +false +/m);
    await cli.kubectl('create', 'quota', 'small', '--hard=pods=50,configmaps=50');
    await cli.kubectl('create', 'pdb', 'open', '--selector=app=open', '--max-unavailable=1');
    expect(await cli.kubectl('describe', 'quota', 'small')).toMatch(/^pods +\d+ +50$/m);
    await cli.kubectl('delete', 'quota', 'small');
  });
});
