import { type ClusterRegistry, encodeGlobalId, type RegisteredCluster, type RowNode, serviceRef } from 'longshore/sdk';

/** Clusters that are registered while the gateway runs; see `ClusterRegistry`. */
export const clusterRegistryRef = serviceRef<ClusterRegistry>('core.clusterRegistry');

export const registrationSubject = 'core/ClusterRegistration';

export type RegistrationNode = RegisteredCluster & RowNode;

export const toRegistrationNode = (registered: RegisteredCluster): RegistrationNode => ({
  ...registered,
  id: encodeGlobalId({ of: 'row', plugin: 'core', type: 'ClusterRegistration', key: registered.uuid }),
  nodeTypeName: 'ClusterRegistration',
});

/** What rights are asked about: a registration lies where its cluster does. */
export const instanceOfRegistration = ({ name }: Pick<RegistrationNode, 'name'>) => ({
  subject: registrationSubject,
  cluster: name,
  name,
});

export const recordTargetOfRegistration = (id: string, name: string) => ({
  plugin: 'core',
  type: 'ClusterRegistration',
  id,
  cluster: name,
  kind: 'ClusterRegistration',
  name,
});

/** What changed, for answers and records: credentials are in neither. */
export const recordedRegistration = ({
  name,
  server,
  identity,
  profile,
  namespaces,
  description,
}: RegisteredCluster) => ({ name, server, identity, profile, namespaces, description });
