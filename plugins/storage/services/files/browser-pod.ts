import { createHash } from 'node:crypto';
import type { V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node';
import type { PodObject } from 'longshore/plugins/compute';
import type { KubeObject } from 'longshore/sdk';
import { fileBrowserLabel } from '../../api.ts';
import type { FileBrowserSettings } from '../../settings.ts';

type Claim = Pick<KubeObject<V1PersistentVolumeClaim>, 'metadata' | 'spec'>;

/** As whom the files of a volume are handled. */
export interface BrowserUser {
  readonly userId: number;
  readonly groupId: number;
  /** Group that the cluster gives all files to when it mounts the volume; undefined leaves them as they are. */
  readonly fsGroup: number | undefined;
}

export const browserContainer = 'files';
/** Where its container has the volume. */
export const browserMountPath = '/volume';
const prefix = 'longshore-file-browser-';
const longestLabelValue = 63;

/**
 * Waits to be told to end. What writes a file then hears it, too, and takes away what is not whole: a shell that is the first process of
 * its container may tell all others.
 */
const waitScript = "trap 'kill -TERM -1; sleep 1; exit 0' TERM\nwhile :; do sleep 3600 & wait $!; done";

/** One for each claim, found again by its name. */
export function browserPodName({ metadata }: Pick<Claim, 'metadata'>): string {
  return `${prefix}${digest(metadata.uid ?? metadata.name)}`;
}

/** What the label says: the claim's name, or its begin with a digest where it is longer than a label may be. */
function browserLabelValue(claimName: string): string {
  if (claimName.length <= longestLabelValue) return claimName;
  return `${claimName.slice(0, 50).replace(/[-.]+$/, '')}-${digest(claimName)}`;
}

export function isBrowserPod({ metadata }: Pick<PodObject, 'metadata'>): boolean {
  return metadata.labels?.[fileBrowserLabel] !== undefined && metadata.name.startsWith(prefix);
}

/** The claim that it has mounted. */
export function claimOfBrowser({ spec }: Pick<PodObject, 'spec'>): string | undefined {
  return spec?.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim)?.persistentVolumeClaim?.claimName;
}

/**
 * The pod that shows a claim's files. It can do nothing else: it has no token, no rights, no other volume, and passes Pod Security
 * *restricted*. The claim owns it, so that it goes with the claim.
 */
export function browserPodOf(options: {
  readonly claim: Claim;
  readonly user: BrowserUser;
  readonly settings: FileBrowserSettings;
  /** How long the cluster lets it run, in seconds. */
  readonly deadlineSeconds: number | undefined;
}): V1Pod {
  const { claim, user, settings, deadlineSeconds } = options;
  const { name, namespace, uid = '' } = claim.metadata;
  const modes = claim.spec?.accessModes ?? [];
  const readOnly = modes.length > 0 && modes.every((mode) => mode === 'ReadOnlyMany');
  const { image, imagePullSecrets, cpuMillicores, memory } = settings;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: browserPodName(claim),
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        [fileBrowserLabel]: browserLabelValue(name),
        'app.kubernetes.io/name': 'file-browser',
        'app.kubernetes.io/managed-by': 'longshore',
      },
      ownerReferences: [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, uid, blockOwnerDeletion: false }],
    },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 5,
      ...(deadlineSeconds === undefined ? {} : { activeDeadlineSeconds: deadlineSeconds }),
      ...(imagePullSecrets.length === 0 ? {} : { imagePullSecrets: imagePullSecrets.map((each) => ({ name: each })) }),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user.userId,
        runAsGroup: user.groupId,
        ...(user.fsGroup === undefined ? {} : { fsGroup: user.fsGroup, fsGroupChangePolicy: 'OnRootMismatch' }),
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: browserContainer,
          image,
          command: ['sh', '-c', waitScript],
          resources: {
            requests: { cpu: '10m', memory: '16Mi' },
            limits: { cpu: `${cpuMillicores}m`, memory },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          volumeMounts: [{ name: 'volume', mountPath: browserMountPath, readOnly }],
        },
      ],
      volumes: [{ name: 'volume', persistentVolumeClaim: { claimName: name, readOnly } }],
    },
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
