import { systemPrincipal } from 'longshore/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../../../src/embedded/start-embedded-cluster.ts';
import { silentLogger } from '../../../../src/kernel/logger.ts';
import { createClusters } from '../../../../src/kube/create-clusters.ts';
import { until } from '../../../../test/support/until.ts';
import { computePlugin } from '../../../compute/plugin.ts';
import { podTemplates } from '../../../compute/services/pod-templates.ts';
import { corePlugin } from '../../../core/plugin.ts';
import { callCluster } from '../../../core/testing/call-cluster.ts';
import { type ReleaseTarget, serviceIdAnnotation, serviceLabel, unitLabel } from '../../engines/engine.ts';
import { type PreflightContext, preflight } from './preflight.ts';

const stack = new AsyncDisposableStack();
let cluster: EmbeddedCluster;
let context: PreflightContext;

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'main', controllers: false }));
  for (const unit of ['east', 'west']) {
    create('nodes', {
      metadata: { name: `node-${unit}`, labels: { unit } },
      status: {
        allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    });
  }
  create('namespaces', { metadata: { name: 'shop' } });
  create('serviceaccounts', { metadata: { name: 'default', namespace: 'shop' } });
  const clusters = createClusters({
    clusters: [{ name: 'main', isEmbedded: true, source: { kubeconfigText: cluster.kubeconfig } }],
    kinds: [...(corePlugin.kinds ?? []), ...(computePlugin.kinds ?? [])],
    logger: silentLogger,
  });
  stack.defer(() => clusters.stop());
  await clusters.whenSettled(20_000);
  const main = clusters.get('main');
  if (!main) throw new Error('it was made above');
  context = {
    cluster: main,
    reader: main.reader(systemPrincipal),
    writer: main.writer(systemPrincipal, { reason: 'tests' }),
    mayRead: () => true,
    podTemplates,
    images: undefined,
    deployment: { grouping: 'FAST', minGroups: 1, betaGroup: false },
    engine: 'DEPLOYMENT_PAIR',
    replacedBecause: [],
  };
});
afterAll(() => stack.disposeAsync());

function create(plural: string, object: object, group = ''): void {
  cluster.store.create(cluster.store.resource(group, plural), object as never);
}

const web = { name: 'web', image: 'acme/web:1', resources: { requests: { cpu: '500m', memory: '1Gi' } } };

function target(more: Partial<ReleaseTarget> & { readonly spec?: object } = {}): ReleaseTarget {
  const { spec = {}, ...rest } = more;
  return {
    cluster: 'main',
    namespace: 'shop',
    service: 'web',
    serviceId: 'an-id',
    versionId: 'a-version',
    isStateful: false,
    upgradeMode: 'REPLACE',
    template: { metadata: { labels: { [serviceLabel]: 'web' } }, spec: { containers: [web], ...spec } },
    volumeClaimTemplates: [],
    labels: { [serviceLabel]: 'web' },
    maxUnavailable: '25%',
    units: ['east', 'west'].map((unit) => ({ unit, workload: `web--${unit}`, replicas: 2, nodeSelector: { unit } })),
    ...rest,
  };
}

const found = async (given: ReleaseTarget, more: Partial<PreflightContext> = {}) =>
  (await preflight(given, null, { ...context, ...more })).map(({ severity, code, unit }) =>
    [severity, code, ...(unit ? [unit] : [])].join(' '),
  );

/** Reads of a request are remembered for it: each question is a new one. */
const again = (): Partial<PreflightContext> => ({
  reader: (context.cluster as never as Whole).reader(systemPrincipal),
});
type Whole = { reader(principal: typeof systemPrincipal): PreflightContext['reader'] };

