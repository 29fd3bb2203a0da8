import { type BareMetalHostObject, clearedAtAnnotation, hostWorkspaceLabel } from './host-kind.ts';

/** How a host of the pool stands. */
export const hostStates = {
  AVAILABLE: 'It is in order, clean, and nobody uses it: it may become a node (what a form calls RUNNING).',
  IN_USE: 'A machine of a cluster is it, or is about to be.',
  CLEARING: 'Its disks are being formatted.',
  PREPARING: 'It is being registered or looked into.',
  FAILED: 'Something is wrong with it; `problem` says what.',
  LEAVING: 'It is being taken out of the pool.',
  UNKNOWN: 'Nothing has been told of it yet, or something that this version does not know.',
} as const;
export type HostState = keyof typeof hostStates;

const byProvisioning: Readonly<Record<string, HostState>> = {
  registering: 'PREPARING',
  inspecting: 'PREPARING',
  preparing: 'PREPARING',
  available: 'AVAILABLE',
  ready: 'AVAILABLE',
  provisioning: 'IN_USE',
  provisioned: 'IN_USE',
  'externally provisioned': 'IN_USE',
  deprovisioning: 'CLEARING',
  'powering off before delete': 'LEAVING',
  deleting: 'LEAVING',
};

export function stateOfHost({
  metadata,
  spec,
  status,
}: Pick<BareMetalHostObject, 'metadata' | 'spec' | 'status'>): HostState {
  if (metadata.deletionTimestamp !== undefined) return 'LEAVING';
  if (status?.operationalStatus === 'error' || status?.operationalStatus === 'detached') return 'FAILED';
  const state = byProvisioning[status?.provisioning?.state ?? ''] ?? 'UNKNOWN';
  return state === 'AVAILABLE' && spec?.consumerRef !== undefined ? 'IN_USE' : state;
}

/** Whether it was cleared of a node, and nobody has used it since. */
export const isCleared = (host: BareMetalHostObject): boolean =>
  host.metadata.annotations?.[clearedAtAnnotation] !== undefined && stateOfHost(host) === 'AVAILABLE';

/** Whether it is one of the workspace; a host of none is for clusters of none. */
export const isOfWorkspace = ({ metadata }: Pick<BareMetalHostObject, 'metadata'>, uuid: string | undefined): boolean =>
  metadata.labels?.[hostWorkspaceLabel] === uuid;
