import { expect } from 'vitest';
import type { CaseContext } from './support/case-context.ts';
import type { Answer } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { deployment, pod, podSpec } from './support/objects.ts';

const { conformanceCase } = conformanceArea('admission');

const root = (ns: string): string => `/api/v1/namespaces/${ns}`;

/** A pod that no cluster runs: what admission says of it is all that is asked. */
function tryPod(t: CaseContext, ns: string, spec: Json = {}, metadata: Json = {}): Promise<Answer> {
  const template = pod('probe');
  const object = { ...template, metadata: { ...template.metadata, ...metadata }, spec: { ...podSpec(), ...spec } };
  return t.api.create(`${root(ns)}/pods`, object, { dryRun: 'All' });
}

/** Makes a policy object of the namespace and waits until it is in force. */
async function enforce(t: CaseContext, ns: string, plural: string, spec: Json, isInForce: () => Promise<boolean>) {
  const kind = plural === 'limitranges' ? 'LimitRange' : 'ResourceQuota';
  await t.create(`${root(ns)}/${plural}`, { apiVersion: 'v1', kind, metadata: { name: 'policy' }, spec });
  await eventually(async () => expect(await isInForce()).toBe(true));
}

async function limit(t: CaseContext, ...limits: Json[]): Promise<string> {
  const ns = await t.namespace();
  // A claim too large tells when the limits hold.
  const large = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'large' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
  };
  const marker = { type: 'PersistentVolumeClaim', max: { storage: '1Gi' } };
  await enforce(t, ns, 'limitranges', { limits: [...limits, marker] }, async () => {
    const answer = await t.api.create(`${root(ns)}/persistentvolumeclaims`, large, { dryRun: 'All' });
    return answer.status === 403;
  });
  return ns;
}

const withResources = (resources: Json): Json => ({ containers: [{ ...podSpec().containers[0], resources }] });

conformanceCase(
  {
    title: 'gives containers the defaults of a LimitRange, and says so in an annotation',
    source: 'concepts/policy/limit-range: defaults; plugin/pkg/admission/limitranger',
  },
  async (t) => {
    const ns = await limit(t, { type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '100m' } });
    const { body } = await tryPod(t, ns, { initContainers: [{ name: 'init', image: 'a:1' }] });
    expect(body.spec.containers[0].resources).toEqual({ limits: { cpu: '500m' }, requests: { cpu: '100m' } });
    expect(body.spec.initContainers[0].resources).toEqual({ limits: { cpu: '500m' }, requests: { cpu: '100m' } });
    expect(body.metadata.annotations['kubernetes.io/limit-ranger']).toBe(
      'LimitRanger plugin set: cpu request for container main; cpu limit for container main; cpu request for init container init; cpu limit for init container init',
    );
    expect(body.status.qosClass).toBe('Burstable');
  },
);

conformanceCase(
  {
    title: 'refuses containers and pods outside the bounds of a LimitRange, in its words',
    source: 'concepts/policy/limit-range: constraints on resource limits and requests',
  },
  async (t) => {
    const ns = await limit(
      t,
      { type: 'Container', min: { cpu: '50m' }, max: { cpu: '1' }, maxLimitRequestRatio: { cpu: '5' } },
      { type: 'Pod', max: { cpu: '2' } },
    );
    const refusal = async (resources: Json): Promise<string> =>
      (await tryPod(t, ns, withResources(resources))).body.message;
    expect(await refusal({ limits: { cpu: '1500m' } })).toBe(
      'pods "probe" is forbidden: maximum cpu usage per Container is 1, but limit is 1500m',
    );
    expect(await refusal({ requests: { cpu: '10m' }, limits: { cpu: '50m' } })).toBe(
      'pods "probe" is forbidden: minimum cpu usage per Container is 50m, but request is 10m',
    );
    expect(await refusal({ requests: { cpu: '100m' }, limits: { cpu: '900m' } })).toBe(
      'pods "probe" is forbidden: cpu max limit to request ratio per Container is 5, but provided ratio is 9.000000',
    );
    const one = { image: 'a:1', resources: { limits: { cpu: '1' } } };
    const three = ['a', 'b', 'c'].map((name) => ({ name, ...one }));
    expect((await tryPod(t, ns, { containers: three })).body.message).toBe(
      'pods "probe" is forbidden: maximum cpu usage per Pod is 2, but limit is 3',
    );
    expect((await tryPod(t, ns, withResources({ limits: { cpu: '1' } }))).status).toBe(201);
  },
);

