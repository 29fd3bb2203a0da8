import { asObject, type JsonObject } from '../../machinery/json.ts';

/** Field names of the API server's own structures, in their order, with the value of an absent field. */
const structures: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  SecurityContext: {
    Capabilities: null,
    Privileged: null,
    SELinuxOptions: null,
    WindowsOptions: null,
    RunAsUser: null,
    RunAsGroup: null,
    RunAsNonRoot: null,
    ReadOnlyRootFilesystem: null,
    AllowPrivilegeEscalation: null,
    ProcMount: null,
    SeccompProfile: null,
    AppArmorProfile: null,
  },
  SeccompProfile: { Type: '', LocalhostProfile: null },
  Strategy: { Type: '', RollingUpdate: null },
  PodDisruptionBudgetSpec: {
    MinAvailable: null,
    Selector: null,
    MaxUnavailable: null,
    UnhealthyPodEvictionPolicy: null,
  },
  Taint: { Key: '', Value: '', Effect: '', TimeAdded: null },
  RoleRef: { APIGroup: '', Kind: '', Name: '' },
};

/** Members of the API that begin with a short form are written in capitals inside. */
const capitals: Readonly<Record<string, string>> = { APIGroup: 'apiGroup', SELinuxOptions: 'seLinuxOptions' };

/**
 * An object as the API server prints the structure it decodes into: a refusal repeats some values in this form, with
 * capital letters and nulls for what was left out.
 */
export function printGoStruct(structure: string, object: JsonObject): JsonObject {
  const printed: JsonObject = {};
  for (const [name, absent] of Object.entries(structures[structure] ?? {})) {
    const key = capitals[name] ?? name.charAt(0).toLowerCase() + name.slice(1);
    const value = object[key];
    const nested = asObject(value);
    printed[name] = value === undefined ? absent : nested === undefined ? value : printGoStruct(name, nested);
    if (nested !== undefined && structures[name] === undefined) printed[name] = nested;
  }
  return printed;
}
