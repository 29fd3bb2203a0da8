import type { ClaimTemplateForm, PodTemplateForm } from 'longshore/plugins/compute';
import type { Profile, ValidationIssue } from 'longshore/sdk';
import type { ImageSourceInput } from '../../api.ts';
import { minGroupsDefault, mostAccessSettings } from '../../profile-keys/app-services.ts';
import type { AccessSpec, DeploymentSpec, Grouping, ScalingSpec } from './version-spec.ts';

type Given<T> = T | null | undefined;

/** What somebody says of a version; what is not said stays, or is as the profile has it. */
export interface VersionInput {
  readonly template?: Given<PodTemplateForm>;
  readonly imageSources?: Given<readonly ContainerImageInput[]>;
  readonly volumeClaimTemplates?: Given<readonly ClaimTemplateForm[]>;
  readonly scaling?: Given<ScalingInput>;
  readonly access?: Given<readonly AccessInput[]>;
  readonly deployment?: Given<DeploymentInput>;
}

/** Where the image of a container comes from, other than its name (REL-04, REL-05): one of these. */
export interface ContainerImageInput {
  readonly container: string;
  readonly buildRecord?: Given<ImageSourceInput>;
  readonly package?: Given<ImageSourceInput>;
}

export interface ScalingInput {
  readonly strategy?: Given<ScalingSpec['strategy']>;
  readonly replicas?: Given<number>;
  readonly elasticNodes?: Given<boolean>;
  readonly schedule?: Given<Readonly<Record<string, unknown>>>;
}

export interface AccessInput {
  readonly name: string;
  readonly type?: Given<AccessSpec['type']>;
  readonly ports: readonly AccessPortInput[];
}

export interface AccessPortInput {
  readonly name?: Given<string>;
  readonly protocol?: Given<'TCP' | 'UDP'>;
  readonly port: number;
  readonly targetPort?: Given<number>;
  readonly nodePort?: Given<number>;
}

export interface DeploymentInput {
  readonly upgradeMode?: Given<DeploymentSpec['upgradeMode']>;
  readonly units?: Given<readonly string[]>;
  readonly grouping?: Given<Grouping>;
  readonly minGroups?: Given<number>;
  readonly betaGroup?: Given<boolean>;
  readonly pauseAfterGroup?: Given<boolean>;
  readonly isSpread?: Given<boolean>;
  readonly sameNodeAs?: Given<readonly string[]>;
  readonly differentNodeFrom?: Given<readonly string[]>;
  readonly traffic?: Given<DeploymentSpec['traffic']>;
  readonly isLossless?: Given<boolean>;
  readonly meshInjection?: Given<boolean>;
}

const issue = (path: readonly (string | number)[], code: string, message: string): ValidationIssue => ({
  path,
  code,
  message,
});

/** Access settings as they are kept: each port leads to the same port of the pods unless said otherwise. */
export function accessOf(input: readonly AccessInput[]): readonly AccessSpec[] {
  return input.map(({ name, type, ports }) => ({
    name,
    type: type ?? 'CLUSTER_IP',
    ports: ports.map(({ name: port, protocol, port: number, targetPort, nodePort }) => ({
      name: port ?? (ports.length > 1 ? `${(protocol ?? 'TCP').toLowerCase()}-${number}` : ''),
      protocol: protocol ?? 'TCP',
      port: number,
      targetPort: targetPort ?? number,
      nodePort: nodePort ?? null,
    })),
  }));
}

