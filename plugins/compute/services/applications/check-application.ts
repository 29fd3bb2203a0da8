import { descriptionText } from 'longshore/plugins/core';
import { checkText, type Profile, type TextRule, type ValidationIssue } from 'longshore/sdk';
import {
  applicationFields,
  applicationRequiredFields,
  applicationScopes,
  applicationTechStackVersion,
} from '../../profile-keys/applications.ts';
import { applicationName } from '../../profile-keys/names.ts';

type Given<T> = T | null | undefined;

/** What somebody says of an application; what is undefined is not said. */
export interface SaidOfApplication {
  readonly name?: Given<string>;
  readonly alias?: Given<string>;
  readonly description?: Given<string>;
  readonly owner?: Given<string>;
  readonly techStack?: Given<string>;
  readonly techStackVersion?: Given<string>;
  readonly hasCodeRepository?: Given<boolean>;
  readonly hasOtherInformation?: Given<boolean>;
}

const oneLine = (max: number): TextRule => ({
  min: 0,
  max,
  pattern: '^[^\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}]*$',
  says: 'one line without control characters',
  examples: ['Shop', '商店'],
});

/** What no profile allows. */
export function checkApplication(said: SaidOfApplication): readonly ValidationIssue[] {
  const texts = [
    ['alias', said.alias, 128],
    ['description', said.description, 4_096],
    ['owner', said.owner, 253],
    ['techStack', said.techStack, 64],
    ['techStackVersion', said.techStackVersion, 64],
  ] as const;
  return texts.flatMap(([name, text, max]) => (text ? checkText(oneLine(max), name, text) : []));
}

/** Which field of the input each word of `application.fields` stands for. */
const fieldsOfWords = {
  ALIAS: ['alias'],
  DESCRIPTION: ['description'],
  OWNER: ['owner'],
  TECH_STACK: ['techStack', 'techStackVersion'],
  CODE_REPOSITORY: ['hasCodeRepository'],
  OTHER_INFORMATION: ['hasOtherInformation'],
} as const satisfies Readonly<Record<string, readonly (keyof SaidOfApplication)[]>>;

type Word = keyof typeof fieldsOfWords;

/** What the profile of its place does not allow (CMP-37, CMP-38, CORE-34). `isNew` asks for what is required as well. */
export function checkApplicationByProfile(
  profile: Profile,
  said: SaidOfApplication,
  { isNew }: { readonly isNew: boolean },
): readonly ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const allowed: readonly Word[] = profile.get(applicationFields);
  const required: readonly Word[] = profile.get(applicationRequiredFields);
  for (const [word, fields] of Object.entries(fieldsOfWords) as [Word, readonly (keyof SaidOfApplication)[]][]) {
    for (const field of fields) {
      const value = said[field];
      if (allowed.includes(word) || value === undefined || value === null || value === '') continue;
      const message = `${field} is not said of an application by the profile '${profile.name}'`;
      issues.push({ path: [field], code: 'not_allowed', message });
    }
    const [first] = fields;
    const isMissing = isNew
      ? !said[first as keyof SaidOfApplication]
      : isCleared(said[first as keyof SaidOfApplication]);
    if (first && required.includes(word) && isMissing) {
      issues.push({
        path: [first],
        code: 'required',
        message: `${first} is required by the profile '${profile.name}'`,
      });
    }
  }
  if (said.name) issues.push(...checkText(profile.get(applicationName), 'name', said.name));
  if (said.description) issues.push(...checkText(profile.get(descriptionText), 'description', said.description));
  return [...issues, ...checkTechStack(profile, said)];
}

const isCleared = (value: unknown): boolean => value === null || value === '';

function checkTechStack(profile: Profile, { techStack, techStackVersion }: SaidOfApplication): ValidationIssue[] {
  const version = profile.get(applicationTechStackVersion);
  if (techStackVersion && techStack === null) {
    return [{ path: ['techStackVersion'], code: 'no_tech_stack', message: 'techStackVersion needs a techStack' }];
  }
  if (version === null || !techStack || techStackVersion === version) return [];
  const message = `techStackVersion must be ${version} to run in containers by the profile '${profile.name}', got ${JSON.stringify(techStackVersion ?? null)}`;
  return [{ path: ['techStackVersion'], code: 'tech_stack_version', message }];
}

/** Whether applications are offered for one namespace, or for a workspace. */
export function checkApplicationScope(profile: Profile, scope: 'NAMESPACE' | 'WORKSPACE'): readonly ValidationIssue[] {
  if ((profile.get(applicationScopes) as readonly string[]).includes(scope)) return [];
  const [path, wanted] =
    scope === 'NAMESPACE'
      ? ['namespace', 'a workspace: say workspaceId']
      : ['workspaceId', 'one namespace: say cluster and namespace'];
  return [
    {
      path: [path as string],
      code: 'scope_not_offered',
      message: `By the profile '${profile.name}' an application is of ${wanted}`,
    },
  ];
}
