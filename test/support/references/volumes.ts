import { type Attempt, inUse, type Make, type Picks } from './attempt.ts';
import { cluster, freeName, idOf, type Model, namespace, ofSort, pick, type Thing, thing } from './model.ts';

const claimId = (name: string): string => idOf('', 'PersistentVolumeClaim', name);

/** Every second one makes volumes only once a pod wants them. */
export const makeClass: Make = (model, [mode]) => {
  const name = freeName(model, 'class');
  const volumeBindingMode = mode % 2 === 0 ? 'IMMEDIATE' : 'WAIT_FOR_FIRST_CONSUMER';
  return {
    mutation: 'createStorageClass',
    input: { cluster, name, provisioner: 'disk.embedded.longshore.dev', volumeBindingMode },
    fields: 'storageClass { id }',
    done: () =>
      model.add(
        thing('class', name, idOf('storage.k8s.io', 'StorageClass', name, ''), { facts: { volumeBindingMode } })(),
      ),
  };
};

const classOf = (claim: Thing): Thing | undefined => [...claim.needs].find(({ sort }) => sort === 'class');

/** Whether its volume is there: at once, or with the first pod that mounts it. Once it is, it needs its source no more. */
export function isBound(model: Model, claim: Thing): boolean {
  return claim.facts.wasMounted === 'true' || isMade(claim) || podsOf(model, claim).length > 0;
}

const isMade = (claim: Thing): boolean => classOf(claim)?.facts.volumeBindingMode === 'IMMEDIATE';

const podsOf = (model: Model, claim: Thing): Thing[] =>
  ofSort(model, 'pod', 'deployment').filter(({ needs }) => needs.has(claim));

/** What has a volume keeps it, and needs its source no more. */
export function markMounted(model: Model): void {
  for (const claim of ofSort(model, 'claim', 'disk')) {
    if (!isBound(model, claim)) continue;
    claim.facts.wasMounted = 'true';
    for (const source of claim.needs)
      if (source.sort === 'snapshot' || source.sort === 'disk') claim.needs.delete(source);
  }
}

export const makeClaim: Make = (model, [which]) => {
  const storageClass = pick(ofSort(model, 'class'), which);
  if (!storageClass) return { lacks: 'class' };
  const name = freeName(model, 'claim');
  return {
    mutation: 'createPersistentVolumeClaim',
    input: { cluster, namespace, name, size: '1Gi', storageClass: storageClass.name },
    fields: 'persistentVolumeClaim { id }',
    done: () => model.add(thing('claim', name, claimId(name))(storageClass)),
  };
};

/** Empty, or from a snapshot. */
export const makeDisk: Make = (model, [which, from]) => {
  const storageClass = pick(ofSort(model, 'class'), which);
  if (!storageClass) return { lacks: 'class' };
  const name = freeName(model, 'disk');
  const snapshot = from % 2 === 0 ? pick(ofSort(model, 'snapshot'), from >> 1) : undefined;
  const source = snapshot ? { snapshotId: snapshot.id } : {};
  return {
    mutation: 'createDisk',
    input: { cluster, namespace, name, sizeGib: 1, storageClass: storageClass.name, ...source },
    fields: 'claim { id }',
    done: () => model.add(thing('disk', name, claimId(name))(storageClass, snapshot)),
  };
};

/** What stands against working on a disk: who mounts it, or that there is no volume yet. */
function againstWork(model: Model, disk: Thing): Pick<Attempt, 'against'> {
  const users = podsOf(model, disk);
  if (users.length > 0) return { against: inUse(users) };
  return isBound(model, disk) ? {} : { against: { code: 'PRECONDITION_FAILED' } };
}

export const makeSnapshot: Make = (model, [which]) => {
  const disk = pick(ofSort(model, 'disk'), which);
  if (!disk) return { lacks: 'disk' };
  const name = freeName(model, 'snapshot');
  return {
    mutation: 'createVolumeSnapshot',
    input: { diskId: disk.id, name },
    fields: 'volumeSnapshot { id }',
    ...againstWork(model, disk),
    done: () => model.add(thing('snapshot', name, idOf('snapshot.storage.k8s.io', 'VolumeSnapshot', name))()),
  };
};

export function cloneDisk(model: Model, [which]: Picks): Attempt | undefined {
  const disk = pick(ofSort(model, 'disk'), which);
  if (!disk) return undefined;
  const name = freeName(model, 'disk');
  return {
    mutation: 'cloneDisk',
    input: { id: disk.id, name },
    fields: 'claim { id }',
    ...againstWork(model, disk),
    done: () => model.add(thing('disk', name, claimId(name))(classOf(disk), disk)),
  };
}

/** A volume stays while its claim is there, whatever the road. */
export function deleteVolume(model: Model, volumeOf: (claim: string) => string | undefined, [which]: Picks) {
  const claim = pick(ofSort(model, 'claim', 'disk'), which);
  const volume = claim && volumeOf(claim.name);
  if (!claim || volume === undefined) return undefined;
  return {
    mutation: 'deletePersistentVolume',
    input: { id: idOf('', 'PersistentVolume', volume, '') },
    fields: 'id',
    against: { inUse: [claim] },
    done: () => undefined,
  } satisfies Attempt;
}

/** A pod, or a Deployment of one, in a subnet and with a volume, or without. */
function makeUser(sort: 'pod' | 'deployment'): Make {
  return (model, [claimNumber, subnetNumber, withWhat]) => {
    const claim = withWhat % 4 === 0 ? undefined : pick(ofSort(model, 'claim', 'disk'), claimNumber);
    const subnet = withWhat % 3 === 0 ? undefined : pick(ofSort(model, 'subnet'), subnetNumber);
    const name = freeName(model, sort);
    const volumes = claim ? [{ name: 'data', source: { persistentVolumeClaim: { claimName: claim.name } } }] : [];
    const volumeMounts = claim ? [{ name: 'data', mountPath: '/data' }] : [];
    const annotations = subnet ? [{ key: 'ovn.kubernetes.io/logical_switch', value: subnet.facts.object ?? '' }] : [];
    const labels = [{ key: 'of', value: name }];
    const container = { name: 'main', image: 'registry.local/proof:1', volumeMounts };
    const isTaken = claim?.sort === 'disk' && podsOf(model, claim).length > 0;
    const [group, kind] = sort === 'pod' ? ['', 'Pod'] : ['apps', 'Deployment'];
    return {
      mutation: 'createWorkload',
      input: {
        cluster,
        namespace,
        name,
        kind: sort === 'pod' ? { pod: {} } : { deployment: { replicas: 1, strategy: { type: 'RECREATE' } } },
        template: { containers: [container], volumes, annotations, labels },
        acknowledge: ['ALL_PODS_UNAVAILABLE', 'DATA_LOST_WITH_NODE'],
      },
      fields: 'workload { id } pod { id }',
      ...(isTaken ? { against: { code: 'VALIDATION' } } : {}),
      done: () => model.add(thing(sort, name, idOf(group as string, kind as string, name))(claim, subnet)),
    };
  };
}

export const makePod = makeUser('pod');
export const makeDeployment = makeUser('deployment');