conformanceCase(
  {
    title: 'refuses what a quota has no room for, and names all that it lacks',
    source:
      'concepts/policy/resource-quotas; e2e: [sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a pod',
  },
  async (t) => {
    const ns = await t.namespace();
    const path = `${root(ns)}/resourcequotas/policy`;
    const hard = { pods: '1', 'requests.cpu': '500m' };
    await enforce(t, ns, 'resourcequotas', { hard }, async () => {
      const { status } = (await t.api.get(path)).body;
      return status?.used?.['requests.cpu'] !== undefined;
    });
    await eventually(async () =>
      expect((await tryPod(t, ns)).body.message).toBe(
        'pods "probe" is forbidden: failed quota: policy: must specify requests.cpu for: main',
      ),
    );
    expect((await tryPod(t, ns, withResources({ requests: { cpu: '600m' } }))).body).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'pods "probe" is forbidden: exceeded quota: policy, requested: requests.cpu=600m, used: requests.cpu=0, limited: requests.cpu=500m',
      details: { name: 'probe', kind: 'pods' },
    });
    expect((await tryPod(t, ns, withResources({ requests: { cpu: '500m' } }))).status).toBe(201);
    await t.create(`${root(ns)}/pods`, {
      ...pod('one'),
      spec: { ...podSpec(), ...withResources({ requests: { cpu: '500m' } }) },
    });
    expect((await tryPod(t, ns, withResources({ requests: { cpu: '1m' } }))).body.message).toBe(
      'pods "probe" is forbidden: exceeded quota: policy, requested: pods=1,requests.cpu=1m, used: pods=1,requests.cpu=500m, limited: pods=1,requests.cpu=500m',
    );
  },
);