const serviceName = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const portName = /^(?=.{1,15}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const mostPorts = 100;

/** What is wrong with access settings by themselves; what the profile has against them, the rules of Services say. */
export function checkAccess(access: readonly AccessSpec[], profile: Profile): readonly ValidationIssue[] {
  const most = profile.get(mostAccessSettings);
  return [
    ...(access.length > most
      ? [issue(['access'], 'too_many', `An app service has ${most} access settings at the most, not ${access.length}`)]
      : []),
    ...access
      .slice(0, most)
      .flatMap((setting, index) => [
        ...checkSetting(setting, ['access', index]),
        ...(access.findIndex(({ name }) => name === setting.name) < index
          ? [issue(['access', index, 'name'], 'duplicate', `access has '${setting.name}' twice`)]
          : []),
      ]),
  ];
}

function checkSetting({ name, type, ports }: AccessSpec, path: readonly (string | number)[]): ValidationIssue[] {
  const count = ports.length;
  const mayHaveNodePort = type === 'NODE_PORT' || type === 'LOAD_BALANCER';
  return [
    ...(serviceName.test(name)
      ? []
      : [issue([...path, 'name'], 'bad_name', 'name must be a DNS label (RFC 1035) of up to 63 characters')]),
    ...(count < 1 || count > mostPorts
      ? [issue([...path, 'ports'], 'bad_count', `A Service has 1 to ${mostPorts} ports, not ${count}`)]
      : []),
    ...ports.slice(0, mostPorts).flatMap((port, index) => {
      const at = [...path, 'ports', index];
      const isSame = (other: AccessSpec['ports'][number]) =>
        other.port === port.port && other.protocol === port.protocol;
      return [
        ...inRange(port.port, 1, 65_535, [...at, 'port']),
        ...inRange(port.targetPort, 1, 65_535, [...at, 'targetPort']),
        ...(port.nodePort === null ? [] : inRange(port.nodePort, 1, 65_535, [...at, 'nodePort'])),
        ...(port.nodePort !== null && !mayHaveNodePort
          ? [issue([...at, 'nodePort'], 'not_offered', `A Service of type ${type} has no port of the nodes`)]
          : []),
        ...(port.name !== '' && !portName.test(port.name)
          ? [issue([...at, 'name'], 'bad_name', 'name must be a DNS label of up to 15 characters')]
          : []),
        ...(ports.findIndex(isSame) < index
          ? [issue([...at, 'port'], 'duplicate', `${port.protocol} port ${port.port} is there twice`)]
          : []),
        ...(port.name !== '' && ports.findIndex((other) => other.name === port.name) < index
          ? [issue([...at, 'name'], 'duplicate', `The port '${port.name}' is there twice`)]
          : []),
      ];
    }),
  ];
}

function inRange(value: number, min: number, max: number, path: readonly (string | number)[]): ValidationIssue[] {
  if (Number.isInteger(value) && value >= min && value <= max) return [];
  return [issue(path, 'out_of_range', `${String(path.at(-1))} must be ${min} to ${max}, got ${value}`)];
}

/** How it is brought out (REL-07), but for the affinity, whose services have to be looked up. */
export function deploymentOf(
  input: Given<DeploymentInput>,
  before: DeploymentSpec | undefined,
  profile: Profile,
): DeploymentSpec {
  const given = input ?? {};
  return {
    upgradeMode: given.upgradeMode ?? before?.upgradeMode ?? 'REPLACE',
    units: given.units ?? before?.units ?? [],
    grouping: given.grouping ?? before?.grouping ?? 'FAST',
    minGroups: given.minGroups ?? before?.minGroups ?? profile.get(minGroupsDefault),
    betaGroup: given.betaGroup ?? before?.betaGroup ?? true,
    pauseAfterGroup: given.pauseAfterGroup ?? before?.pauseAfterGroup ?? true,
    isSpread: given.isSpread ?? before?.isSpread ?? true,
    affinity: before?.affinity ?? { sameNode: [], differentNode: [] },
    traffic: given.traffic === undefined ? (before?.traffic ?? null) : given.traffic,
    isLossless: given.isLossless ?? before?.isLossless ?? false,
    ...((given.meshInjection ?? before?.isMeshed) ? { isMeshed: true } : {}),
  };
}

const routeName = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export function checkDeployment(
  { minGroups, units, traffic }: DeploymentSpec,
  knownUnits: readonly string[],
): readonly ValidationIssue[] {
  const known = new Set(knownUnits);
  return [
    ...inRange(minGroups, 1, 100, ['deployment', 'minGroups']),
    ...units.flatMap((unit, index) => {
      if (units.indexOf(unit) < index) {
        return [issue(['deployment', 'units', index], 'duplicate', `units has '${unit}' twice`)];
      }
      if (known.has(unit)) return [];
      const message = `The workspace has no deployment unit '${unit}'`;
      return [issue(['deployment', 'units', index], 'unknown_deployment_unit', message)];
    }),
    ...(traffic === null
      ? []
      : [
          ...inRange(traffic.percent, 1, 100, ['deployment', 'traffic', 'percent']),
          ...(routeName.test(traffic.route)
            ? []
            : [issue(['deployment', 'traffic', 'route'], 'bad_name', 'route must be the name of an HTTPRoute')]),
        ]),
  ];
}
