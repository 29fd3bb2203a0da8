import { secretKind } from 'longshore/plugins/core';
import { describe, expect, it } from 'vitest';
import { configMapKind, nodeKind, persistentVolumeClaimKind } from '../../api.ts';
import { createFakeReader } from '../../testing/fake-reader.ts';
import { makeObject } from '../../testing/make-objects.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { type KindForm, kindFieldOf } from './kinds.ts';
import { planForm } from './plan-form.ts';
import { type WorkloadForm, writeForm } from './write-form.ts';

const claim = (name: string, ...accessModes: string[]) =>
  makeObject(persistentVolumeClaimKind, { metadata: { name }, spec: { accessModes } });
const reader = createFakeReader('c1', [
  makeObject(configMapKind, { metadata: { name: 'config' }, data: { mode: 'fast' } }),
  makeObject(secretKind, { metadata: { name: 'secret' }, data: { word: 4 } }),
  makeObject(nodeKind, { metadata: { name: 'n1' } }),
  claim('disk', 'ReadWriteOnce'),
  claim('share', 'ReadWriteMany'),
]);

const resources = { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1', memory: '1Gi' } };
const web = { name: 'web', image: 'nginx', ...resources };

/** The issues of a form in a profile, as `path code`. */
async function issuesOf(profile: string, form: WorkloadForm, kind: KindForm = { deployment: {} }) {
  const plan = await planForm(
    {
      field: kindFieldOf(kind),
      namespace: 'shop',
      name: 'vote',
      form: { kind, ...form },
      profile: profileNamed(profile),
      existing: undefined,
    },
    reader,
  );
  return plan.issues.map(({ path, code }) => `${path.join('.')} ${code}`);
}

const withContainer = (container: object) => ({ template: { containers: [{ ...web, ...container }] } });
const withTemplate = (template: object) => ({ template: { containers: [web], ...template } });
const mounted = (mountPath: string) =>
  withTemplate({
    containers: [{ ...web, volumeMounts: [{ name: 'v', mountPath }] }],
    volumes: [{ name: 'v', source: { emptyDir: {} } }],
  });
const volume = (source: object) => withTemplate({ volumes: [{ name: 'v', source }] });
const disk = volume({ persistentVolumeClaim: { claimName: 'disk' } });
const http = { port: 80, path: '/' };
const probe = (field: string, action: object, more: object = {}) => withContainer({ [field]: { action, ...more } });
const scheduled = (scheduling: object) => withTemplate({ scheduling });
const zone = { key: 'zone', operator: 'IN', values: ['a', 'b'] };
const weighed = { ...zone, weight: 100 };
const strategy = (type: string, more: object = {}) => ({ deployment: { strategy: { type, ...more } } }) as KindForm;

describe('planForm', () => {
  // Each allowed case has its refused twin in another profile, or with another value.
  const rows: readonly [string, WorkloadForm, KindForm, readonly string[], string][] = [
    ['csk', withTemplate({}), { deployment: {} }, [], 'CMP-44'],
    ['csk', withTemplate({}), { statefulSet: {} }, ['kind kind_closed'], 'CMP-44'],
    ['esk', withTemplate({}), { job: {} }, ['kind kind_closed'], 'CMP-44'],
    ['ecs', withTemplate({}), { job: {} }, [], 'CMP-44'],
    ['csk', withTemplate({}), { pod: {} }, ['kind kind_closed'], 'CMP-85'],
    ['default', withTemplate({}), { pod: {} }, [], 'CMP-85'],
    ['aks-public', withTemplate({}), { deployment: {} }, ['kind.deployment yaml_only'], 'CMP-44'],
    ['tcs', withTemplate({}), { advancedStatefulSet: {} }, [], 'CMP-44, CMP-79'],
    ['tcs', withTemplate({}), { cloneSet: { replicas: 3 } }, [], 'CMP-44, CMP-79'],
    ['tcs', withTemplate({}), { statefulSet: {} }, ['kind kind_closed'], 'CMP-44'],
    ['csk', withTemplate({}), { advancedStatefulSet: {} }, ['kind kind_closed'], 'CMP-44, CMP-79'],
    ['ecs', withTemplate({}), { cloneSet: {} }, ['kind kind_closed'], 'CMP-44, CMP-79'],
    ['tcs', disk, { advancedStatefulSet: { replicas: 1 } }, [], 'CMP-54'],
    [
      'tcs',
      disk,
      { advancedStatefulSet: { replicas: 2 } },
      ['kind.advancedStatefulSet.replicas disk_of_one_node'],
      'CMP-54',
    ],
    [
      'tcs',
      withTemplate({}),
      { cloneSet: { volumeClaimTemplates: [{ name: 'data', size: '1Gi' }] } },
      ['kind.cloneSet.volumeClaimTemplates not_offered'],
      'CMP-52',
    ],
    ['ecs', withTemplate({}), { statefulSet: { volumeClaimTemplates: [{ name: 'data', size: '1Gi' }] } }, [], 'CMP-52'],
    [
      'default',
      withTemplate({}),
      { advancedStatefulSet: { strategy: { type: 'ON_DELETE', podUpdatePolicy: 'IN_PLACE_ONLY' } } },
      ['kind.advancedStatefulSet.strategy.podUpdatePolicy unused'],
      'CMP-57, CMP-79',
    ],
    ['csk', withTemplate({}), { deployment: { replicas: 100 } }, [], 'CMP-45, CON-01'],
    [
      'csk',
      withTemplate({}),
      { deployment: { replicas: 101 } },
      ['kind.deployment.replicas too_big'],
      'CMP-45, CON-01',
    ],
    ['csk', { ...withTemplate({}), description: 'Shop' }, { deployment: {} }, [], 'CMP-45'],
    [
      'esk',
      { ...withTemplate({}), description: 'x'.repeat(257) },
      { deployment: {} },
      ['description too_long'],
      'CMP-45',
    ],
    [
      'csk',
      { template: { containers: [{ name: 'web', image: 'nginx', limits: { cpu: '1' } }] } },
      { deployment: {} },
      [
        'template.containers.0.requests required',
        'template.containers.0.requests required',
        'template.containers.0.limits required',
      ],
      'CMP-46',
    ],
    ['esk', withTemplate({ runtime: 'RUNC' }), { deployment: {} }, [], 'CMP-46'],
    ['csk', withTemplate({ runtime: 'RUNC' }), { deployment: {} }, ['template.runtime not_offered'], 'CMP-46'],
    [
      'default',
      withContainer({ limits: { cpu: 'much' } }),
      { deployment: {} },
      ['template.containers.0.limits.cpu invalid_quantity'],
      'CMP-46',
    ],
    [
      'default',
      withContainer({ limits: { cpu: '10m' } }),
      { deployment: {} },
      ['template.containers.0.requests.cpu above_limit'],
      'CMP-46',
    ],
    ['csk', withContainer({ env: variables(30) }), { deployment: {} }, [], 'CMP-47'],
    [
      'csk',
      withContainer({ env: variables(31) }),
      { deployment: {} },
      ['template.containers.0.env too_many'],
      'CMP-47',
    ],
    ['default', withContainer({ env: [{ name: 'a.b-c', value: '' }] }), { deployment: {} }, [], 'CMP-47'],
    [
      'tcs',
      withContainer({ env: [{ name: 'a.b-c', value: '' }] }),
      { deployment: {} },
      ['template.containers.0.env.0.name invalid_text'],
      'CMP-47',
    ],
    [
      'default',
      withContainer({ env: [{ name: 'A' }] }),
      { deployment: {} },
      ['template.containers.0.env.0 one_of'],
      'CMP-47',
    ],
    ['aks-private', withTemplate({}), { deployment: {} }, ['kind.deployment yaml_only'], 'CMP-44'],
    ['ecs', withContainer({ preStop: { exec: { command: ['a'] } } }), { deployment: {} }, [], 'CMP-49'],
    [
      'ecs',
      withContainer({ preStop: { httpGet: http } }),
      { deployment: {} },
      ['template.containers.0.preStop not_offered'],
      'CMP-49, CON-10',
    ],
    [
      'default',
      withContainer({ postStart: { httpGet: { port: 0 } } }),
      { deployment: {} },
      ['template.containers.0.postStart.httpGet out_of_range'],
      'CMP-49',
    ],
    ['csk', probe('livenessProbe', { exec: { command: ['a'] } }), { deployment: {} }, [], 'CMP-51, CON-09'],
    [
      'csk',
      probe('livenessProbe', { tcpSocket: { port: 80 } }),
      { deployment: {} },
      ['template.containers.0.livenessProbe not_offered'],
      'CMP-51, CON-09',
    ],
    ['ecs', probe('readinessProbe', { httpsGet: http }), { deployment: {} }, [], 'CMP-51'],
    ['default', probe('readinessProbe', { httpGet: http }, { successThreshold: 2 }), { deployment: {} }, [], 'CMP-51'],
    [
      'default',
      probe('livenessProbe', { httpGet: http }, { successThreshold: 2 }),
      { deployment: {} },
      ['template.containers.0.livenessProbe.successThreshold not_one'],
      'CMP-51',
    ],
    ['csk', volume({ emptyDir: { medium: 'MEMORY' } }), { deployment: {} }, [], 'CMP-52, CON-12'],
    ['csk', disk, { deployment: {} }, ['template.volumes.0 not_offered'], 'CMP-52, CON-12'],
    ['esk', volume({ configMap: { name: 'config' } }), { deployment: {} }, [], 'CMP-52'],
    ['esk', volume({ emptyDir: {} }), { deployment: {} }, ['template.volumes.0 not_offered'], 'CMP-52'],
    ['ecs', disk, { job: {} }, [], 'CMP-52'],
    ['ecs', disk, { statefulSet: {} }, ['template.volumes.0 not_offered'], 'CMP-52'],
    ['default', mounted('/data'), { deployment: {} }, [], 'CMP-53'],
    [
      'default',
      mounted('//var/./run/'),
      { deployment: {} },
      ['template.containers.0.volumeMounts.0.mountPath system_directory'],
      'CMP-53',
    ],
    [
      'csk',
      mounted('/'),
      { deployment: {} },
      ['template.containers.0.volumeMounts.0.mountPath system_directory'],
      'CMP-53',
    ],
    [
      'default',
      mounted('data'),
      { deployment: {} },
      ['template.containers.0.volumeMounts.0.mountPath invalid_path'],
      'CMP-52',
    ],
    [
      'default',
      volume({ configMap: { name: 'gone' } }),
      { deployment: {} },
      ['template.volumes.0 not_found'],
      'CMP-53',
    ],
    [
      'default',
      volume({ secret: { name: 'secret', items: [{ key: 'gone' }] } }),
      { deployment: {} },
      ['template.volumes.0 no_such_key'],
      'CMP-53, CMP-100',
    ],
    ['default', volume({ secret: { name: 'gone', isOptional: true } }), { deployment: {} }, [], 'CMP-53'],
    ['default', withTemplate({ imagePullSecrets: ['secret'] }), { deployment: {} }, [], 'CMP-100'],
    [
      'default',
      withTemplate({ imagePullSecrets: ['gone'] }),
      { deployment: {} },
      ['template.imagePullSecrets.0 not_found'],
      'CMP-100',
    ],
    ['default', withContainer({ envFrom: [{ secret: 'secret' }] }), { deployment: {} }, [], 'CMP-94, CMP-100'],
    [
      'default',
      withContainer({ envFrom: [{ secret: 'gone' }] }),
      { deployment: {} },
      ['template.containers.0.envFrom.0 not_found'],
      'CMP-94, CMP-100',
    ],
    ['ecs', disk, { deployment: { replicas: 1 } }, [], 'CMP-54'],
    ['ecs', disk, { deployment: { replicas: 2 } }, ['kind.deployment.replicas disk_of_one_node'], 'CMP-54'],
    ['ecs', volume({ persistentVolumeClaim: { claimName: 'share' } }), { deployment: { replicas: 2 } }, [], 'CMP-54'],
    ['ecs', disk, { job: { parallelism: 2 } }, ['kind.job.parallelism disk_of_one_node'], 'CMP-54'],
    [
      'ecs',
      disk,
      { cronJob: { schedule: '* * * * *', job: { parallelism: 2 } } },
      ['kind.cronJob.job.parallelism disk_of_one_node'],
      'CMP-54',
    ],
    ['tcs', disk, { deployment: { replicas: 2 } }, ['kind.deployment.replicas disk_of_one_node'], 'CMP-54'],
    [
      'default',
      withContainer({ securityContext: { runAsNonRoot: true, runAsUser: 1 } }),
      { deployment: {} },
      [],
      'CMP-56',
    ],
    [
      'default',
      withContainer({ securityContext: { runAsNonRoot: true, runAsUser: 0 } }),
      { deployment: {} },
      ['template.containers.0.securityContext.runAsUser root'],
      'CMP-56',
    ],
    ['csk', withTemplate({}), strategy('RECREATE'), [], 'CMP-57, CON-11'],
    ['ecs', withTemplate({}), strategy('STOP_THEN_START', { batchSize: 1 }), [], 'CMP-57'],
    ['csk', withTemplate({}), strategy('REPLACE'), ['kind.deployment.strategy.type not_offered'], 'CMP-57, CON-11'],
    ['esk', withTemplate({}), strategy('RECREATE'), ['kind.deployment.strategy.type not_offered'], 'CMP-57'],
    ['ecs', withTemplate({}), strategy('ROLLING'), ['kind.deployment.strategy.type not_offered'], 'CMP-57'],
    [
      'default',
      withTemplate({}),
      strategy('RECREATE', { maxSurge: 1 }),
      ['kind.deployment.strategy.maxSurge unused'],
      'CMP-57',
    ],
    ['ecs', withTemplate({}), { daemonSet: { strategy: { type: 'ON_DELETE' } } }, [], 'CMP-57'],
    ['default', withTemplate({ scheduling: { node: 'n1' } }), { deployment: {} }, [], 'CMP-58'],
    [
      'default',
      withTemplate({ scheduling: { node: 'n2' } }),
      { deployment: {} },
      ['template.scheduling.node not_found'],
      'CMP-58',
    ],
    [
      'default',
      withTemplate({ hostNetwork: false, hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }] }),
      { deployment: {} },
      [],
      'CMP-61',
    ],
    [
      'default',
      withTemplate({ hostNetwork: true, hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }] }),
      { deployment: {} },
      ['template.hostAliases host_network'],
      'CMP-61',
    ],
    ['default', { ...withTemplate({}), labels: [{ key: 'team', value: 'a' }] }, { deployment: {} }, [], 'CMP-62'],
    [
      'default',
      { ...withTemplate({}), labels: [{ key: 'not a key', value: 'a b' }] },
      { deployment: {} },
      ['labels.0.key invalid_key', 'labels.0.value invalid_value'],
      'CMP-62',
    ],
    ['default', withTemplate({ terminationGracePeriodSeconds: 0 }), { deployment: {} }, [], 'CMP-50'],
    [
      'default',
      withTemplate({ terminationGracePeriodSeconds: -1 }),
      { deployment: {} },
      ['template.terminationGracePeriodSeconds out_of_range'],
      'CMP-50',
    ],
    [
      'aks-private',
      probe('livenessProbe', { tcpSocket: { port: 0 } }, { periodSeconds: 0 }),
      { deployment: {} },
      [
        'kind.deployment yaml_only',
        'template.containers.0.livenessProbe.periodSeconds out_of_range',
        'template.containers.0.livenessProbe.action out_of_range',
      ],
      'CMP-51',
    ],
    [
      'csk',
      withTemplate({}),
      { deployment: { replicas: 2, strategy: { type: 'ROLLING', maxUnavailable: 2 } } },
      [],
      'CMP-57',
    ],
    [
      'csk',
      withTemplate({}),
      { deployment: { replicas: 2, strategy: { type: 'ROLLING', maxUnavailable: 3 } } },
      ['kind.deployment.strategy.maxUnavailable out_of_range'],
      'CMP-57',
    ],
    ['tcs', withContainer({ logDirectories: ['/logs'], dataDirectories: ['/data'] }), { deployment: {} }, [], 'CMP-55'],
    [
      'csk',
      withContainer({ logDirectories: ['/var/run'] }),
      { deployment: {} },
      ['template.containers.0.logDirectories.0 system_directory'],
      'CMP-55',
    ],
    ['esk', withContainer({ logCollection: { standardOutput: true } }), { deployment: {} }, [], 'CMP-63'],
    [
      'default',
      withContainer({ logCollection: { files: [{ directory: 'logs', pattern: '*' }], retentionDays: 0 } }),
      { deployment: {} },
      [
        'template.containers.0.logCollection.retentionDays out_of_range',
        'template.containers.0.logCollection.files.0.directory invalid_path',
      ],
      'CMP-63',
    ],
    [
      'default',
      { ...withTemplate({}), annotations: [{ key: 'longshore.dev/replicas-before-stop', value: '9' }] },
      { deployment: {} },
      ['annotations.0.key reserved'],
      'CMP-62',
    ],
    [
      'esk',
      withContainer({ dataDirectories: ['/data'] }),
      { deployment: {} },
      ['template.containers.0.dataDirectories.0 not_offered'],
      'CMP-55',
    ],
    [
      'tcs',
      withContainer({ logDirectories: ['/logs', 'logs'] }),
      { deployment: {} },
      ['template.containers.0.logDirectories.1 invalid_path'],
      'CMP-55',
    ],
    [
      'default',
      scheduled({ nodeAffinity: { required: [zone], preferred: [weighed] } }),
      { deployment: {} },
      [],
      'CMP-58',
    ],
    [
      'default',
      scheduled({ nodeAffinity: { preferred: [{ ...weighed, weight: 101 }] } }),
      { deployment: {} },
      ['template.scheduling.nodeAffinity.preferred.0.weight out_of_range'],
      'CMP-58',
    ],
    [
      'default',
      scheduled({
        nodeAffinity: {
          required: [
            { key: 'not a key', operator: 'EXISTS' },
            { key: 'cores', operator: 'GT', values: ['four'] },
            { ...zone, values: [] },
            { ...zone, operator: 'EXISTS' },
            { ...zone, values: ['a b'] },
          ],
        },
      }),
      { deployment: {} },
      [
        'template.scheduling.nodeAffinity.required.0.key invalid_label_key',
        'template.scheduling.nodeAffinity.required.1.values not_one_number',
        'template.scheduling.nodeAffinity.required.2.values required',
        'template.scheduling.nodeAffinity.required.3.values unused',
        'template.scheduling.nodeAffinity.required.4.values.0 invalid_label_value',
      ],
      'CMP-58',
    ],
    [
      'default',
      scheduled({ podAffinity: { required: [zone] }, podAntiAffinity: { preferred: [weighed] } }),
      { deployment: {} },
      [],
      'CMP-59',
    ],
    [
      'default',
      scheduled({ podAntiAffinity: { required: [{ key: 'cores', operator: 'GT', values: ['4'] }] } }),
      { deployment: {} },
      ['template.scheduling.podAntiAffinity.required.0.operator not_offered'],
      'CMP-59',
    ],
    [
      'default',
      scheduled({ podAffinity: { preferred: [{ ...weighed, weight: 0, topologyKey: 'not a key' }] } }),
      { deployment: {} },
      [
        'template.scheduling.podAffinity.preferred.0.weight out_of_range',
        'template.scheduling.podAffinity.preferred.0.topologyKey invalid_label_key',
      ],
      'CMP-59',
    ],
    ['tcs', scheduled({ nodeLabels: [{ key: 'disk', value: 'fast' }] }), { deployment: {} }, [], 'CMP-60'],
    [
      'tcs',
      scheduled({ nodeLabels: ['fast', 'slow'].map((value) => ({ key: 'disk', value })) }),
      { deployment: {} },
      ['template.scheduling.nodeLabels.1.key duplicate'],
      'CMP-60',
    ],
    [
      'tcs',
      scheduled({ nodeLabels: [{ key: '-disk', value: 'a b' }] }),
      { deployment: {} },
      [
        'template.scheduling.nodeLabels.0.key invalid_label_key',
        'template.scheduling.nodeLabels.0.value invalid_label_value',
      ],
      'CMP-60',
    ],
    [
      'aks-public',
      withContainer({ logCollection: { logStore: 'app', retentionDays: 3001 } }),
      { deployment: {} },
      ['kind.deployment yaml_only', 'template.containers.0.logCollection.retentionDays out_of_range'],
      'CMP-63',
    ],
    [
      'ecs',
      withTemplate({}),
      { cronJob: { schedule: '0 3 * * MON-FRI', timeZone: 'Asia/Shanghai', concurrencyPolicy: 'REPLACE' } },
      [],
      'CMP-66, CON-14',
    ],
    [
      'default',
      withTemplate({}),
      { cronJob: { schedule: 'TZ=UTC 0 3 * * *', timeZone: 'Local' } },
      ['kind.cronJob.schedule invalid_schedule', 'kind.cronJob.timeZone invalid_time_zone'],
      'CMP-66',
    ],
    ['default', withTemplate({}), { cronJob: {} }, ['kind.cronJob.schedule required'], 'CMP-66'],
  ];
  const cases = rows.map(([profile, form, kind, expected, id]) => ({
    title: `in profile ${profile} for ${JSON.stringify(kind)} ${expected.length > 0 ? `tells ${expected.join(', ')}` : 'has nothing against it'} (${id})${expected.length > 0 ? ' (refused)' : ''}`,
    profile,
    form,
    kind,
    expected,
  }));

  it.each(cases)('$title', async ({ profile, form, kind, expected }) => {
    expect(await issuesOf(profile, form, kind)).toEqual(expected);
  });

  it('tells an update of the disk that it adds to too many pods, and lets stand what is there (CMP-54, CMP-75)', async () => {
    const profile = profileNamed('ecs');
    const base = { field: 'deployment' as const, namespace: 'shop', name: 'vote', profile };
    const two = { kind: { deployment: { replicas: 2 } } };
    const { manifest: without } = writeForm({ ...base, form: { ...two, ...withTemplate({}) }, existing: undefined });
    const added = await planForm({ ...base, form: disk, existing: without }, reader);
    expect(added.issues).toMatchObject([{ path: ['template', 'volumes', 0], code: 'disk_of_one_node' }]);
    const { manifest: with2 } = writeForm({ ...base, form: { ...two, ...disk }, existing: undefined });
    const other = await planForm({ ...base, form: withContainer({ image: 'other' }), existing: with2 }, reader);
    expect(other.issues).toEqual([]);
  });

  const manifestOf = async (profile: string, form: WorkloadForm) =>
    (
      await planForm(
        {
          field: 'deployment',
          namespace: 'shop',
          name: 'vote',
          form: { kind: { deployment: {} }, ...form },
          profile: profileNamed(profile),
          existing: undefined,
        },
        reader,
      )
    ).manifest;
  const podOf = async (profile: string, form: WorkloadForm) =>
    ((await manifestOf(profile, form)) as { spec: { template: { spec: object } } }).spec.template.spec;

  it('grants the time that it is given to end, with the command before it (CMP-50)', async () => {
    const preStop = { exec: { command: ['drain'] } };
    const template = { containers: [{ ...web, preStop }], terminationGracePeriodSeconds: 45 };
    expect(await podOf('csk', { template })).toMatchObject({
      terminationGracePeriodSeconds: 45,
      containers: [{ lifecycle: { preStop } }],
    });
  });

  it('makes directories of the host of log and data directories, mounted at their paths (CMP-55)', async () => {
    const pod = await podOf('tcs', withContainer({ logDirectories: ['/logs'], dataDirectories: ['/data'] }));
    expect(pod).toMatchObject({
      containers: [
        {
          volumeMounts: [
            { name: expect.stringMatching(/^log-directory-/), mountPath: '/logs' },
            { name: expect.stringMatching(/^data-directory-/), mountPath: '/data' },
          ],
        },
      ],
      volumes: [
        { name: expect.stringMatching(/^log-directory-/), emptyDir: {} },
        { name: expect.stringMatching(/^data-directory-/), emptyDir: {} },
      ],
    });
  });

  it('holds nodes to the named host and to all required rules at once, and prefers each other rule by its weight (CMP-58)', async () => {
    const nodeAffinity = { required: [zone, { key: 'ssd', operator: 'EXISTS' }], preferred: [weighed] };
    const { affinity } = (await podOf('ecs', scheduled({ node: 'n1', nodeAffinity }))) as { affinity?: object };
    const inZone = { key: 'zone', operator: 'In', values: ['a', 'b'] };
    expect(affinity).toEqual({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }],
              matchExpressions: [inZone, { key: 'ssd', operator: 'Exists' }],
            },
          ],
        },
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: { matchExpressions: [inZone] } }],
      },
    });
  });

  it('asks for each required rule about other pods by itself, near the same host unless it says near what (CMP-59)', async () => {
    const podAntiAffinity = { required: [zone, { ...zone, topologyKey: 'rack' }], preferred: [weighed] };
    const { affinity } = (await podOf('ecs', scheduled({ podAntiAffinity }))) as { affinity?: object };
    const labelSelector = { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] };
    const topologyKey = 'kubernetes.io/hostname';
    expect(affinity).toEqual({
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector, topologyKey },
          { labelSelector, topologyKey: 'rack' },
        ],
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { labelSelector, topologyKey } },
        ],
      },
    });
  });

  it('restricts nodes to those with all of the labels (CMP-60)', async () => {
    const nodeLabels = [
      { key: 'disk', value: 'fast' },
      { key: 'zone', value: 'a' },
    ];
    expect(await podOf('tcs', scheduled({ nodeLabels }))).toMatchObject({ nodeSelector: { disk: 'fast', zone: 'a' } });
  });

  it('tells collectors of standard output and files by container, kept for as long as the profile says (CMP-63)', async () => {
    const logCollection = { standardOutput: false, files: [{ directory: '/home/admin', pattern: '*.log' }] };
    const manifest = (await manifestOf('esk', withContainer({ logCollection }))) as {
      spec: { template: { metadata: { annotations: Record<string, string> } } };
    };
    const { annotations } = manifest.spec.template.metadata;
    expect(JSON.parse(annotations['longshore.dev/log-collection'] ?? '')).toEqual({
      web: { ...logCollection, retentionDays: 14 },
    });
  });

  it('lets pods of a TApp be changed in place alone have other images, and nothing else (CMP-79, CMP-80) (refused)', async () => {
    const base = {
      field: 'advancedStatefulSet' as const,
      namespace: 'shop',
      name: 'vote',
      profile: profileNamed('tcs'),
    };
    const strategy = { podUpdatePolicy: 'IN_PLACE_ONLY' as const };
    const { manifest: existing } = writeForm({
      ...base,
      form: { kind: { advancedStatefulSet: { strategy } }, ...withTemplate({}) },
      existing: undefined,
    });
    const issuesWith = async (form: WorkloadForm) => {
      const plan = await planForm({ ...base, form, existing }, reader);
      return plan.issues.map(({ path, code }) => `${path.join('.')} ${code}`);
    };
    expect(await issuesWith(withContainer({ image: 'nginx:2' }))).toEqual([]);
    expect(await issuesWith({ template: { labels: [{ key: 'tier', value: 'front' }] } })).toEqual([]);
    expect(await issuesWith(withContainer({ env: variables(1) }))).toEqual(['template.containers.0.env in_place_only']);
    expect(await issuesWith({ template: { hostNetwork: true } })).toEqual(['template.hostNetwork in_place_only']);
  });

  it('warns of all pods of a CloneSet at once (CMP-57)', async () => {
    const kind = { cloneSet: { replicas: 2, strategy: { maxUnavailable: 2 } } };
    const request = { field: 'cloneSet' as const, namespace: 'shop', name: 'vote', profile: profileNamed('tcs') };
    const plan = await planForm({ ...request, form: { kind, ...withTemplate({}) }, existing: undefined }, reader);
    expect(plan.warnings).toMatchObject([
      { code: 'ALL_PODS_UNAVAILABLE', path: ['kind', 'cloneSet', 'strategy', 'maxUnavailable'] },
    ]);
  });

  it('warns of a batch of all pods at the number that was given (CMP-57)', async () => {
    const kind = { deployment: { replicas: 2, strategy: { type: 'STOP_THEN_START' as const, batchSize: 2 } } };
    const plan = await planForm(
      {
        field: 'deployment',
        namespace: 'shop',
        name: 'vote',
        form: { kind, ...withTemplate({}) },
        profile: profileNamed('ecs'),
        existing: undefined,
      },
      reader,
    );
    expect(plan.warnings).toMatchObject([
      { code: 'ALL_PODS_UNAVAILABLE', path: ['kind', 'deployment', 'strategy', 'batchSize'] },
    ]);
  });

  it('changes no workload by a form where they come as YAML only (CMP-44, CMP-75) (refused)', async () => {
    const base = { field: 'deployment' as const, namespace: 'shop', name: 'vote', profile: profileNamed('aks-public') };
    const form = withContainer({ image: 'nginx:2' });
    const { manifest } = writeForm({ ...base, form: { kind: { deployment: {} }, ...form }, existing: undefined });
    const plan = await planForm({ ...base, form, existing: manifest }, reader);
    expect(plan.issues).toMatchObject([{ path: ['id'], code: 'yaml_only' }]);
  });

  it.each([
    ['csk', { image: 'nginx:2' }, []],
    ['csk', { command: ['x'] }, ['template.containers.0.command not_changeable']],
    ['ecs', { image: 'nginx:2' }, ['id view_only']],
  ])('tells the change of a bare pod in profile %s to %j: %j (CMP-86) (refused)', async (profile, container, expected) => {
    const base = { field: 'pod' as const, namespace: 'shop', name: 'vote' };
    const made = { ...base, profile: profileNamed('default'), form: { kind: { pod: {} }, ...withTemplate({}) } };
    const existing = writeForm({ ...made, existing: undefined }).manifest;
    const form = { template: { containers: [{ name: 'web', ...container }] } };
    const plan = await planForm({ ...base, form, profile: profileNamed(profile), existing }, reader);
    expect(plan.issues.map(({ path, code }) => `${path.join('.')} ${code}`)).toEqual(expected);
  });

  it('lets a schedule stand that the cluster took before it named zones otherwise (CMP-66, CMP-75)', async () => {
    const base = { field: 'cronJob' as const, namespace: 'shop', name: 'vote', profile: profileNamed('default') };
    const existing = writeForm({
      ...base,
      form: { kind: { cronJob: { schedule: 'CRON_TZ=UTC 0 3 * * *' } }, ...withTemplate({}) },
      existing: undefined,
    }).manifest;
    const plan = await planForm({ ...base, form: withContainer({ image: 'nginx:2' }), existing }, reader);
    expect(plan.issues).toEqual([]);
  });

  it('gives a new probe the numbers of the profile (CMP-51)', async () => {
    const planned = await planForm(
      {
        field: 'deployment',
        namespace: 'shop',
        name: 'vote',
        form: probe('livenessProbe', { httpGet: http }, { periodSeconds: 7 }),
        profile: profileNamed('aks-public'),
        existing: undefined,
      },
      reader,
    );
    expect(planned.manifest).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                livenessProbe: {
                  httpGet: { path: '/', port: 80, scheme: 'HTTP' },
                  initialDelaySeconds: 3,
                  timeoutSeconds: 1,
                  periodSeconds: 7,
                  successThreshold: 1,
                  failureThreshold: 3,
                },
              },
            ],
          },
        },
      },
    });
  });
});

function variables(count: number): object[] {
  return Array.from({ length: count }, (_none, index) => ({ name: `V${index}`, value: '' }));
}
