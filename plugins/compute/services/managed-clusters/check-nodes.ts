import { checkText, type ValidationIssue } from 'longshore/sdk';
import { type Disk, type Flavor, type MachineShape, type NodesForm, nodeFields } from './cluster-form.ts';
import type { ClusterLimits } from './cluster-limits.ts';
import { type InputPath, issue } from './issues.ts';

/** A zone with its deployment units, as the settings have them. */
export interface KnownZone {
  readonly name: string;
  readonly deploymentUnits: readonly string[];
}

/** Most rows of one form, and most machines of one row. */
const mostRows = 50;
const mostMachines = 1_000;
/** A name of a group is a label's value, and the beginning of the names of its machines. */
const longestGroupName = 63;

/** What is wrong with nodes that shall be made (CMP-02, CMP-03, CMP-23); `zones` is undefined where none are known. */
export function checkNodes(
  nodes: readonly NodesForm[],
  limits: ClusterLimits,
  zones: readonly KnownZone[] | undefined,
  path: InputPath = ['nodes'],
): ValidationIssue[] {
  if (nodes.length > mostRows) return [issue(path, 'too_big', `nodes may have ${mostRows} rows, got ${nodes.length}`)];
  return nodes.flatMap((row, index) => checkRow(row, limits, zones, [...path, index]));
}

function checkRow(
  row: NodesForm,
  limits: ClusterLimits,
  zones: readonly KnownZone[] | undefined,
  path: InputPath,
): ValidationIssue[] {
  const { count, namePrefix } = row;
  const missing = Object.entries(nodeFields).filter(
    ([name, field]) => limits.nodeRequiredFields.includes(field) && !row[name as keyof typeof nodeFields],
  );
  return [
    ...missing.map(([name]) => issue([...path, name], 'required', `${name} must be said of new nodes here`)),
    ...(Number.isInteger(count) && count >= 1 && count <= mostMachines
      ? []
      : [
          issue(
            [...path, 'count'],
            count < 1 ? 'too_small' : 'too_big',
            `count must be 1 to ${mostMachines}, got ${count}`,
          ),
        ]),
    ...(namePrefix ? checkPrefix(namePrefix, limits, path) : []),
    ...checkShape(row, limits, path),
    ...checkPlace(row, zones, path),
  ];
}

function checkPrefix(prefix: string, limits: ClusterLimits, path: InputPath): ValidationIssue[] {
  const at = [...path, 'namePrefix'];
  const issues = [...checkText(limits.namePrefix, at, prefix)];
  if (issues.length > 0 || prefix.length <= longestGroupName) return issues;
  const message = `namePrefix may have ${longestGroupName} characters: Cluster API keeps it in a label, got ${prefix.length}`;
  return [issue(at, 'too_long', message)];
}

function checkPlace(
  { zone, deploymentUnit }: NodesForm,
  zones: readonly KnownZone[] | undefined,
  path: InputPath,
): ValidationIssue[] {
  if (!zone) {
    if (!deploymentUnit) return [];
    return [issue([...path, 'zone'], 'required', 'A deployment unit is one of a zone: zone must be given with it')];
  }
  if (!zones || zones.length === 0) return [];
  const known = zones.find(({ name }) => name === zone);
  if (!known) {
    return [
      issue([...path, 'zone'], 'unknown_zone', `zone must be one of ${zones.map(({ name }) => name).join(', ')}`),
    ];
  }
  const { deploymentUnits } = known;
  // A zone's only unit needs not be chosen (CORE-04).
  if (!deploymentUnit && deploymentUnits.length <= 1) return [];
  if (deploymentUnit && deploymentUnits.includes(deploymentUnit)) return [];
  const at = [...path, 'deploymentUnit'];
  if (deploymentUnits.length === 0) return [issue(at, 'unknown_unit', `zone '${zone}' has no deployment units`)];
  const message = `deploymentUnit must be one of ${deploymentUnits.join(', ')} in zone '${zone}'`;
  return [issue(at, deploymentUnit ? 'unknown_unit' : 'required', message)];
}

/** Flavour and disks of a machine, against the profile's smallest. */
export function checkShape(shape: MachineShape, limits: ClusterLimits, path: InputPath): ValidationIssue[] {
  const { flavor, systemDisk, dataDisk } = shape;
  return [
    ...(flavor ? checkFlavor(flavor, limits, [...path, 'flavor']) : []),
    ...(systemDisk ? checkDisk(systemDisk, limits.systemDiskMin, [...path, 'systemDisk']) : []),
    ...(dataDisk ? checkDisk(dataDisk, limits.dataDiskMin, [...path, 'dataDisk']) : []),
  ];
}

function checkFlavor({ cores, memoryGiB }: Flavor, limits: ClusterLimits, path: InputPath): ValidationIssue[] {
  const { minCores, minMemoryGiB } = limits;
  const leastCores = minCores ?? 1;
  const leastMemory = minMemoryGiB ?? 0.25;
  return [
    ...(Number.isInteger(cores) && cores >= leastCores && cores <= 1_024
      ? []
      : [
          issue(
            [...path, 'cores'],
            cores < leastCores ? 'too_small' : 'too_big',
            `cores must be ${leastCores} to 1024, got ${cores}`,
          ),
        ]),
    ...(memoryGiB >= leastMemory && memoryGiB <= 65_536
      ? []
      : [
          issue(
            [...path, 'memoryGiB'],
            memoryGiB < leastMemory ? 'too_small' : 'too_big',
            `memoryGiB must be ${leastMemory} to 65536, got ${memoryGiB}`,
          ),
        ]),
  ];
}

export function checkDisk({ sizeGiB }: Disk, least: number | null, path: InputPath): ValidationIssue[] {
  const min = least ?? 1;
  if (Number.isInteger(sizeGiB) && sizeGiB >= min && sizeGiB <= 65_536) return [];
  const code = sizeGiB < min ? 'too_small' : 'too_big';
  return [issue([...path, 'sizeGiB'], code, `sizeGiB must be ${min} to 65536, got ${sizeGiB}`)];
}
