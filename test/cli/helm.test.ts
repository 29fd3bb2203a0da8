import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliCluster, startCliCluster } from '../support/cli-cluster.ts';
import { findCli } from '../support/find-cli.ts';
import { mustSkip } from '../support/needs.ts';

const skip = mustSkip('helm', findCli('helm') !== undefined);

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}", labels: {app: "{{ .Release.Name }}"}}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec: {containers: [{name: web, image: "registry.local/web:{{ .Values.tag }}"}]}
`;
const service = `
apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}"}
spec: {selector: {app: "{{ .Release.Name }}"}, ports: [{port: 80}]}
`;

describe.skipIf(skip)('helm', () => {
  let cli: CliCluster;
  const wait = ['--wait', '--timeout', '20s'];
  const image = 'jsonpath={.spec.template.spec.containers[0].image}';

  beforeAll(async () => {
    if (skip) return;
    cli = await startCliCluster();
    await mkdir(join(cli.folder, 'web', 'templates'), { recursive: true });
    await cli.file('web/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 0.1.0\nappVersion: "1"\n');
    await cli.file('web/values.yaml', 'replicas: 1\ntag: "1"\n');
    await cli.file('web/templates/deployment.yaml', deployment);
    await cli.file('web/templates/service.yaml', service);
  });
  afterAll(async () => {
    await cli?.[Symbol.asyncDispose]();
  });

  it('installs, lists, upgrades, rolls back and uninstalls a chart', async () => {
    expect(await cli.helm('install', 'shop', './web', ...wait)).toContain('STATUS: deployed');
    expect(JSON.parse(await cli.helm('list', '-o', 'json'))).toMatchObject([{ name: 'shop', status: 'deployed' }]);
    expect(await cli.helm('status', 'shop')).toContain('STATUS: deployed');

    await cli.helm('upgrade', 'shop', './web', '--set', 'tag=2,replicas=2', ...wait);
    expect(await cli.kubectl('get', 'deployment', 'shop', '-o', image)).toBe('registry.local/web:2');
    await cli.helm('rollback', 'shop', '1', ...wait);
    expect(await cli.kubectl('get', 'deployment', 'shop', '-o', image)).toBe('registry.local/web:1');
    const history = JSON.parse(await cli.helm('history', 'shop', '-o', 'json')) as { status: string }[];
    expect(history.map(({ status }) => status)).toEqual(['superseded', 'superseded', 'deployed']);

    await cli.helm('uninstall', 'shop', ...wait);
    expect(await cli.kubectl('get', 'deployments,services', '-l', 'app=shop', '-o', 'name')).toBe('');
    expect(await cli.kubectl('get', 'secrets', '-o', 'name')).not.toContain('sh.helm.release');
  });

  it('does not take over what somebody else made (refused)', async () => {
    await cli.kubectl('create', 'service', 'clusterip', 'taken', '--tcp=80');
    await expect(cli.helm('install', 'taken', './web')).rejects.toThrow(
      /Service "taken" in namespace "default" exists/,
    );
    expect(await cli.kubectl('get', 'deployments', '-o', 'name')).not.toContain('taken');
  });
});
