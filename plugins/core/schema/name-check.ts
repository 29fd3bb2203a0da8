import {
  checkText,
  describeTextRule,
  type LongshoreBuilder,
  type NameCheck,
  type NamePlace,
  NotFoundError,
  type RequestContext,
  RequestError,
  registerQuery,
  registryOf,
  type TextRule,
  typeRef,
  type ValidationIssue,
  validationIssueRef,
} from 'longshore/sdk';

interface CheckedName {
  readonly rule: TextRule;
  readonly isTaken: boolean;
  readonly issues: readonly ValidationIssue[];
}

/** Whether a name is usable, before a form is sent (CORE-36): by the same rules that the mutation then obeys. */
export function registerNameCheck(builder: LongshoreBuilder): void {
  const { nameChecks } = registryOf(builder);
  const thing = builder.enumType('NamedThing', {
    description: 'What can get a name. Plugins add their own.',
    values: Object.fromEntries([...nameChecks].map(([name, { description }]) => [name, { description }])),
  });
  registerQuery(builder, {
    name: 'nameCheck',
    description:
      'Whether a name is usable for something that is yet to be made: by the rules of the profile of its place, and by what has the name there already, as far as you see it. BAD_USER_INPUT where the place is not told.',
    allow: { public: 'Tells rules that everybody may know, and of what the caller sees anyway' },
    type: registerCheckedName(builder),
    args: (t) => ({
      of: t({ type: thing, required: true, description: 'What shall get the name.' }),
      name: t.string({ required: true, description: 'The name.' }),
      cluster: t.string({ description: 'Name of the cluster where it shall be, for what lies in one.' }),
      namespace: t.string({ description: 'Its namespace, for what lies in one.' }),
      parentId: t.id({
        description:
          'What it shall be in, where that is there already: the ConfigMap of a key, the workspace of a project.',
      }),
    }),
    resolve: async ({ of, name, cluster, namespace, parentId }, context) => {
      const check = nameChecks.get(String(of));
      if (!check) throw new Error(`name-check-missing ${String(of)}`);
      const place = {
        cluster: cluster ?? undefined,
        namespace: namespace ?? undefined,
        parentId: parentId === null || parentId === undefined ? undefined : String(parentId),
      };
      const missing = check.needs?.find((part) => place[part] === undefined);
      if (missing !== undefined) throw new RequestError('BAD_USER_INPUT', `The name of a ${check.of} needs ${missing}`);
      return checkName(check, name, place, context);
    },
  });
}

async function checkName(
  { rule: given, isTaken }: NameCheck,
  name: string,
  place: NamePlace,
  context: RequestContext,
): Promise<CheckedName> {
  const rule = 'schema' in given ? context.services.profiles.at(place).get(given) : given;
  const issues = checkText(rule, 'name', name);
  if (issues.length > 0) return { rule, isTaken: false, issues };
  const taken = (await whereSeen(() => isTaken?.(name, place, context))) ?? false;
  const message = `${JSON.stringify(name)} is taken already`;
  return { rule, isTaken: taken, issues: taken ? [{ path: ['name'], code: 'taken', message }] : [] };
}

/** In a place that the caller does not see nothing has a name. */
async function whereSeen(ask: () => boolean | undefined | Promise<boolean | undefined>): Promise<boolean | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

function registerCheckedName(builder: LongshoreBuilder) {
  const checked = typeRef<CheckedName>('NameCheck');
  builder.objectType(checked, {
    description: 'Whether a name is usable.',
    fields: (t) => ({
      isUsable: t.boolean({
        description: 'Whether it may be used: by the rules, and because nothing that you see has it.',
        resolve: ({ issues }) => issues.length === 0,
      }),
      isTaken: t.boolean({
        description: 'Whether something that you see has it already; false for what the rules forbid anyway.',
        resolve: (row) => row.isTaken,
      }),
      rule: t.string({ description: 'The rules in words.', resolve: ({ rule }) => describeTextRule(rule) }),
      issues: t.field({
        type: [validationIssueRef],
        description: 'What is wrong with it; empty where it is usable.',
        resolve: ({ issues }) => [...issues],
      }),
    }),
  });
  return checked;
}