describe('a pre-flight on a cluster (REL-18)', () => {
  it('finds nothing against what fits, and writes nothing', async () => {
    const before = cluster.requests.count(({ method, query }) => method !== 'GET' && !query.includes('dryRun=All'));
    // Once the caches have begun to answer.
    await until(async () => expect(await found(target(), again())).toEqual([]));
    expect(cluster.requests.count(({ method, query }) => method !== 'GET' && !query.includes('dryRun=All'))).toBe(
      before,
    );
  });

  it('tells for each unit whether its nodes have room, and which has no nodes', async () => {
    const [east, west] = target().units;
    if (!east || !west) throw new Error('there are two');
    expect(await found(target({ units: [{ ...east, replicas: 9 }, west] }))).toEqual(['WARNING NO_ROOM east']);
    const nowhere = { ...west, unit: 'north', nodeSelector: { unit: 'north' } };
    expect(await found(target({ units: [east, nowhere] }))).toEqual(['ERROR UNIT_WITHOUT_NODES north']);
  });

  it('names all that its pods need and that is not there', async () => {
    const spec = {
      containers: [{ ...web, envFrom: [{ configMapRef: { name: 'absent' } }] }],
      serviceAccountName: 'nobody',
      imagePullSecrets: [{ name: 'no-key' }],
      volumes: [{ name: 'disk', persistentVolumeClaim: { claimName: 'no-disk' } }],
    };
    const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: { storageClassName: 'no-class' } }];
    const findings = await preflight(target({ spec, volumeClaimTemplates }), null, context);
    const missing = findings.filter(({ code }) => code === 'REFERENCE_MISSING').map(({ message }) => message);
    for (const name of ['absent', 'nobody', 'no-key', 'no-disk', 'no-class']) {
      expect(missing.some((message) => message.includes(`'${name}'`))).toBe(true);
    }
    expect(missing).toHaveLength(5);
  });

  it('asks the cluster itself about a pod: what its schema refuses is told in its words', async () => {
    const spec = { containers: [{ ...web, imagePullPolicy: 'Sometimes' }] };
    const findings = await preflight(target({ spec }), null, context);
    expect(findings).toMatchObject([{ severity: 'ERROR', code: 'REFUSED_BY_CLUSTER' }]);
    expect(findings[0]?.message).toContain('Sometimes');
  });

  it('asks registries where somebody can, and says nothing where nobody knows', async () => {
    const images = { check: async (image: string) => (image === 'acme/web:1' ? 'MISSING' : 'UNKNOWN') } as const;
    expect(await found(target(), { images })).toEqual(['ERROR IMAGE_MISSING']);
    expect(await found(target({ spec: { containers: [{ ...web, image: 'acme/other:1' }] } }), { images })).toEqual([]);
  });

  it('counts what the namespace has left, with the surge of a pair (CMP-33)', async () => {
    const quotas = cluster.store.resource('', 'resourcequotas');
    const hard = { pods: '3' };
    create('resourcequotas', { metadata: { name: 'limits', namespace: 'shop' }, spec: { hard } });
    const made = cluster.store.get(quotas, 'shop', 'limits');
    cluster.store.updateStatus(quotas, { ...made, status: { hard, used: { pods: '0' } } } as never);
    await until(async () => expect(await found(target(), again())).toEqual(['ERROR QUOTA_EXCEEDED']));
    const [finding] = await preflight(target(), null, { ...context, ...again() });
    expect(finding?.message).toContain('1 are missing');
    expect(finding?.subjectId).toBeDefined();
    cluster.store.delete(quotas, 'shop', 'limits');
    await until(async () => expect(await found(target(), again())).toEqual([]));
  });

  it('sees who else has a hand in its workloads, and who has their names', async () => {
    const labels = { [serviceLabel]: 'web', [unitLabel]: 'east' };
    const selector = { matchLabels: { [serviceLabel]: 'web' } };
    const template = {
      metadata: { labels: selector.matchLabels },
      spec: { containers: [{ ...web, image: 'acme/web:0' }] },
    };
    // By somebody else's hand, past the gateway.
    await callCluster(cluster, 'POST', '/apis/apps/v1/namespaces/shop/deployments', {
      metadata: { name: 'web--east', namespace: 'shop', labels, annotations: { [serviceIdAnnotation]: 'an-id' } },
      spec: { selector, template },
    });
    create('deployments', { metadata: { name: 'web--west', namespace: 'shop' }, spec: { selector, template } }, 'apps');
    create(
      'horizontalpodautoscalers',
      {
        metadata: { name: 'busy', namespace: 'shop' },
        spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web--east' }, maxReplicas: 9 },
      },
      'autoscaling',
    );
    await until(async () =>
      expect(await found(target(), again())).toEqual([
        'ERROR NAME_TAKEN',
        'ERROR SCALER_CANNOT_FOLLOW',
        'WARNING OWNED_ELSEWHERE',
      ]),
    );
    const owned = (await preflight(target(), null, { ...context, ...again() })).at(-1);
    expect(owned?.message).toMatch(/^kubectl has written/);
  });

  it('puts no pod where it would not reach its volume (REL-18)', async () => {
    const nodeAffinity = {
      required: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'unit', operator: 'In', values: ['east'] }] }],
      },
    };
    create('persistentvolumes', {
      metadata: { name: 'in-east' },
      spec: {
        ...{ capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], nodeAffinity },
        csi: { driver: 'disks.example', volumeHandle: 'one' },
      },
    });
    create('persistentvolumeclaims', {
      metadata: { name: 'disk', namespace: 'shop' },
      spec: {
        ...{ volumeName: 'in-east', storageClassName: '', accessModes: ['ReadWriteOnce'] },
        resources: { requests: { storage: '1Gi' } },
      },
    });
    const spec = { volumes: [{ name: 'disk', persistentVolumeClaim: { claimName: 'disk' } }] };
    const volumes = async () =>
      (await found(target({ spec }), again())).filter((each) => each.includes('VOLUME') || each.includes('REFERENCE'));
    await until(async () => expect(await volumes()).toEqual(['ERROR VOLUME_OUT_OF_REACH west']));
  });

  it('asks the cluster a few times, however many pods and nodes there are', async () => {
    const count = async () => {
      const before = cluster.requests.count(() => true);
      await preflight(target(), null, { ...context, ...again() });
      return cluster.requests.count(() => true) - before;
    };
    const few = await count();
    for (let index = 0; index < 60; index += 1) {
      create('pods', {
        metadata: { name: `p-${index}`, namespace: 'shop', labels: { [serviceLabel]: 'web', [unitLabel]: 'east' } },
        spec: { nodeName: 'node-east', containers: [web] },
      });
    }
    await until(async () => expect(await found(target(), again())).toContain('WARNING NO_ROOM east'));
    expect(await count()).toBe(few);
    expect(few).toBeLessThanOrEqual(6);
  });
});
