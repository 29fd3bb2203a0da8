import { Optional } from '@marcbachmann/cel-js';
import { asObjectList, asString, isEqualJson, isJsonObject, type JsonObject } from '../json.ts';
import { correlateItems } from '../schema/list-map-keys.ts';
import {
  forbiddenValue,
  invalidValue,
  noField,
  printValue,
  requiredValue,
  type SchemaProblem,
} from '../schema/schema-problems.ts';
import type { StructuralSchema } from '../schema/structural-schema.ts';
import { celValueOf } from './cel-value.ts';
import {
  type Budget,
  CostExceededError,
  compileExpression,
  isExpressionError,
  usesOldSelf,
} from './compile-expression.ts';

/** What one object may cost over all its rules, in steps of loops. */
const perObjectLimit = 10_000_000;
const maxMessageBytes = 5 * 1024;

/** What the rules of a schema say of an object. */
export interface RuleOutcome {
  readonly problems: SchemaProblem[];
  /** What is no problem only because it was so before (KEP-4008), as sentences. */
  readonly warnings: string[];
}

/**
 * Evaluates the rules of `x-kubernetes-validations` (Kubernetes docs: custom resources, validation rules) on an object whose
 * schema holds, in the words of the API server. `old` is the object before; without it rules that need it are left out.
 */
export function validateRules(object: JsonObject, schema: StructuralSchema, old?: JsonObject): RuleOutcome {
  const run: Run = { problems: [], warnings: [], budget: { remaining: perObjectLimit } };
  if (hasRules(schema)) visit(object, schema.asRoot, { path: '', old, isUnchanged: false }, run);
  return run;
}

interface Run extends RuleOutcome {
  readonly budget: Budget;
}

interface Place {
  readonly path: string;
  /** The value before, where it can be told which one that is. */
  readonly old: unknown;
  /** Whether the nearest place around that can be compared is what it was. */
  readonly isUnchanged: boolean;
}

const withRules = new WeakMap<StructuralSchema, boolean>();

/** Whether a rule stands anywhere in the schema. */
export function hasRules(schema: StructuralSchema): boolean {
  const known = withRules.get(schema);
  if (known !== undefined) return known;
  const found = JSON.stringify(schema.json).includes('"x-kubernetes-validations"');
  withRules.set(schema, found);
  return found;
}

function visit(value: unknown, schema: StructuralSchema, place: Place, run: Run): void {
  if (value === null || value === undefined || run.budget.remaining < 0) return;
  const { old } = place;
  const isUnchanged = old === undefined ? place.isUnchanged : isEqualJson(value, old);
  const here = { ...place, isUnchanged };
  evaluateRules(value, schema, here, run);
  for (const each of schema.allOf) {
    const rules = asObjectList(each.json['x-kubernetes-validations']);
    if (rules.length > 0) evaluateRules(value, schema, here, run, rules);
  }
  if (Array.isArray(value)) visitItems(value, schema, here, run);
  else if (isJsonObject(value)) visitMembers(value, schema, here, run);
}

function visitItems(list: readonly unknown[], schema: StructuralSchema, place: Place, run: Run): void {
  const { items } = schema;
  if (items === undefined || !hasRules(items)) return;
  const oldOf = correlateItems(place.old, schema);
  for (const [at, item] of list.entries()) {
    visit(item, items, { path: `${place.path}[${at}]`, old: oldOf(item), isUnchanged: place.isUnchanged }, run);
  }
}

function visitMembers(object: JsonObject, schema: StructuralSchema, place: Place, run: Run): void {
  const before = isJsonObject(place.old) ? place.old : {};
  for (const [name, member] of Object.entries(object)) {
    const property = schema.properties.get(name);
    const below = property ?? schema.additional;
    if (below === undefined || !hasRules(below)) continue;
    const path = property === undefined ? `${place.path}[${name}]` : place.path === '' ? name : `${place.path}.${name}`;
    const old = Object.hasOwn(before, name) ? (before[name] ?? undefined) : undefined;
    visit(member, below, { path, old, isUnchanged: place.isUnchanged }, run);
  }
}

