import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { harmlessSecretTypes } from './apply-kinds.ts';
import { type ApplyRequest, decideApply } from './decide-apply.ts';
import { baselineControls } from './pod-security/check-baseline.ts';
import { type ManifestPath, printPath } from './read-manifest.ts';

type Manifest = Record<string, unknown>;

const kindOf = (subject: string, isNamespaced = true) => {
  const [group = '', kind = ''] = subject.split('/');
  return { group: group === 'core' ? '' : group, kind, isNamespaced };
};

/** `rule at path` of everything that is refused. */
function refusals(request: Partial<ApplyRequest> & Pick<ApplyRequest, 'kind' | 'object'>): string[] {
  const decision = decideApply({ roles: ['DEVELOPER'], clusterSettings: {}, ...request });
  return decision.ok ? [] : decision.violations.map(({ rule, path }) => `${rule} at ${printPath(path)}`);
}

const innocent = (): Manifest => ({
  metadata: { name: 'web', namespace: 'shop', annotations: { note: 'hostNetwork: true' } },
  spec: {
    hostNetwork: false,
    securityContext: { runAsNonRoot: true, sysctls: [{ name: 'net.ipv4.tcp_syncookies', value: '1' }] },
    serviceAccountName: 'default',
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'tmp', emptyDir: {} },
    ],
    initContainers: [{ name: 'init', image: 'busybox' }],
    containers: [
      {
        name: 'web',
        image: 'nginx',
        ports: [{ containerPort: 80, hostPort: 0 }],
        livenessProbe: { httpGet: { path: '/', port: 80, host: '' } },
        securityContext: {
          privileged: false,
          capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
          seccompProfile: { type: 'RuntimeDefault' },
          procMount: 'Default',
        },
      },
    ],
  },
});

const templated = (pod: Manifest): Manifest => ({
  metadata: { name: 'web', namespace: 'shop' },
  spec: { template: pod },
});

/** Every kind that makes pods, how its manifest holds one, and where. */
const workloads: readonly [string, (pod: Manifest) => Manifest, string][] = [
  ['core/Pod', (pod) => pod, ''],
  ['apps/Deployment', templated, 'spec.template.'],
  ['apps/StatefulSet', templated, 'spec.template.'],
  ['apps/DaemonSet', templated, 'spec.template.'],
  ['apps/ReplicaSet', templated, 'spec.template.'],
  ['batch/Job', templated, 'spec.template.'],
  [
    'batch/CronJob',
    (pod) => ({ spec: { jobTemplate: { spec: { template: pod } } } }),
    'spec.jobTemplate.spec.template.',
  ],
  ['apps.kruise.io/CloneSet', templated, 'spec.template.'],
];

/** Puts a value into a copy of an object; lists grow as needed. */
function put(object: Manifest, path: ManifestPath, value: unknown): Manifest {
  const copy = structuredClone(object);
  let at: Record<string | number, unknown> = copy;
  path.forEach((key, index) => {
    if (index === path.length - 1) at[key] = value;
    else {
      at[key] ??= typeof path[index + 1] === 'number' ? [] : {};
      at = at[key] as Record<string | number, unknown>;
    }
  });
  return copy;
}

