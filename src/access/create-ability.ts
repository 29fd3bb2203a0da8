import { Ability } from '@casl/ability';
import { type GrantedCondition, type GrantedRule, holdsFor } from './granted-rule.ts';
import type { ProfileValues } from './profile-values.ts';
import type { SubjectFacts } from './subject-facts.ts';

const anyAction = 'ALL';
const anySubject = 'ALL';

/**
 * The field that stands for "the whole instance". No rule can name it, so a rule for single fields never answers a
 * question about the whole: asked without a field, the library would say yes as soon as any field is granted.
 */
const wholeInstance = '*';

/** What the rest of this room needs of the library. Everything else asks through `Access.allowed`. */
export interface GrantedAbility {
  allows(action: string, facts: SubjectFacts, field: string | undefined): boolean;
  /** The conditions of the rules that could grant this; undefined stands for "without condition". */
  conditions(action: string, subject: string, field: string | undefined): readonly (GrantedCondition | undefined)[];
}

/** Rules into an ability. Conditions are matched over facts; the library never sees (or brands) an object of the cache. */
export function createAbility(rules: readonly GrantedRule[], profileValues: ProfileValues): GrantedAbility {
  const ability = new Ability<[string, SubjectFacts | string], GrantedCondition>(
    rules.map((rule) => ({
      action: rule.actions === 'ALL' ? anyAction : [...rule.actions],
      subject: rule.subjects === 'ALL' ? anySubject : [...rule.subjects],
      ...(rule.fields && { fields: [...rule.fields] }),
      ...(rule.condition && { conditions: rule.condition }),
    })),
    {
      anyAction,
      anySubjectType: anySubject,
      conditionsMatcher: (condition) => {
        const holds = holdsFor(condition, profileValues);
        return (facts) => holds(facts as SubjectFacts);
      },
      // Exact names; the library's own matcher would read `*` and `**` as patterns.
      fieldMatcher: (fields) => (field) => fields.includes(field),
      detectSubjectType: (facts) => facts.subject,
    },
  );

  return {
    allows: (action, facts, field) => ability.can(action, facts, field ?? wholeInstance),
    conditions: (action, subject, field) =>
      ability
        .rulesFor(action, subject, field ?? wholeInstance)
        .filter((rule) => rule.matchesField(field ?? wholeInstance))
        .map((rule) => rule.conditions)
        .filter((condition) => !condition?.exceptSubjects?.includes(subject))
        .map(withoutExceptions),
  };
}

/** Of a subject that is not excepted the rest of the condition is all there is to say. */
function withoutExceptions(condition: GrantedCondition | undefined): GrantedCondition | undefined {
  if (condition?.exceptSubjects === undefined) return condition;
  const { exceptSubjects: _others, ...rest } = condition;
  return rest;
}
