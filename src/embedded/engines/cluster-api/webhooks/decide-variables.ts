import { validateRules } from '../../../machinery/cel/validate-rules.ts';
import { asObjectList, asString, cloneJson, type JsonObject } from '../../../machinery/json.ts';
import { applyDefaults } from '../../../machinery/schema/default-values.ts';
import { pruneUnknown } from '../../../machinery/schema/prune-unknown.ts';
import { StructuralSchema } from '../../../machinery/schema/structural-schema.ts';
import { validateValue } from '../../../machinery/schema/validate-value.ts';
import type { FieldErrors } from '../../../registry/validation/field-errors.ts';

export interface VariableDefinition {
  readonly name: string;
  readonly isRequired: boolean;
  readonly schema: JsonObject;
}

export interface VariableValue extends JsonObject {
  name: string;
  value: unknown;
}

/** The variables that a class defines. */
export function definitionsOf(spec: unknown): VariableDefinition[] {
  return asObjectList((spec as JsonObject | undefined)?.variables).map(({ name, required, schema }) => ({
    name: String(name),
    isRequired: required === true,
    schema: ((schema as JsonObject | undefined)?.openAPIV3Schema ?? {}) as JsonObject,
  }));
}

export interface VariablePlace {
  /** Such as `spec.topology.variables`. */
  readonly field: string;
  /** Overrides of a part of the cluster take only what they name. */
  readonly isOverride: boolean;
}

/**
 * The values with the defaults of their schemas, in their order, the missing ones behind them; what no schema allows goes
 * into `errors`, in the words of Cluster API.
 */
export function decideVariables(
  values: unknown,
  old: unknown,
  definitions: readonly VariableDefinition[],
  place: VariablePlace,
  errors: FieldErrors,
): VariableValue[] {
  const given = asObjectList(values).map(({ name, value }) => ({ name: asString(name) ?? '', value }));
  const known = new Map(definitions.map((definition) => [definition.name, definition]));
  const before = new Map(asObjectList(old).map(({ name, value }) => [String(name), value]));
  const decided: VariableValue[] = [];
  for (const { name, value } of given) {
    const definition = known.get(name);
    const field = `${place.field}[${name}]`;
    if (definition === undefined) {
      errors.invalid(field, JSON.stringify(value), 'variable is not defined');
      decided.push({ name, value });
      continue;
    }
    const filled = withDefaults(definition, value);
    checkValue(definition, filled, before.get(name), field, errors);
    decided.push({ name, value: filled });
  }
  if (place.isOverride) return decided;
  const named = new Set(given.map(({ name }) => name));
  for (const definition of definitions.filter(({ name }) => !named.has(name))) {
    if (definition.schema.default !== undefined) {
      decided.push({ name: definition.name, value: withDefaults(definition, undefined) });
    } else if (definition.isRequired)
      errors.required(place.field, `required variable "${definition.name}" must be set`);
  }
  return decided;
}

/** Values are wrapped in an object: schemas say defaults of members only. */
function wrapped({ name, schema }: VariableDefinition): StructuralSchema {
  return new StructuralSchema({ type: 'object', properties: { [name]: schema } });
}

function withDefaults(definition: VariableDefinition, value: unknown): unknown {
  const holder: JsonObject = value === undefined ? {} : { [definition.name]: cloneJson(value) };
  applyDefaults(holder, wrapped(definition));
  return holder[definition.name];
}

function checkValue(
  definition: VariableDefinition,
  value: unknown,
  old: unknown,
  field: string,
  errors: FieldErrors,
): void {
  const { name } = definition;
  const schema = wrapped(definition);
  const holder = { [name]: value };
  const printed = JSON.stringify(value);
  const tell = (problem: { readonly field: string; readonly message: string }): void => {
    const place = problem.field.startsWith(name)
      ? `${field}.value${problem.field.slice(name.length)}`
      : `${field}.value`;
    // The value stands there whole and in JSON, whichever part of it is wrong.
    const detail = problem.message
      .replace(/^[^:]*: (?:"(?:[^"\\]|\\.)*"|[^:]*): /, '')
      .replace(/^(?:[^ ]* )?in body /, '');
    if (problem.message.startsWith('Required value')) errors.required(place, detail.replace(/^Required value:? ?/, ''));
    else errors.invalid(place, printed, detail);
  };
  const problems = validateValue(holder, schema);
  if (problems.length > 0) {
    for (const problem of problems) tell(problem);
    return;
  }
  const unknown = pruneUnknown(cloneJson(holder), schema, false).map((path) => path.slice(name.length + 1));
  if (unknown.length > 0) {
    const words = `"${unknown.join(',')}" field(s) are not specified in the variable schema of variable "${name}"`;
    errors.invalid(field, printed, `failed validation: ${words}`);
    return;
  }
  for (const problem of validateRules(holder, schema, old === undefined ? undefined : { [name]: old }).problems) {
    tell(problem);
  }
}
