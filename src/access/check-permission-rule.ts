import { membershipRanks, type Role, roles } from '../kernel/principal.ts';
import type { PermissionRule } from './permission-rule.ts';

/**
 * Throws where a rule reads strict but would grant more than it says, or grants nothing for ever. `{}`, `null` and an
 * empty list are refused rather than given a meaning: in other systems each has silently meant "everything".
 */
export function checkPermissionRule(rule: PermissionRule, plugin: string, actions: ReadonlySet<string>): void {
  const refuse = (what: string): never => {
    throw new Error(`Plugin '${plugin}' has a permission that ${what}: ${JSON.stringify(rule)}`);
  };

  if (rule.roles.length === 0) refuse('names no role');
  for (const role of rule.roles) {
    if (!roles.includes(role satisfies Role)) refuse(`names the unknown role '${role}'`);
  }
  if (rule.actions !== 'ALL') {
    if (rule.actions.length === 0) refuse('names no action');
    for (const action of rule.actions) {
      if (!actions.has(action)) refuse(`names the action '${action}', which no plugin declares`);
    }
  }
  if (rule.subjects !== 'ALL') {
    if (rule.subjects.length === 0) refuse('names no subject');
    for (const subject of rule.subjects) {
      if (!/^[a-z0-9][a-z0-9.-]*\/[A-Za-z][A-Za-z0-9]*$/.test(subject)) {
        refuse(`names the subject '${subject}'; a subject is written group/Kind`);
      }
    }
  }
  if ('fields' in rule && rule.fields !== undefined) {
    if (!Array.isArray(rule.fields) || rule.fields.length === 0) refuse('has an empty list of fields');
    if (rule.fields.some((field) => !/^[_A-Za-z][_0-9A-Za-z]*$/.test(field))) refuse('has a field that is no name');
  }
  if ('where' in rule && rule.where !== undefined) checkCondition(rule.where, refuse);
}

function checkCondition(where: NonNullable<PermissionRule['where']>, refuse: (what: string) => never): void {
  if (where === 'namespaces' || where === 'own') return;
  if (typeof where !== 'object' || where === null) refuse('has a condition that is none');
  const unknown = Object.keys(where).find((key) => !conditionKeys.has(key));
  if (unknown !== undefined) refuse(`has the unknown condition '${unknown}'`);
  const facts = Object.entries(where.facts ?? {});
  const { member, tenantKind } = where;
  if (member !== undefined && !membershipRanks.includes(member)) refuse(`asks for the unknown membership '${member}'`);
  if (tenantKind !== undefined && (member === undefined || !/^[a-z]+$/.test(tenantKind))) {
    refuse(`names the kind of tenant '${tenantKind}' in vain`);
  }
  if (where.namespaces !== true && where.own !== true && member === undefined && facts.length === 0) {
    refuse('has an empty condition');
  }
  for (const [name, values] of facts) {
    if (values === undefined || values === null) refuse(`compares the fact '${name}' with nothing`);
    if (Array.isArray(values) && values.length === 0) refuse(`compares the fact '${name}' with nothing`);
  }
}

const conditionKeys: ReadonlySet<string> = new Set(['namespaces', 'own', 'facts', 'member', 'tenantKind']);
