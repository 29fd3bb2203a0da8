import type { InputPath } from './issues.ts';

/** What one machine is. */
export interface Flavor {
  /** What its provider calls it; made of the numbers where it is absent. */
  readonly name?: string | null;
  readonly cores: number;
  readonly memoryGiB: number;
}

export interface Disk {
  readonly type?: string | null;
  readonly sizeGiB: number;
}

export interface MachineShape {
  readonly flavor?: Flavor | null;
  readonly systemDisk?: Disk | null;
  readonly dataDisk?: Disk | null;
}

/** Some nodes alike (CMP-02, CMP-23). */
export interface NodesForm extends MachineShape {
  readonly zone?: string | null;
  readonly deploymentUnit?: string | null;
  readonly count: number;
  readonly namePrefix?: string | null;
}

export interface ControlPlaneForm extends MachineShape {
  readonly count?: number | null;
  readonly etcdDisk?: Disk | null;
  readonly hasPublicIp?: boolean | null;
}

/** The form of a new cluster: the union of all profiles, which say what of it is offered (CMP-01 to CMP-04). */
export interface ClusterForm {
  readonly name: string;
  readonly kubernetesVersion?: string | null;
  readonly podCidr?: string | null;
  readonly serviceCidr?: string | null;
  readonly controlPlane?: ControlPlaneForm | null;
  readonly nodes?: readonly NodesForm[] | null;
  /** The rest, by its name in the input; each is a variable of the ClusterClass. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Fields of the form that are told to the ClusterClass as a variable (`variableOf`), and what profiles call them. */
export const settingFields = {
  vpc: 'VPC',
  subnet: 'SUBNET',
  vSwitches: 'V_SWITCHES',
  securityGroup: 'SECURITY_GROUP',
  eip: 'EIP',
  nodeNetwork: 'NODE_NETWORK',
  networkZone: 'NETWORK_ZONE',
  maxPodsPerNode: 'MAX_PODS_PER_NODE',
  serviceMesh: 'SERVICE_MESH',
  logService: 'LOG_SERVICE',
  containerRuntime: 'CONTAINER_RUNTIME',
  sshKeyPair: 'SSH_KEY_PAIR',
  rootPasswordSecret: 'ROOT_PASSWORD',
  etcdDiscoveryFlavor: 'ETCD_DISCOVERY_FLAVOR',
  publicIpBandwidthMbps: 'PUBLIC_IP_BANDWIDTH',
  nodeDns: 'NODE_DNS',
  registryAddress: 'REGISTRY_ADDRESS',
  monitorStorage: 'MONITOR_STORAGE',
  logStorage: 'LOG_STORAGE',
} as const;

/** The variables of those that a class calls otherwise. */
const otherNames: Readonly<Record<string, string>> = { vpc: 'network', publicIpBandwidthMbps: 'publicIpBandwidth' };
export const variableOf = (name: string): string => otherNames[name] ?? name;

/** The others, by their names in the input. */
export const formFields = {
  kubernetesVersion: 'KUBERNETES_VERSION',
  podCidr: 'POD_CIDR',
  serviceCidr: 'SERVICE_CIDR',
  controlPlane: 'CONTROL_PLANE',
  nodes: 'NODES',
} as const;

export const allFields = [...Object.values(settingFields), ...Object.values(formFields)] as const;
export type ClusterField = (typeof allFields)[number];

/** What profiles may ask of each row of `nodes`. */
export const nodeFields = {
  zone: 'ZONE',
  deploymentUnit: 'DEPLOYMENT_UNIT',
  flavor: 'FLAVOR',
  systemDisk: 'SYSTEM_DISK',
  dataDisk: 'DATA_DISK',
  namePrefix: 'NAME_PREFIX',
} as const;

/** What was said, by name and place in the input; what is null or an empty list is not said. */
export function saidFields(form: ClusterForm): readonly { readonly field: ClusterField; readonly path: InputPath }[] {
  const own = Object.entries(formFields).map(([name, field]) => ({ field, path: [name], value: form[name as never] }));
  const settings = Object.entries(settingFields).map(([name, field]) => {
    return { field, path: [name], value: form.settings[name] };
  });
  return [...own, ...settings].filter(({ value }) => isSaid(value)).map(({ field, path }) => ({ field, path }));
}

const isSaid = (value: unknown): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);

export const flavorName = ({ name, cores, memoryGiB }: Flavor): string =>
  name || `${cores}C-${Number.isInteger(memoryGiB) ? `${memoryGiB}GiB` : `${Math.round(memoryGiB * 1_024)}MiB`}`;
