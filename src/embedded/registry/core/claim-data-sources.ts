import { asObject, asString, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName } from '../validation/names.ts';

/**
 * Brings `dataSource` and `dataSourceRef` of a claim together (KEP-1495): the older field only ever means claims and
 * snapshots, anything else in it is dropped; each fills the other; a reference into another namespace takes a feature
 * that is off by default, and is dropped.
 */
export function normalizeDataSources(spec: JsonObject): void {
  const source = asObject(spec.dataSource);
  const reference = asObject(spec.dataSourceRef);
  if (source !== undefined && !isClaimOrSnapshot(source)) delete spec.dataSource;
  if ((asString(reference?.namespace) ?? '') !== '') delete spec.dataSourceRef;
  for (const field of ['dataSource', 'dataSourceRef']) {
    const present = asObject(spec[field]);
    // The core group is printed as null.
    if (present !== undefined) spec[field] = { ...present, apiGroup: present.apiGroup ?? null };
  }
  if (spec.dataSource !== undefined) spec.dataSourceRef ??= spec.dataSource;
  else if (spec.dataSourceRef !== undefined) spec.dataSource = spec.dataSourceRef;
}

export function validateDataSources(spec: JsonObject, errors: FieldErrors): void {
  for (const field of ['dataSource', 'dataSourceRef']) {
    const source = asObject(spec[field]);
    if (source === undefined) continue;
    const { apiGroup, name, kind } = source;
    if ((name ?? '') === '') errors.required(`spec.${field}.name`);
    if ((kind ?? '') === '') errors.required(`spec.${field}.kind`);
    const group = asString(apiGroup) ?? '';
    if (group === '' && kind !== 'PersistentVolumeClaim') {
      errors.invalid(
        `spec.${field}`,
        kind ?? '',
        "must be 'PersistentVolumeClaim' when referencing the default apiGroup",
      );
    }
    if (group !== '') errors.eachInvalid(`spec.${field}.apiGroup`, group, problemsOfName(group, 'dns-subdomain'));
  }
  const { dataSource, dataSourceRef } = spec;
  if (dataSource === undefined || isEqualJson(dataSource, dataSourceRef)) return;
  errors.invalid('spec', {}, 'must match dataSourceRef');
}

function isClaimOrSnapshot({ apiGroup, kind }: JsonObject): boolean {
  const group = apiGroup ?? '';
  if (kind === 'PersistentVolumeClaim') return group === '';
  return kind === 'VolumeSnapshot' && group === 'snapshot.storage.k8s.io';
}
