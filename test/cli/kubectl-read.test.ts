import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliCluster, startCliCluster } from '../support/cli-cluster.ts';
import { findCli } from '../support/find-cli.ts';
import { mustSkip } from '../support/needs.ts';

const skip = mustSkip('kubectl', findCli('kubectl') !== undefined);

describe.skipIf(skip)('kubectl, reading', () => {
  let cli: CliCluster;

  beforeAll(async () => {
    if (skip) return;
    cli = await startCliCluster({ sample: 'shop' });
    await cli.kubectl('wait', '--for=condition=Available', 'deployment/vote-front', '-n', 'shop', '--timeout=20s');
  });
  afterAll(async () => {
    await cli?.[Symbol.asyncDispose]();
  });

  it('prints tables with the columns of a real cluster', async () => {
    const wide = await cli.kubectl('get', 'pods', '-n', 'shop', '-o', 'wide');
    expect(wide.split('\n')[0]).toMatch(
      /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES$/,
    );
    const deployments = await cli.kubectl('get', 'deployments', '-n', 'shop', '-o', 'wide');
    expect(deployments.split('\n')[0]).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR$/,
    );
    const nodes = await cli.kubectl('get', 'nodes', '-o', 'wide');
    expect(nodes.split('\n')[0]).toMatch(
      /^NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP +EXTERNAL-IP +OS-IMAGE +KERNEL-VERSION +CONTAINER-RUNTIME$/,
    );
  });

  it('prints objects as YAML and by JSONPath, sorted and with columns of its own', async () => {
    expect(await cli.kubectl('get', 'deployment', 'vote-front', '-n', 'shop', '-o', 'yaml')).toMatch(
      /^apiVersion: apps\/v1\nkind: Deployment\nmetadata:\n/,
    );
    const names = await cli.kubectl(
      'get',
      'ns',
      '--sort-by=.metadata.name',
      '-o',
      'jsonpath={.items[*].metadata.name}',
    );
    const sorted = ['default', 'kube-node-lease', 'kube-public', 'kube-system', 'platform', 'shop'];
    expect(names.split(' ')).toEqual(sorted);
    const columns = 'custom-columns=NAME:.metadata.name,IMAGE:.spec.template.spec.containers[0].image';
    const custom = await cli.kubectl('get', 'deployment', 'vote-front', '-n', 'shop', '-o', columns);
    expect(custom).toMatch(/^NAME +IMAGE\nvote-front +\S+\n$/);
  });

  it('selects by label and field, and says when nothing is there', async () => {
    const running = await cli.kubectl(
      'get',
      'pods',
      '-n',
      'shop',
      '--field-selector=status.phase=Running',
      '-o',
      'name',
    );
    expect(running).toContain('pod/vote-front-');
    const none = await cli.tryKubectl(['get', 'pods', '-n', 'shop', '-l', 'app=nobody']);
    expect(none).toEqual({ exitCode: 0, stdout: '', stderr: 'No resources found in shop namespace.\n' });
    const bad = await cli.tryKubectl(['get', 'pods', '--field-selector=spec.color=red']);
    expect(bad).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('field label not supported: spec.color'),
    });
    const gone = await cli.tryKubectl(['get', 'deployment', 'nobody', '-n', 'shop']);
    expect(gone.stderr).toBe('Error from server (NotFound): deployments.apps "nobody" not found\n');
    const odd = await cli.tryKubectl(['get', 'lamps']);
    expect(odd.stderr).toBe('error: the server doesn\'t have a resource type "lamps"\n');
  });

  it('describes workloads, pods, services and nodes with their events', async () => {
    const deployment = await cli.kubectl('describe', 'deployment', 'vote-front', '-n', 'shop');
    expect(deployment).toMatch(/Replicas: +\d+ desired \| \d+ updated \| \d+ total \| \d+ available \| 0 unavailable/);
    expect(deployment).toMatch(/NewReplicaSet: +vote-front-\w+ \(\d+\/\d+ replicas created\)/);
    expect(deployment).toMatch(/ScalingReplicaSet +\S.* +Scaled up replica set/);
    const pod = await cli.kubectl('describe', 'pods', '-n', 'shop');
    expect(pod).toMatch(/Normal +Scheduled +\S.* +default-scheduler +Successfully assigned shop\/vote-front/);
    expect(pod).toMatch(/Normal +Started +\S.* +kubelet/);
    expect(await cli.kubectl('describe', 'services', '-n', 'shop')).toMatch(/Endpoints: +\d+\.\d+\.\d+\.\d+:\d+/);
    expect(await cli.kubectl('describe', 'nodes')).toMatch(/Allocated resources:/);
  });

  it('lists what the cluster serves', async () => {
    const resources = await cli.kubectl('api-resources', '--no-headers');
    expect(resources).toMatch(/^deployments +deploy +apps\/v1 +true +Deployment$/m);
    expect(resources).toMatch(/^pods +po +v1 +true +Pod$/m);
    expect((await cli.kubectl('api-versions')).split('\n')).toEqual(
      expect.arrayContaining(['apps/v1', 'batch/v1', 'networking.k8s.io/v1', 'v1']),
    );
    expect(await cli.kubectl('version')).toMatch(/Server Version: v1\.36\./);
    expect(await cli.kubectl('cluster-info')).toMatch(
      /Kubernetes control plane.* is running at https:\/\/127\.0\.0\.1/,
    );
  });

  it('prints events, of a namespace and of one object', async () => {
    const events = await cli.kubectl('events', '-n', 'shop', '--for=deployment/vote-front');
    expect(events).toMatch(/Normal +ScalingReplicaSet +Deployment\/vote-front +Scaled up replica set/);
    expect(await cli.kubectl('get', 'events', '-n', 'shop')).toMatch(/^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE/);
  });

  it('labels, annotates, and refuses to overwrite', async () => {
    await cli.kubectl('label', 'deployment', 'vote-front', '-n', 'shop', 'tier=front');
    await cli.kubectl('annotate', 'deployment', 'vote-front', '-n', 'shop', 'owner=team-a');
    expect(await cli.kubectl('get', 'deployment', '-n', 'shop', '-l', 'tier=front', '-o', 'name')).toBe(
      'deployment.apps/vote-front\n',
    );
    const again = await cli.tryKubectl(['label', 'deployment', 'vote-front', '-n', 'shop', 'tier=back']);
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("'tier' already has a value (front)") });
    const bad = await cli.tryKubectl(['label', 'deployment', 'vote-front', '-n', 'shop', 'tier2=-no-']);
    expect(bad).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('invalid label value') });
  });
});