function evaluateRules(
  value: unknown,
  schema: StructuralSchema,
  place: Place,
  run: Run,
  rules: readonly JsonObject[] = asObjectList(schema.json['x-kubernetes-validations']),
): void {
  if (rules.length === 0) return;
  const field = place.path === '' ? noField : place.path;
  const self = celValueOf(value, schema);
  const oldSelf = place.old === undefined ? undefined : celValueOf(place.old, schema);
  for (const rule of rules) {
    const source = asString(rule.rule) ?? '';
    if (source.trim() === '') continue;
    const isOldOptional = rule.optionalOldSelf === true;
    const needsOld = usesOldSelf(source);
    if (needsOld && !isOldOptional && oldSelf === undefined) continue;
    const context = { self, oldSelf: isOldOptional ? Optional.of(oldSelf) : (oldSelf ?? null) };
    const refuse = (detail: string): void => {
      run.problems.push(invalidValue(field, schema.type, detail));
    };
    if (run.budget.remaining <= 0) {
      refuse('validation failed due to running out of cost budget, no further validation rules will be run');
      run.budget.remaining = -1;
      return;
    }
    try {
      if (compileExpression(source, isOldOptional)(context, run.budget) === true) continue;
    } catch (error) {
      refuse(describeFailure(error, wordsOf(rule)));
      if (!(error instanceof CostExceededError)) continue;
      run.budget.remaining = -1;
      return;
    }
    const detail = messageOf(rule, context, run.budget) ?? messageWithout(rule);
    const found = problemOf(rule, placeOf(place.path, asString(rule.fieldPath) ?? ''), value, schema, detail);
    if (!needsOld && place.isUnchanged) run.warnings.push(`${found.field}: ${found.message}`);
    else run.problems.push(found);
  }
}

/** What `messageExpression` says, or undefined where it says nothing that could stand there. */
function messageOf(rule: JsonObject, context: { self: unknown; oldSelf: unknown }, budget: Budget): string | undefined {
  const source = asString(rule.messageExpression) ?? '';
  if (source.trim() === '') return undefined;
  try {
    const said = compileExpression(source, rule.optionalOldSelf === true)(context, budget);
    const text = typeof said === 'string' ? said.trim() : '';
    return text === '' || text.includes('\n') || Buffer.byteLength(text) > maxMessageBytes ? undefined : text;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function messageWithout(rule: JsonObject): string {
  const message = asString(rule.message) ?? '';
  return message === '' ? `failed rule: ${wordsOf(rule)}` : message.trim();
}

function wordsOf(rule: JsonObject): string {
  const message = asString(rule.message) ?? '';
  return (message === '' ? (asString(rule.rule) ?? '') : message).trim();
}

function problemOf(
  rule: JsonObject,
  field: string,
  value: unknown,
  schema: StructuralSchema,
  detail: string,
): SchemaProblem {
  // Whole objects and lists are not repeated.
  const isShown = schema.type !== 'object' && schema.type !== 'array';
  const shown = isShown ? `: ${printValue(value)}` : '';
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return forbiddenValue(field, detail);
    case 'FieldValueRequired':
      return requiredValue(field, detail);
    case 'FieldValueDuplicate':
      return { reason: 'FieldValueDuplicate', message: `Duplicate value${shown}`, field };
    default:
      return { reason: 'FieldValueInvalid', message: `Invalid value${shown}: ${detail}`, field };
  }
}

/** `.a['b']` below `spec` is `spec.a.b`. */
function placeOf(path: string, fieldPath: string): string {
  const steps = fieldPath.replace(/\['((?:\\.|[^'\\])*)'\]/g, '.$1').replace(/^\./, '');
  if (steps === '') return path === '' ? noField : path;
  return path === '' ? steps : `${path}.${steps}`;
}

function describeFailure(error: unknown, rule: string): string {
  if (error instanceof CostExceededError) {
    return `'${error.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`;
  }
  if (!(error instanceof Error)) throw error;
  const { code, summary } = isExpressionError(error) ? error : { code: '', summary: error.message };
  if (code === 'no_such_overload' || code === 'no_matching_overload') {
    return `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: ${rule}`;
  }
  const words = summary.replace(/^No such key: index out of bounds, index (-?\d+).*$/, 'index out of bounds: $1');
  return `${words.slice(0, 1).toLowerCase()}${words.slice(1)} evaluating rule: ${rule}`;
}
