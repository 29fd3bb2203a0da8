import type { Environment, ParseError } from '@marcbachmann/cel-js';
import { asObject, asObjectList, asString, type JsonObject } from '../json.ts';
import { invalidValue, printInOrder, type SchemaProblem } from '../schema/schema-problems.ts';
import { StructuralSchema } from '../schema/structural-schema.ts';
import { celEnvironment } from './cel-environment.ts';
import { usesOldSelf } from './compile-expression.ts';
import { declareSchema } from './declare-schema.ts';
import { describeCompileError } from './describe-compile-error.ts';
import { withOwnFunctions } from './with-own-functions.ts';

/**
 * Checks the expressions of `x-kubernetes-validations` in a schema that is otherwise right against the types that it
 * declares (apiextensions.k8s.io/v1 ValidationRule). Costs are not estimated: they are bounded where rules run.
 */
export function checkExpressions(schema: JsonObject, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  visit(schema, path, { isResource: true, uncorrelated: undefined }, problems);
  return problems;
}

interface Around {
  readonly isResource: boolean;
  /** The list inside which no old value belongs to a new one. */
  readonly uncorrelated: string | undefined;
}

function visit(schema: JsonObject, path: string, around: Around, problems: SchemaProblem[]): void {
  const below = { ...around, isResource: false };
  const inside = (child: JsonObject): Around => ({
    ...below,
    isResource: child['x-kubernetes-embedded-resource'] === true,
  });
  const additional = asObject(schema.additionalProperties);
  if (additional !== undefined) visit(additional, `${path}.additionalProperties`, inside(additional), problems);
  for (const [name, property] of Object.entries(asObject(schema.properties) ?? {})) {
    const child = asObject(property) ?? {};
    visit(child, `${path}.properties[${name}]`, inside(child), problems);
  }
  const items = asObject(schema.items);
  if (items !== undefined) {
    const isMap = schema['x-kubernetes-list-type'] === 'map';
    const uncorrelated = around.uncorrelated ?? (isMap ? undefined : path);
    visit(items, `${path}.items`, { ...inside(items), uncorrelated }, problems);
  }
  const rules = asObjectList(schema['x-kubernetes-validations']);
  if (rules.length > 0) problems.push(...checkRules(schema, rules, path, around));
}

function checkRules(schema: JsonObject, rules: readonly JsonObject[], path: string, around: Around): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const text = rules.map((rule) => `${asString(rule.rule) ?? ''} ${asString(rule.messageExpression) ?? ''}`).join(' ');
  const environments = new Map<boolean, Environment | undefined>();
  const environmentFor = (isOldOptional: boolean): Environment | undefined => {
    if (!environments.has(isOldOptional)) {
      environments.set(isOldOptional, declare(schema, text, around.isResource, isOldOptional));
    }
    return environments.get(isOldOptional);
  };
  for (const [at, rule] of rules.entries()) {
    const place = `${path}.x-kubernetes-validations[${at}]`;
    const source = asString(rule.rule) ?? '';
    const environment = environmentFor(rule.optionalOldSelf === true);
    if (environment === undefined) continue;
    const why = problemOf(
      environment,
      source,
      'bool',
      'cel expression must evaluate to a bool',
      'compilation failed: ',
    );
    if (why !== undefined) problems.push(refuse(`${place}.rule`, rule, why));
    const message = asString(rule.messageExpression) ?? '';
    if (why === undefined && message.trim() !== '') {
      const words = 'messageExpression must evaluate to a string';
      const whyNot = problemOf(environment, message, 'string', words, 'messageExpression compilation failed: ');
      if (whyNot !== undefined) problems.push(refuse(`${place}.messageExpression`, rule, whyNot));
    }
    if (why === undefined && usesOldSelf(source)) {
      if (around.uncorrelated !== undefined) {
        const words = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${around.uncorrelated}`;
        problems.push(invalidValue(`${place}.rule`, source, words));
      }
    } else if (rule.optionalOldSelf !== undefined && rule.optionalOldSelf !== null) {
      const words = 'may not be set if oldSelf is not used in rule';
      problems.push(invalidValue(`${place}.optionalOldSelf`, rule.optionalOldSelf, words));
    }
  }
  return problems;
}

/** Undefined for what expressions cannot see. */
function declare(
  schema: JsonObject,
  text: string,
  isResource: boolean,
  isOldOptional: boolean,
): Environment | undefined {
  const environment = celEnvironment();
  const type = declareSchema(environment, new StructuralSchema(schema), text, isResource);
  if (type === undefined) return undefined;
  return environment
    .registerVariable('self', type)
    .registerVariable('oldSelf', isOldOptional ? `optional<${type}>` : type);
}

function problemOf(
  environment: Environment,
  source: string,
  wanted: string,
  otherwise: string,
  prefix: string,
): string | undefined {
  const { valid, type, error } = environment.check(withOwnFunctions(source));
  if (valid) return type === wanted ? undefined : otherwise;
  return `${prefix}${describeCompileError(error as ParseError, source)}`;
}

/** The rule is repeated as a whole, its members in the order of their declaration. */
function refuse(field: string, rule: JsonObject, detail: string): SchemaProblem {
  const members = {
    Rule: rule.rule ?? '',
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${printInOrder(members)}: ${detail}`, field };
}