/** Places of a pod, with what breaks a control there and what does not. */
const podPlaces: readonly [string, ManifestPath, readonly unknown[], readonly unknown[]][] = [
  ['hostNamespaces', ['spec', 'hostNetwork'], [true, 'true', 1], [false, null]],
  ['hostNamespaces', ['spec', 'hostPID'], [true], [false, null]],
  ['hostNamespaces', ['spec', 'hostIPC'], [true], [false, null]],
  ['hostPathVolumes', ['spec', 'volumes', 0, 'hostPath'], [{ path: '/' }, {}, '/'], [null]],
  [
    'seLinuxOptions',
    ['spec', 'securityContext', 'seLinuxOptions', 'type'],
    ['spc_t'],
    ['container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t', '', null],
  ],
  ['seLinuxOptions', ['spec', 'securityContext', 'seLinuxOptions', 'user'], ['system_u'], ['', null]],
  ['seLinuxOptions', ['spec', 'securityContext', 'seLinuxOptions', 'role'], ['system_r'], ['', null]],
  [
    'seccompProfile_baseline',
    ['spec', 'securityContext', 'seccompProfile', 'type'],
    ['Unconfined', 'unconfined', ''],
    ['RuntimeDefault', 'Localhost', null],
  ],
  [
    'seccompProfile_baseline',
    ['metadata', 'annotations', 'seccomp.security.alpha.kubernetes.io/pod'],
    ['unconfined', ''],
    ['runtime/default', 'docker/default', 'localhost/x'],
  ],
  [
    'seccompProfile_baseline',
    ['metadata', 'annotations', 'container.seccomp.security.alpha.kubernetes.io/web'],
    ['unconfined'],
    ['runtime/default', 'localhost/x'],
  ],
  [
    'appArmorProfile',
    ['spec', 'securityContext', 'appArmorProfile', 'type'],
    ['Unconfined'],
    ['RuntimeDefault', 'Localhost', null],
  ],
  [
    'appArmorProfile',
    ['metadata', 'annotations', 'container.apparmor.security.beta.kubernetes.io/web'],
    ['unconfined'],
    ['runtime/default', 'localhost/x', ''],
  ],
  [
    'sysctls',
    ['spec', 'securityContext', 'sysctls', 0, 'name'],
    ['kernel.msgmax', 'net/ipv4/tcp_syncookies', null],
    ['kernel.shm_rmid_forced', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_keepalive_time'],
  ],
  ['windowsHostProcess', ['spec', 'securityContext', 'windowsOptions', 'hostProcess'], [true], [false, null]],
  ['serviceAccount', ['spec', 'serviceAccountName'], ['admin', 'Default'], ['default', '', null]],
  ['serviceAccount', ['spec', 'serviceAccount'], ['admin'], ['default', '', null]],
];

/** The same for containers, of whichever list. */
const containerPlaces: readonly [string, ManifestPath, readonly unknown[], readonly unknown[]][] = [
  ['privileged', ['securityContext', 'privileged'], [true, 'true', 1], [false, null]],
  [
    'capabilities_baseline',
    ['securityContext', 'capabilities', 'add', 0],
    ['NET_ADMIN', 'SYS_ADMIN', 'NET_RAW', 'ALL', 'CAP_CHOWN', 'chown', null],
    [
      'AUDIT_WRITE',
      'CHOWN',
      'DAC_OVERRIDE',
      'FOWNER',
      'FSETID',
      'KILL',
      'MKNOD',
      'NET_BIND_SERVICE',
      'SETFCAP',
      'SETGID',
      'SETPCAP',
      'SETUID',
      'SYS_CHROOT',
    ],
  ],
  ['hostPorts', ['ports', 0, 'hostPort'], [80, '80'], [0, null]],
  ['hostProbesAndHostLifecycle', ['livenessProbe', 'httpGet', 'host'], ['169.254.169.254'], ['', null]],
  ['hostProbesAndHostLifecycle', ['readinessProbe', 'tcpSocket', 'host'], ['127.0.0.1'], ['', null]],
  ['hostProbesAndHostLifecycle', ['startupProbe', 'httpGet', 'host'], ['x'], ['', null]],
  ['hostProbesAndHostLifecycle', ['lifecycle', 'postStart', 'httpGet', 'host'], ['x'], ['', null]],
  ['hostProbesAndHostLifecycle', ['lifecycle', 'preStop', 'tcpSocket', 'host'], ['x'], ['', null]],
  ['seLinuxOptions', ['securityContext', 'seLinuxOptions', 'type'], ['spc_t'], ['container_t', '']],
  ['procMount', ['securityContext', 'procMount'], ['Unmasked'], ['Default', null]],
  [
    'seccompProfile_baseline',
    ['securityContext', 'seccompProfile', 'type'],
    ['Unconfined'],
    ['RuntimeDefault', 'Localhost'],
  ],
  ['appArmorProfile', ['securityContext', 'appArmorProfile', 'type'], ['Unconfined'], ['RuntimeDefault', 'Localhost']],
  ['windowsHostProcess', ['securityContext', 'windowsOptions', 'hostProcess'], [true], [false, null]],
];

const allPlaces = [
  ...podPlaces,
  ...['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
    containerPlaces.map(([rule, path, bad, good]): (typeof podPlaces)[number] => [
      rule,
      ['spec', list, 0, ...path],
      bad,
      good,
    ]),
  ),
];

describe('decideApply on pods', () => {
  it.each(workloads)('takes an innocent %s', (subject, wrap) => {
    expect(refusals({ kind: kindOf(subject), object: wrap(innocent()) })).toEqual([]);
  });

  it.each(
    allPlaces.map(([rule, path, bad, good]) => ({ rule, place: printPath(path), path, bad, good })),
  )('holds $rule at $place in every kind, whole or in part', ({ rule, path, bad, good }) => {
    for (const [subject, wrap, prefix] of workloads) {
      // A part alone is what server-side apply sends; it says nothing of containers.
      for (const base of [innocent(), {}]) {
        for (const value of bad) {
          const object = wrap(put(base, path, value));
          expect(refusals({ kind: kindOf(subject), object })).toEqual([`${rule} at ${prefix}${printPath(path)}`]);
        }
        for (const value of good) {
          expect(refusals({ kind: kindOf(subject), object: wrap(put(base, path, value)) })).toEqual([]);
        }
      }
    }
  });

  it('has a refused case for every control', () => {
    const tested = new Set(allPlaces.map(([rule]) => rule));
    expect(baselineControls.map((control) => control.name).filter((name) => !tested.has(name))).toEqual([]);
  });

  it('does not take hostUsers for a licence to unmask /proc (refused)', () => {
    const object = put(
      put(innocent(), ['spec', 'hostUsers'], false),
      ['spec', 'containers', 0, 'securityContext', 'procMount'],
      'Unmasked',
    );
    expect(refusals({ kind: kindOf('core/Pod'), object })).toHaveLength(1);
  });

  it('finds a pod wherever a kind it does not know keeps one (refused)', () => {
    const pod = put(innocent(), ['spec', 'containers', 0, 'securityContext', 'privileged'], true);
    const united = { spec: { template: { statefulSetTemplate: { spec: { template: pod } } } } };
    const clusterSettings = { applyKinds: ['apps.kruise.io/UnitedDeployment'] };
    const kind = kindOf('apps.kruise.io/UnitedDeployment');
    const prefix = 'spec.template.statefulSetTemplate.spec.template.spec';
    expect(refusals({ kind, object: united, clusterSettings })).toEqual([
      `privileged at ${prefix}.containers[0].securityContext.privileged`,
    ]);
    const listed = { spec: { sets: [{ podSpec: { hostPID: true } }, { serviceAccountName: 'admin' }] } };
    expect(refusals({ kind, object: listed, clusterSettings })).toEqual([
      'hostNamespaces at spec.sets[0].podSpec.hostPID',
      'serviceAccount at spec.sets[1].serviceAccountName',
    ]);
    const labels = {
      metadata: { labels: { serviceAccount: 'x' } },
      spec: { selector: { matchLabels: { hostPID: 'x' } } },
    };
    expect(refusals({ kind, object: labels, clusterSettings })).toEqual([]);
  });

  it('refuses what it cannot look through (refused)', () => {
    let object: Manifest = { hostPID: true };
    for (let depth = 0; depth < 100; depth += 1) object = { nested: object };
    const clusterSettings = { applyKinds: ['example.com/Deep'] };
    expect(refusals({ kind: kindOf('example.com/Deep'), object, clusterSettings })).toEqual(['depth at ']);
  });

  it('lets pods run as the service accounts that the cluster lists for the role, and no others', () => {
    const object = put(innocent(), ['spec', 'serviceAccountName'], 'builder');
    const listed = (serviceAccounts: ApplyRequest['clusterSettings']['serviceAccounts']) =>
      refusals({ kind: kindOf('core/Pod'), object, clusterSettings: { serviceAccounts } });
    expect(listed({ DEVELOPER: ['builder'] })).toEqual([]);
    expect(listed({ ADMIN: ['builder'] })).toEqual(['serviceAccount at spec.serviceAccountName']);
    expect(listed({ DEVELOPER: [] })).toEqual(['serviceAccount at spec.serviceAccountName']);
  });

  it('finds every breach that is put into an innocent workload, and only those', () => {
    const breach = fc
      .constantFrom(...allPlaces)
      .chain(([rule, path, bad]) => fc.constantFrom(...bad).map((value) => ({ rule, path, value })));
    fc.assert(
      fc.property(
        fc.constantFrom(...workloads),
        fc.uniqueArray(breach, { selector: ({ path }) => printPath(path), maxLength: 6 }),
        ([subject, wrap, prefix], breaches) => {
          // Two breaches of one volume or list item would be one place.
          const pod = breaches.reduce((object, { path, value }) => put(object, path, value), innocent());
          const expected = breaches.map(({ rule, path }) => `${rule} at ${prefix}${printPath(path)}`);
          expect(refusals({ kind: kindOf(subject), object: wrap(pod) }).toSorted()).toEqual(expected.toSorted());
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never fails, whatever a manifest holds', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...workloads),
        fc.object({
          maxDepth: 6,
          key: fc.constantFrom(
            'spec',
            'template',
            'containers',
            'securityContext',
            'volumes',
            'metadata',
            'annotations',
            '__proto__',
            'ports',
          ),
        }),
        ([subject], object) => {
          expect(
            decideApply({ roles: ['DEVELOPER'], kind: kindOf(subject), object, clusterSettings: {} }),
          ).toHaveProperty('ok');
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('decideApply on kinds', () => {
  it.each([
    'core/Namespace',
    'core/Node',
    'core/PersistentVolume',
    'core/ServiceAccount',
    'core/ResourceQuota',
    'core/ReplicationController',
    'rbac.authorization.k8s.io/Role',
    'rbac.authorization.k8s.io/RoleBinding',
    'rbac.authorization.k8s.io/ClusterRoleBinding',
    'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    'apiextensions.k8s.io/CustomResourceDefinition',
    'apiregistration.k8s.io/APIService',
    'certificates.k8s.io/CertificateSigningRequest',
    'networking.k8s.io/IngressClass',
    'storage.k8s.io/StorageClass',
    'evil.io/Deployment',
    'apps/Pod',
  ])('lets no developer apply %s (refused)', (subject) => {
    expect(refusals({ kind: kindOf(subject), object: {} })).toEqual(['kind at kind']);
    expect(decideApply({ roles: ['ADMIN'], kind: kindOf(subject), object: {}, clusterSettings: {} })).toEqual({
      ok: true,
    });
  });

  it('takes the kinds that the cluster lists instead of its own', () => {
    const clusterSettings = { applyKinds: ['Service', 'networking.k8s.io/IngressClass'] };
    expect(refusals({ kind: kindOf('core/Service'), object: {}, clusterSettings })).toEqual([]);
    expect(refusals({ kind: kindOf('networking.k8s.io/IngressClass'), object: {}, clusterSettings })).toEqual([]);
    expect(refusals({ kind: kindOf('apps/Deployment'), object: {}, clusterSettings })).toEqual(['kind at kind']);
  });

  it.each([
    'ServiceAccount',
    'rbac.authorization.k8s.io/RoleBinding',
    'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  ])('opens %s to developers by no setting (refused)', (kindName) => {
    const subject = kindName.includes('/') ? kindName : `core/${kindName}`;
    expect(refusals({ kind: kindOf(subject), object: {}, clusterSettings: { applyKinds: [kindName] } })).toEqual([
      'kind at kind',
    ]);
  });

  it('takes nothing that lies in no namespace (refused)', () => {
    const clusterSettings = { applyKinds: ['example.com/Fleet'] };
    expect(refusals({ kind: kindOf('example.com/Fleet', false), object: {}, clusterSettings })).toEqual([
      'namespaced at kind',
    ]);
  });

  it('takes nothing from who has no role (refused)', () => {
    expect(refusals({ roles: [], kind: kindOf('core/Service'), object: {} })).toEqual(['kind at kind']);
  });

  it.each([null, 'text', 1, ['list']])('takes no manifest that is %j (refused)', (object) => {
    expect(refusals({ kind: kindOf('apps/Deployment'), object })).toEqual(['manifest at ']);
  });

  it.each([undefined, null, '', ...harmlessSecretTypes])('takes a Secret of type %s', (type) => {
    expect(refusals({ kind: kindOf('core/Secret'), object: { type, data: { hostPath: 'eA==' } } })).toEqual([]);
  });

  it.each([
    'kubernetes.io/service-account-token',
    'bootstrap.kubernetes.io/token',
    'helm.sh/release.v1',
    'opaque',
    7,
  ])('takes no Secret of type %s (refused)', (type) => {
    expect(refusals({ kind: kindOf('core/Secret'), object: { type } })).toEqual(['secretType at type']);
  });

  it('takes no Secret that names a service account (refused)', () => {
    const object = { metadata: { annotations: { 'kubernetes.io/service-account.name': 'admin' } } };
    expect(refusals({ kind: kindOf('core/Secret'), object })).toEqual([
      'secretType at metadata.annotations["kubernetes.io/service-account.name"]',
    ]);
  });

  it('takes a Service, but not one with external addresses (refused)', () => {
    const service = (spec: object) => refusals({ kind: kindOf('core/Service'), object: { spec } });
    expect(service({ type: 'LoadBalancer', externalIPs: [] })).toEqual([]);
    expect(service({ externalIPs: ['10.0.0.1'] })).toEqual(['externalIPs at spec.externalIPs[0]']);
  });

  it('takes a load balancer, but none that asks for addresses or brings parameters (refused, NET-15)', () => {
    const gateway = (spec: object) => refusals({ kind: kindOf('gateway.networking.k8s.io/Gateway'), object: { spec } });
    const plain = { gatewayClassName: 'edge', listeners: [{ name: 'web', port: 80, protocol: 'HTTP' }] };
    expect(gateway({ ...plain, infrastructure: { annotations: { a: 'b' } } })).toEqual([]);
    expect(gateway({ ...plain, addresses: [{ value: '10.0.0.1' }] })).toEqual([
      'gatewayAddresses at spec.addresses[0]',
    ]);
    expect(gateway({ infrastructure: { parametersRef: { group: 'a.b', kind: 'Proxy', name: 'p' } } })).toEqual([
      'gatewayParameters at spec.infrastructure.parametersRef',
    ]);
  });

  it('says where, what is expected and what came', () => {
    const object = put(innocent(), ['spec', 'containers', 0, 'securityContext', 'capabilities', 'add', 0], 'SYS_ADMIN');
    const decision = decideApply({ roles: ['DEVELOPER'], kind: kindOf('core/Pod'), object, clusterSettings: {} });
    expect(decision).toMatchInlineSnapshot(`
      {
        "ok": false,
        "violations": [
          {
            "message": "spec.containers[0].securityContext.capabilities.add[0] must be a capability that every container has, got "SYS_ADMIN"",
            "path": [
              "spec",
              "containers",
              0,
              "securityContext",
              "capabilities",
              "add",
              0,
            ],
            "rule": "capabilities_baseline",
          },
        ],
      }
    `);
  });
});