conformanceCase(
  {
    title: 'never lets creations at the same time overshoot a quota',
    source:
      'concepts/policy/resource-quotas: resources are counted in the order of requests; the quota is a hard limit',
  },
  async (t) => {
    const ns = await t.namespace();
    await enforce(t, ns, 'resourcequotas', { hard: { 'count/secrets': '5' } }, async () => {
      const { status } = (await t.api.get(`${root(ns)}/resourcequotas/policy`)).body;
      return status?.used?.['count/secrets'] !== undefined;
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        t.api.create(`${root(ns)}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: `s-${at}` } }),
      ),
    );
    const made = answers.filter(({ status }) => status === 201).length;
    expect(made).toBeLessThanOrEqual(5);
    expect(made).toBeGreaterThan(0);
    for (const { status } of answers) expect([201, 403, 409]).toContain(status);
    const { body } = await t.api.get(`${root(ns)}/secrets`);
    expect(body.items.length).toBe(made);
  },
);

const security = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value]));
const privileged: Json = { containers: [{ ...podSpec().containers[0], securityContext: { privileged: true } }] };

conformanceCase(
  {
    title: 'refuses pods that the enforced Pod Security level forbids',
    source: 'concepts/security/pod-security-admission; pod-security-standards: baseline',
  },
  async (t) => {
    const ns = await t.namespace(security({ enforce: 'baseline' }));
    expect((await tryPod(t, ns)).status).toBe(201);
    expect((await tryPod(t, ns, { ...privileged, hostPID: true })).body).toMatchObject({
      code: 403,
      message:
        'pods "probe" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true), privileged (container "main" must not set securityContext.privileged=true)',
    });
  },
);

conformanceCase(
  {
    title: 'judges pods by the rules of the version that the namespace names',
    source: 'concepts/security/pod-security-admission: <MODE>-version',
  },
  async (t) => {
    const old = await t.namespace(security({ enforce: 'restricted', 'enforce-version': 'v1.8' }));
    expect((await tryPod(t, old)).body.message).toBe(
      'pods "probe" is forbidden: violates PodSecurity "restricted:v1.8": allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "main" must set securityContext.runAsNonRoot=true)',
    );
    const today = await t.namespace(security({ enforce: 'restricted' }));
    expect((await tryPod(t, today)).body.message).toContain('seccompProfile (pod or container "main" must set');
  },
);

conformanceCase(
  {
    title: 'warns of workloads and of existing pods instead of refusing them',
    source:
      'concepts/security/pod-security-admission: workload resources and Pod templates; pods of a relabelled namespace',
  },
  async (t) => {
    const ns = await t.namespace(security({ warn: 'baseline' }));
    const workload = deployment('d', {
      replicas: 0,
      template: { metadata: { labels: { app: 'd' } }, spec: privileged },
    });
    const made = await t.api.create(`/apis/apps/v1/namespaces/${ns}/deployments`, workload);
    expect(made.status).toBe(201);
    expect([made.headers.warning].flat()[0]).toBe(
      '299 - "would violate PodSecurity \\"baseline:latest\\": privileged (container \\"main\\" must not set securityContext.privileged=true)"',
    );
    await t.create(`${root(ns)}/pods`, { ...pod('a'), spec: { ...podSpec(), ...privileged } });
    await eventually(async () => {
      const labels = security({ enforce: 'baseline' });
      const { headers } = await t.api.patch(
        'merge',
        `/api/v1/namespaces/${ns}`,
        { metadata: { labels } },
        { dryRun: 'All' },
      );
      expect([headers.warning].flat()).toEqual([
        `299 - "existing pods in namespace \\"${ns}\\" violate the new PodSecurity enforce level \\"baseline:latest\\""`,
        '299 - "a: privileged"',
      ]);
    });
  },
);

conformanceCase(
  {
    title: 'lets an account forbid secrets that it does not name',
    source: 'concepts/security/service-accounts: enforce-mountable-secrets annotation',
  },
  async (t) => {
    const ns = await t.namespace();
    const made = await t.api.create(`${root(ns)}/serviceaccounts`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'strict', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } },
      secrets: [{ name: 'mine' }],
    });
    expect([made.headers.warning].flat()[0]).toContain('deprecated in v1.32+');
    const withSecret = (secretName: string): Json => ({
      serviceAccountName: 'strict',
      volumes: [{ name: 'v', secret: { secretName } }],
    });
    await eventually(async () => expect((await tryPod(t, ns, withSecret('mine'))).status).toBe(201));
    expect((await tryPod(t, ns, withSecret('other'))).body.message).toBe(
      'pods "probe" is forbidden: volume with secret.secretName="other" is not allowed because service account strict does not reference that secret',
    );
  },
);

conformanceCase(
  {
    title: 'keeps mirror pods away from what only the server has',
    source: 'tasks/configure-pod-container/static-pod: the spec of a static Pod cannot refer to other API objects',
  },
  async (t) => {
    const ns = await t.namespace();
    const metadata = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
    expect((await tryPod(t, ns, { nodeName: 'n', serviceAccountName: 'default' }, metadata)).body.message).toBe(
      'pods "probe" is forbidden: a mirror pod may not reference service accounts',
    );
    expect((await tryPod(t, ns, {}, metadata)).body).toMatchObject({
      code: 422,
      details: { causes: [{ field: 'metadata.annotations[kubernetes.io/config.mirror]' }] },
    });
  },
);

conformanceCase(
  {
    title: 'keeps the namespaces and priority classes that every cluster has',
    source: 'plugin NamespaceLifecycle; concepts/scheduling-eviction/pod-priority-preemption',
  },
  async ({ api }) => {
    const dry = { dryRun: 'All' };
    for (const name of ['default', 'kube-system', 'kube-public']) {
      expect((await api.delete(`/api/v1/namespaces/${name}`, undefined, dry)).body).toMatchObject({
        code: 403,
        message: `namespaces "${name}" is forbidden: this namespace may not be deleted`,
      });
    }
    const path = '/apis/scheduling.k8s.io/v1/priorityclasses/system-node-critical';
    expect((await api.delete(path, undefined, dry)).body.message).toContain('this is a system priority class');
  },
);

conformanceCase(
  {
    title: 'lets a pod ask for as much as its limits, and its template stay as it was written',
    source: 'concepts/configuration/manage-resources-containers: a limit without a request',
  },
  async (t) => {
    const ns = await t.namespace();
    const spec = withResources({ limits: { cpu: '1' } });
    expect((await tryPod(t, ns, spec)).body.spec.containers[0].resources.requests).toEqual({ cpu: '1' });
    const workload = deployment('d', { replicas: 0, template: { metadata: { labels: { app: 'd' } }, spec } });
    const { body } = await t.api.create(`/apis/apps/v1/namespaces/${ns}/deployments`, workload);
    expect(body.spec.template.spec.containers[0].resources).toEqual({ limits: { cpu: '1' } });
  },
);

conformanceCase(
  {
    title: 'stays five minutes with a lost node, unless the pod says otherwise',
    source: 'concepts/scheduling-eviction/taint-and-toleration: taint based evictions',
  },
  async (t) => {
    const ns = await t.namespace();
    const added = (key: string): Json => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
    expect((await tryPod(t, ns)).body.spec.tolerations).toEqual([
      added('node.kubernetes.io/not-ready'),
      added('node.kubernetes.io/unreachable'),
    ]);
    const all = [{ operator: 'Exists' }];
    expect((await tryPod(t, ns, { tolerations: all })).body.spec.tolerations).toEqual(all);
  },
);

conformanceCase(
  {
    title: 'lets a bound claim grow only where its class allows it',
    source: 'concepts/storage/persistent-volumes: expanding claims; admission plugin PersistentVolumeClaimResize',
  },
  async (t) => {
    const ns = await t.namespace();
    const storageClassName = t.name('manual');
    const capacity = { storage: '1Gi' };
    const accessModes = ['ReadWriteOnce'];
    await t.create('/api/v1/persistentvolumes', {
      metadata: { name: t.name('volume') },
      spec: { storageClassName, capacity, accessModes, hostPath: { path: '/tmp/none' } },
    });
    await t.create(`${root(ns)}/persistentvolumeclaims`, {
      metadata: { name: 'data' },
      spec: { storageClassName, accessModes, resources: { requests: capacity } },
    });
    const path = `${root(ns)}/persistentvolumeclaims/data`;
    await eventually(async () => expect((await t.api.get(path)).body.status.phase).toBe('Bound'));
    const grow = () => t.api.patch('merge', path, { spec: { resources: { requests: { storage: '2Gi' } } } });
    expect((await grow()).body).toMatchObject({
      code: 403,
      message:
        'persistentvolumeclaims "data" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    });
    await t.create('/apis/storage.k8s.io/v1/storageclasses', {
      metadata: { name: storageClassName },
      provisioner: 'example.com/none',
      allowVolumeExpansion: true,
    });
    await eventually(async () => expect((await grow()).status).toBe(200));
  },
);
