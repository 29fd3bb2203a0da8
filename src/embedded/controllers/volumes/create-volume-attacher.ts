import { createHash } from 'node:crypto';
import type { ClusterObject } from '../../store/types.ts';
import type { ClusterContext } from '../cluster-context.ts';
import { type Controller, keysByResource } from '../controller.ts';
import { createObjectIndex } from '../create-object-index.ts';
import { createKindClient } from '../kind-client.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from '../kubernetes-shapes.ts';
import { claimsOf } from '../pod-claims.ts';
import { isFinished } from '../pod-state.ts';

const component = 'attachdetach-controller';

interface VolumeAttachment extends ClusterObject {
  readonly spec: {
    readonly attacher: string;
    readonly nodeName: string;
    readonly source: { readonly persistentVolumeName?: string };
  };
  readonly status?: { readonly attached: boolean };
}

/**
 * Attaches the volumes of CSI drivers to the nodes of the pods that use them, and detaches what nobody uses there any
 * more. A volume for one node alone is not attached to a second one before it has left the first.
 */
export function createVolumeAttacher(context: ClusterContext): Controller {
  const { store, events } = context;
  const manager = 'kube-controller-manager';
  const nodes = createKindClient<Node>(store, manager, '', 'nodes');
  const claims = createKindClient<PersistentVolumeClaim>(store, manager, '', 'persistentvolumeclaims');
  const volumes = createKindClient<PersistentVolume>(store, manager, '', 'persistentvolumes');
  const attachments = createKindClient<VolumeAttachment>(store, manager, 'storage.k8s.io', 'volumeattachments');
  const byVolume = createObjectIndex<VolumeAttachment>(store, attachments.resource, ({ spec }) => [
    `volume|${spec.source.persistentVolumeName ?? ''}`,
    `node|${spec.nodeName}`,
  ]);

  /** Pods that hold the volume, on whatever node. */
  function usersOf(volume: PersistentVolume): readonly Pod[] {
    const { namespace, name } = volume.spec.claimRef ?? {};
    if (name === undefined || volume.status?.phase !== 'Bound') return [];
    return context.podIndex
      .claiming(namespace, name)
      .filter((pod) => (pod.spec.nodeName ?? '') !== '' && !isFinished(pod));
  }

  function attach(volume: PersistentVolume, node: string): void {
    const { driver = '', volumeHandle = '' } = volume.spec.csi ?? {};
    const hash = createHash('sha256').update(`${volumeHandle}${driver}${node}`).digest('hex');
    const created = attachments.create({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttachment',
      metadata: { name: `csi-${hash}` },
      spec: { attacher: driver, nodeName: node, source: { persistentVolumeName: volume.metadata.name } },
    });
    attachments.updateStatus(created, { attached: true });
    for (const pod of usersOf(volume).filter(({ spec }) => spec.nodeName === node)) {
      const message = `AttachVolume.Attach succeeded for volume "${volume.metadata.name}" `;
      events.record(pod, { type: 'Normal', reason: 'SuccessfulAttachVolume', message, component });
    }
  }

  function refuse(volume: PersistentVolume, node: string, elsewhere: readonly Pod[]): void {
    const names = elsewhere.map(({ metadata }) => metadata.name).join(', ');
    const why =
      names === ''
        ? "Volume is already exclusively attached to one node and can't be attached to another"
        : `Volume is already used by pod(s) ${names}`;
    for (const pod of usersOf(volume).filter(({ spec }) => spec.nodeName === node)) {
      const message = `Multi-Attach error for volume "${volume.metadata.name}" ${why}`;
      events.record(pod, { type: 'Warning', reason: 'FailedAttachVolume', message, component });
    }
  }

  function syncVolume(volume: PersistentVolume): void {
    const users = usersOf(volume);
    const wanted = new Set(users.map(({ spec }) => spec.nodeName ?? ''));
    for (const attachment of byVolume.get(`volume|${volume.metadata.name}`)) {
      if (!wanted.has(attachment.spec.nodeName)) attachments.delete(attachment);
    }
    const attached = byVolume.get(`volume|${volume.metadata.name}`).map(({ spec }) => spec.nodeName);
    const isShared = (volume.spec.accessModes ?? []).some(
      (mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany',
    );
    for (const node of wanted) {
      if (attached.includes(node)) continue;
      const others = users.filter(({ spec }) => spec.nodeName !== node);
      if (!isShared && attached.length > 0) refuse(volume, node, others);
      else {
        attach(volume, node);
        attached.push(node);
      }
    }
  }

  function syncNode(name: string): void {
    const node = nodes.get(undefined, name);
    if (node === undefined) return;
    const names = byVolume
      .get(`node|${name}`)
      .map(({ spec }) => volumes.get(undefined, spec.source.persistentVolumeName ?? '')?.spec.csi)
      .flatMap((csi) => (csi === undefined ? [] : `kubernetes.io/csi/${csi.driver}^${csi.volumeHandle}`))
      .sort();
    const { volumesAttached: _, volumesInUse: __, ...rest } = node.status ?? {};
    nodes.updateStatus(node, {
      ...rest,
      ...(names.length === 0
        ? {}
        : { volumesAttached: names.map((id) => ({ name: id, devicePath: '' })), volumesInUse: names }),
    });
  }

  function volumeKeys(pod: Pod): string[] {
    return claimsOf(pod)
      .map((name) => claims.get(pod.metadata.namespace, name)?.spec.volumeName)
      .flatMap((volume) => (volume === undefined || volume === '' ? [] : `volume|${volume}`));
  }

  return {
    name: 'attachdetach',
    keysOf: keysByResource({
      persistentvolumes: (object) => [`volume|${object.metadata.name}`],
      'volumeattachments.storage.k8s.io': (object) => {
        const { nodeName, source } = (object as VolumeAttachment).spec;
        return [`node|${nodeName}`, `volume|${source.persistentVolumeName ?? ''}`];
      },
      pods: (object, change) => {
        const [pod, before] = [object as Pod, change.previous as Pod | undefined];
        const hasMoved = pod.spec.nodeName !== before?.spec.nodeName || isFinished(pod) || change.type === 'DELETED';
        return hasMoved ? volumeKeys(pod) : [];
      },
    }),
    reconcile(key) {
      const rest = key.slice(key.indexOf('|') + 1);
      if (key.startsWith('node|')) {
        syncNode(rest);
        return undefined;
      }
      const volume = volumes.get(undefined, rest);
      if (volume?.spec.csi !== undefined) syncVolume(volume);
      else if (volume === undefined) for (const left of byVolume.get(key)) attachments.delete(left);
      return undefined;
    },
  };
}
