import { didYouMean } from '../config/nearest-word.ts';
import { membershipRanks } from '../kernel/principal.ts';
import { conditionOf } from './granted-rule.ts';
import type { PermissionRule } from './permission-rule.ts';
import { isReading, type ProfileSwitch } from './profile-switches.ts';
import type { Roles } from './roles.ts';

/** The words that rules may use. */
export interface KnownWords {
  readonly actions: ReadonlySet<string>;
  readonly roles: Pick<Roles, 'has' | 'all'>;
  readonly profileKeys: ReadonlySet<string>;
}

type Refuse = (what: string) => never;

/**
 * Throws where a rule reads strict but would grant more than it says, or grants nothing for ever; `at` begins the
 * sentence. `{}`, `null` and an empty list are refused rather than given a meaning: in other systems each has silently
 * meant "everything".
 */
export function checkPermissionRule(rule: PermissionRule, at: string, words: KnownWords): void {
  const refuse = refuseWith(at, rule);
  if (rule.roles.length === 0) refuse('names no role');
  for (const role of rule.roles) {
    if (!words.roles.has(role)) {
      refuse(
        `names the unknown role '${role}'${didYouMean(
          role,
          words.roles.all.map(({ name }) => name),
        )}`,
      );
    }
  }
  if (rule.actions !== 'ALL') checkActions(rule.actions, words, refuse);
  if (rule.subjects !== 'ALL') checkSubjects(rule.subjects, refuse);
  if ('fields' in rule && rule.fields !== undefined) {
    if (!Array.isArray(rule.fields) || rule.fields.length === 0) refuse('has an empty list of fields');
    if (rule.fields.some((field) => !/^[_A-Za-z][_0-9A-Za-z]*$/.test(field))) refuse('has a field that is no name');
  }
  if ('where' in rule && rule.where !== undefined) checkCondition(rule, words, refuse);
}

/** Throws where a switch could hide something, or turns nothing. */
export function checkProfileSwitch(given: ProfileSwitch, at: string, words: KnownWords): void {
  const refuse = refuseWith(at, given);
  if (given.actions !== 'CHANGES') {
    checkActions(given.actions, words, refuse);
    const reading = given.actions.find(isReading);
    if (reading !== undefined) refuse(`switches '${reading}' off; a profile hides nothing`);
  }
  checkSubjects(given.subjects, refuse);
  checkProfileKey(given.key, words, refuse);
}

function refuseWith(at: string, given: object): Refuse {
  return (what) => {
    throw new Error(`${at} ${what}: ${JSON.stringify(given)}`);
  };
}

function checkActions(actions: readonly string[], words: KnownWords, refuse: Refuse): void {
  if (actions.length === 0) refuse('names no action');
  for (const action of actions) {
    if (!words.actions.has(action)) {
      refuse(`names the action '${action}', which no plugin declares${didYouMean(action, words.actions)}`);
    }
  }
}

function checkSubjects(subjects: readonly string[], refuse: Refuse): void {
  if (subjects.length === 0) refuse('names no subject');
  for (const subject of subjects) {
    if (!/^[a-z0-9][a-z0-9.-]*\/[A-Za-z][A-Za-z0-9]*$/.test(subject)) {
      refuse(`names the subject '${subject}'; a subject is written group/Kind`);
    }
  }
}

function checkProfileKey(key: string, words: KnownWords, refuse: Refuse): void {
  if (words.profileKeys.has(key)) return;
  refuse(`names the profile key '${key}', which no plugin declares${didYouMean(key, words.profileKeys)}`);
}

function checkCondition(rule: PermissionRule, words: KnownWords, refuse: Refuse): void {
  if (rule.where === 'namespaces' || rule.where === 'own') return;
  if (typeof rule.where !== 'object' || rule.where === null) refuse('has a condition that is none');
  const where = conditionOf(rule);
  const unknown = Object.keys(where).find((key) => !conditionKeys.has(key));
  if (unknown !== undefined) refuse(`has the unknown condition '${unknown}'`);
  const { member, tenantKind, principalIn, facts = {}, profile = {} } = where;
  if (member !== undefined && !membershipRanks.includes(member)) refuse(`asks for the unknown membership '${member}'`);
  if (tenantKind !== undefined && (member === undefined || !/^[a-z]+$/.test(tenantKind))) {
    refuse(`names the kind of tenant '${tenantKind}' in vain`);
  }
  if (principalIn !== undefined) {
    if (!Array.isArray(principalIn) || principalIn.length === 0) refuse('looks for the principal on no list');
    if (principalIn.some((list) => !/^[_A-Za-z][_0-9A-Za-z]*$/.test(list)))
      refuse('has a list of people that is no name');
  }
  const compared = [...Object.entries(facts), ...Object.entries(profile)];
  const isPlaced = where.namespaces === true || where.own === true || member !== undefined;
  if (!isPlaced && principalIn === undefined && compared.length === 0) refuse('has an empty condition');
  for (const [name, values] of compared) {
    if (values === undefined || values === null) refuse(`compares the fact '${name}' with nothing`);
    if (Array.isArray(values) && values.length === 0) refuse(`compares the fact '${name}' with nothing`);
  }
  for (const key of Object.keys(profile)) checkProfileKey(key, words, refuse);
  // Lists become filters once, and a profile may be another one later.
  if (Object.keys(profile).length > 0 && (rule.actions === 'ALL' || rule.actions.some(isReading))) {
    refuse('lets a profile decide what may be read');
  }
}

const conditionKeys: ReadonlySet<string> = new Set([
  'namespaces',
  'own',
  'facts',
  'member',
  'tenantKind',
  'principalIn',
  'profile',
]);
