import { asList, asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import {
  invalidValue,
  requiredValue,
  type SchemaProblem,
  unsupportedValue,
} from '../../machinery/schema/schema-problems.ts';
import { problemsOfName } from '../validation/names.ts';
import { validateConversion } from './validate-conversion.ts';
import { validateNames } from './validate-names.ts';
import { isShared, validateParts } from './validate-version-parts.ts';

/** The rules of `spec` of a CustomResourceDefinition (apiextensions.k8s.io/v1). */
export function validateDefinitionSpec(spec: JsonObject): SchemaProblem[] {
  const versions = asObjectList(spec.versions);
  const problems = [...validateGroupAndScope(spec)];
  for (const [at, version] of versions.entries()) {
    if (asObject(asObject(version.schema)?.openAPIV3Schema) === undefined) {
      problems.push(requiredValue(`spec.versions[${at}].schema.openAPIV3Schema`));
    }
  }
  for (const [at, version] of versions.entries()) problems.push(...validateVersion(version, `spec.versions[${at}]`));
  // What all versions have in common counts as said once, at the top of spec: that is where problems are reported.
  problems.push(...versions.flatMap((version, at) => validateParts(version, versions, at, 'own')));
  const names = versions.map((version) => version.name);
  const shown = spec.versions === undefined ? 'null' : JSON.stringify(versions.map((each) => printed(each, versions)));
  const refuse = (words: string): SchemaProblem => ({
    reason: 'FieldValueInvalid',
    field: 'spec.versions',
    message: `Invalid value: ${shown}: ${words}`,
  });
  if (new Set(names).size < names.length) {
    problems.push(refuse('must contain unique version names'));
  }
  if (versions.filter((version) => version.storage === true).length !== 1) {
    problems.push(refuse('must have exactly one version marked as storage version'));
  }
  const [first] = versions;
  if (first !== undefined) {
    const why = problemsOfName(asString(first.name) ?? '', 'dns-1035-label');
    if (why.length > 0) problems.push(invalidValue('spec.version', asString(first.name) ?? '', why.join(',')));
  }
  const given = asObject(spec.names) ?? {};
  for (const name of ['plural', 'singular', 'kind', 'listKind']) {
    if ((asString(given[name]) ?? '') === '') problems.push(requiredValue(`spec.names.${name}`));
  }
  problems.push(...validateNames(given, 'spec.names'));
  if (first !== undefined) problems.push(...validateParts(first, versions, 0, 'shared'));
  problems.push(...validateConversion(asObject(spec.conversion), 'spec.conversion'));
  return problems;
}

/** Every version that objects may be stored in is still there (`status.storedVersions`). */
export function validateStoredVersions(stored: unknown, versions: readonly JsonObject[]): SchemaProblem[] {
  const field = 'status.storedVersions';
  const names = asList(stored).map(String);
  if (names.length === 0) return [invalidValue(field, null, 'must have at least one stored version')];
  const problems: SchemaProblem[] = [];
  for (const { name, storage } of versions) {
    if (storage === true && !names.includes(String(name))) {
      problems.push(invalidValue(field, names, `must have the storage version ${String(name)}`));
    }
  }
  for (const [at, name] of names.entries()) {
    if (versions.some((version) => version.name === name)) continue;
    const words = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    problems.push(invalidValue(`${field}[${at}]`, name, words));
  }
  return problems;
}

function validateGroupAndScope(spec: JsonObject): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const group = asString(spec.group) ?? '';
  const why = group === '' ? [] : problemsOfName(group, 'dns-subdomain');
  if (group === '') problems.push(requiredValue('spec.group'));
  else if (why.length > 0) problems.push(invalidValue('spec.group', group, why.join(',')));
  else if (!group.includes('.')) {
    problems.push(invalidValue('spec.group', group, 'should be a domain with at least one dot'));
  }
  const scope = asString(spec.scope) ?? '';
  const scopes = ['Cluster', 'Namespaced'];
  if (scope === '') problems.push(requiredValue('spec.scope'));
  else if (!scopes.includes(scope)) problems.push(unsupportedValue('spec.scope', scope, scopes));
  return problems;
}

function validateVersion(version: JsonObject, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const name = asString(version.name) ?? '';
  const why = problemsOfName(name, 'dns-1035-label');
  if (why.length > 0) problems.push(invalidValue(`${path}.name`, name, why.join(',')));
  const warning = asString(version.deprecationWarning);
  if (warning === undefined) return problems;
  const complain = (words: string): void => {
    problems.push(invalidValue(`${path}.deprecationWarning`, warning, words));
  };
  if (version.deprecated !== true) complain('can only be set for deprecated versions');
  else {
    if (Buffer.byteLength(warning) > 256) complain('must be <= 256 characters long');
    if (warning === '') complain('must not be an empty string');
    const at = warning.search(/[\p{C}\p{Zl}\p{Zp}]/u);
    if (at !== -1) {
      complain(`must only contain printable UTF-8 characters; non-printable character found at index ${at}`);
    }
  }
  return problems;
}

/** A version as messages print it: parts that all versions share are told of elsewhere and stand here as null. */
function printed(version: JsonObject, versions: readonly JsonObject[]): JsonObject {
  const part = (name: string): unknown => (isShared(versions, name) ? null : (version[name] ?? null));
  return {
    Name: version.name,
    Served: version.served === true,
    Storage: version.storage === true,
    Deprecated: version.deprecated === true,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: part('schema'),
    Subresources: part('subresources'),
    AdditionalPrinterColumns: part('additionalPrinterColumns'),
    SelectableFields: part('selectableFields'),
  };
}
