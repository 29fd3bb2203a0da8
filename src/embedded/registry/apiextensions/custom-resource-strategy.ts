import type { StatusCause } from '../../api/status-error.ts';
import { hasRules, validateRules } from '../../machinery/cel/validate-rules.ts';
import { asObject, asObjectList, asString, isJsonObject, type JsonObject } from '../../machinery/json.ts';
import { parseJsonPath } from '../../machinery/schema/json-path.ts';
import { stepsOf } from '../../machinery/schema/nested-value.ts';
import { invalidValue, noField, printValue } from '../../machinery/schema/schema-problems.ts';
import type { StructuralSchema } from '../../machinery/schema/structural-schema.ts';
import { validateListTypes } from '../../machinery/schema/validate-list-types.ts';
import { validateValue } from '../../machinery/schema/validate-value.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { ResourceStrategy } from '../resource-strategy.ts';
import { problemsOfQualifiedName } from '../validation/names.ts';
import { problemsOfPlainFinalizer } from '../validation/validate-metadata.ts';
import { printerColumns } from './printer-columns.ts';
import { shapeOfSchema } from './shape-of-schema.ts';
import { validateEmbeddedResources } from './validate-embedded-resources.ts';
import { type ScaleFields, validateScaleFields } from './validate-scale-fields.ts';

/** The rules of one version of a custom resource: those of its schema, and what its subresources make of them. */
export function createCustomResourceStrategy(version: JsonObject, schema: StructuralSchema): ResourceStrategy {
  const subresources = asObject(version.subresources) ?? {};
  const hasStatus = isJsonObject(subresources.status);
  const scale = scaleFieldsOf(asObject(subresources.scale));
  const statusSchema = schema.properties.get('status');
  /** What was left alone for having been so before; told with the answer. */
  const ratcheted = new WeakMap<object, readonly string[]>();
  const addRules = (draft: JsonObject, current: ClusterObject | undefined, causes: StatusCause[]): void => {
    if (!hasRules(schema)) return;
    if (causes.some(({ reason }) => blockingReasons.has(reason))) {
      causes.push(notChecked);
      return;
    }
    const { problems, warnings } = validateRules(draft, schema, current);
    causes.push(...problems);
    ratcheted.set(draft, warnings);
  };
  return {
    nameRule: 'dns-subdomain',
    generation: hasStatus ? 'all-but-metadata-and-status' : 'all-but-metadata',
    needsResourceVersion: true,
    takesPlainFinalizers: true,
    shape: shapeOfSchema(schema),
    table: printerColumns(asObjectList(version.additionalPrinterColumns)),
    selectableFields: selectableFieldsOf(asObjectList(version.selectableFields)),
    validate(draft, errors, current) {
      const old = current === undefined ? {} : { old: current };
      errors.causes.push(
        ...validateValue(draft, schema, old),
        ...(scale === undefined ? [] : validateScaleFields(draft, scale, 'all')),
        ...validateEmbeddedResources(draft, schema),
        ...listProblems(draft, current, schema),
      );
      addRules(draft, current, errors.causes);
    },
    validateStatus(draft, current, errors) {
      if (draft.status !== undefined && statusSchema !== undefined) {
        const options = { prefix: 'status', ...(current.status === undefined ? {} : { old: current.status }) };
        errors.causes.push(...validateValue(draft.status, statusSchema, options));
      }
      if (scale !== undefined) errors.causes.push(...validateScaleFields(draft, scale, 'status'));
      errors.causes.push(...listProblems(draft, current, schema));
      addRules(draft, current, errors.causes);
    },
    warningsOf(draft, current) {
      const before = new Set<unknown>(current?.metadata.finalizers);
      const added = [...((draft.metadata.finalizers as readonly string[] | undefined) ?? [])].sort();
      return [
        ...added.filter((finalizer) => !before.has(finalizer)).flatMap(finalizerWarnings),
        ...(ratcheted.get(draft) ?? []),
      ];
    },
    ...(scale === undefined
      ? {}
      : {
          scale: {
            specReplicas: stepsOf(scale.specReplicas),
            statusReplicas: stepsOf(scale.statusReplicas),
            ...(scale.selector === undefined ? {} : { selector: stepsOf(scale.selector) }),
            needsReplicas: true,
          },
        }),
  };
}

/** With these, rules would be asked of what they were not written for. */
const blockingReasons = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);
const notChecked = invalidValue(
  noField,
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);

/** Duplicates that were there before are left alone. */
function listProblems(draft: JsonObject, current: ClusterObject | undefined, schema: StructuralSchema) {
  const problems = validateListTypes(draft, schema);
  if (problems.length === 0 || current === undefined) return problems;
  return validateListTypes(current, schema).length > 0 ? [] : problems;
}

function scaleFieldsOf(scale: JsonObject | undefined): ScaleFields | undefined {
  const specReplicas = asString(scale?.specReplicasPath);
  const statusReplicas = asString(scale?.statusReplicasPath);
  if (specReplicas === undefined || statusReplicas === undefined) return undefined;
  const selector = asString(scale?.labelSelectorPath) ?? '';
  return { specReplicas, statusReplicas, selector: selector === '' ? undefined : selector };
}

function selectableFieldsOf(
  fields: readonly JsonObject[],
): Readonly<Record<string, (object: ClusterObject) => string>> {
  return Object.fromEntries(
    fields.map((field) => {
      const path = asString(field.jsonPath) ?? '';
      const find = parseJsonPath(path);
      const read = (object: ClusterObject): string => {
        const [value] = find?.(object) ?? [];
        if (value === undefined || value === null) return '';
        return typeof value === 'string' ? value : printValue(value);
      };
      return [path.replace(/^\./, ''), read];
    }),
  );
}

function finalizerWarnings(finalizer: string): string[] {
  const place = `metadata.finalizers: ${JSON.stringify(finalizer)}: `;
  const warnings = problemsOfQualifiedName(finalizer).map((words) => place + words);
  if (problemsOfPlainFinalizer(finalizer).length === 0) return warnings;
  const what = finalizer.includes('.') ? 'finalizer name including a path (/)' : 'finalizer name';
  const why = 'to avoid accidental conflicts with other finalizer writers';
  return [...warnings, `${place}prefer a domain-qualified ${what} ${why}`];
}
